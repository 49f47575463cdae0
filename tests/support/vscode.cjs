// As much of the API of VS Code as the extension uses. `editor(folder, settings)` is a window with that folder.
"use strict";
const Module = require("node:module");
const path = require("node:path");
const { pathToFileURL } = require("node:url");

class Emitter {
  #heard = [];
  event = (listener) => {
    this.#heard.push(listener);
    return { dispose() {} };
  };
  fire(value) {
    for (const listener of this.#heard) listener(value);
  }
  dispose() {}
}

const vscode = {
  EventEmitter: Emitter,
  Range: class {
    constructor(...numbers) {
      this.toJSON = () => numbers;
    }
  },
  Diagnostic: class {
    constructor(range, message, severity) {
      Object.assign(this, { range, message, severity });
    }
  },
  CompletionItem: class {
    constructor(label, kind) {
      Object.assign(this, { label, kind });
    }
  },
  MarkdownString: class {
    constructor(value) {
      this.value = value;
    }
  },
  Hover: class {
    constructor(contents) {
      this.contents = contents;
    }
  },
  Location: class {
    constructor(uri, range) {
      Object.assign(this, { uri, range });
    }
  },
  CodeLens: class {
    constructor(range, command) {
      Object.assign(this, { range, command });
    }
  },
  Uri: { parse: (text) => uriOf(text) },
};

function uriOf(text) {
  const { protocol, pathname } = new URL(text);
  return { scheme: protocol.slice(0, -1), path: decodeURIComponent(pathname), toString: () => text, toJSON: () => text };
}

function editor(folder, settings) {
  const [opened, changed, closed, configured] = [new Emitter(), new Emitter(), new Emitter(), new Emitter()];
  const told = new Emitter();
  const ide = { context: { subscriptions: [] }, providers: {}, commands: {}, messages: [] };
  const waiting = new Map();
  const found = new Map();
  const register = (name) => (selector, provider) => {
    ide.providers[name] = provider;
    return { dispose() {} };
  };
  const show = (kind) => async (...words) => {
    ide.messages.push([kind, ...words]);
    told.fire();
  };
  vscode.window = {
    showErrorMessage: show("showErrorMessage"),
    showWarningMessage: show("showWarningMessage"),
    showInformationMessage: show("showInformationMessage"),
    createOutputChannel: () => ({ appendLine() {}, dispose() {} }),
  };
  vscode.commands = {
    registerCommand(name, action) {
      ide.commands[name] = action;
      return { dispose() {} };
    },
  };
  vscode.languages = {
    registerCompletionItemProvider: register("completion"),
    registerHoverProvider: register("hover"),
    registerDefinitionProvider: register("definition"),
    registerCodeLensProvider: register("lenses"),
    createDiagnosticCollection: () => ({
      set(uri, diagnostics) {
        const name = uri.toString();
        found.set(name, [...(found.get(name) ?? []), diagnostics]);
        waiting.get(name)?.();
      },
      clear() {},
      dispose() {},
    }),
  };
  vscode.workspace = {
    textDocuments: [],
    workspaceFolders: [{ uri: { fsPath: folder } }],
    getConfiguration: () => ({ get: (name) => settings[name] }),
    onDidOpenTextDocument: opened.event,
    onDidChangeTextDocument: changed.event,
    onDidCloseTextDocument: closed.event,
    onDidChangeConfiguration: configured.event,
  };
  ide.open = (name, given) => {
    let text = given;
    const uri = uriOf(pathToFileURL(path.join(folder, name)).href);
    const document = { uri, languageId: "markdown", version: 1, getText: () => text };
    document.change = (now) => {
      text = now;
      document.version++;
      changed.fire({ document });
    };
    document.close = () => closed.fire(document);
    vscode.workspace.textDocuments.push(document);
    opened.fire(document);
    return document;
  };
  // The next diagnostics of a document that were not asked for yet.
  ide.diagnostics = async (document) => {
    const name = document.uri.toString();
    if (!found.get(name)?.length) await new Promise((resolve) => waiting.set(name, resolve));
    return found.get(name).shift();
  };
  ide.message = () => ide.messages.length || new Promise((resolve) => told.event(resolve));
  return ide;
}

const load = Module._load;
Module._load = (name, ...others) => (name === "vscode" ? vscode : load(name, ...others));

module.exports = { editor, vscode };
