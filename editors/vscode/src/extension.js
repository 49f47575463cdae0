// The extension: starts `rechat lsp` for the first open transcript, and shows its results.
"use strict";

const path = require("node:path");
const vscode = require("vscode");

const { Client } = require("./client.js");
const { Features } = require("./features.js");

const LANGUAGE = "markdown";
const SELECTOR = { language: LANGUAGE, scheme: "file" };
const MESSAGE = /^###?[ \t]*(?:system|developer|user|assistant|tool)\b/m;
const LEVELS = { 1: "showErrorMessage", 2: "showWarningMessage", 3: "showInformationMessage" };

let extension;

function activate(context) {
  extension = new Extension();
  const { workspace, commands } = vscode;
  context.subscriptions.push(
    extension,
    workspace.onDidOpenTextDocument((document) => extension.opened(document)),
    workspace.onDidChangeTextDocument(({ document }) => extension.changed(document)),
    workspace.onDidCloseTextDocument((document) => extension.closed(document)),
    workspace.onDidChangeConfiguration((event) => event.affectsConfiguration("rechat") && extension.restart()),
    commands.registerCommand("rechat.restart", () => extension.restart()),
    ...["rechat.ask", "rechat.accept"].map((command) =>
      commands.registerCommand(command, (...given) => extension.execute(command, given)),
    ),
    ...extension.features.register(SELECTOR),
  );
  for (const document of workspace.textDocuments) extension.opened(document);
}

function deactivate() {
  return extension?.stop();
}

function isOurs(document) {
  return document.languageId === LANGUAGE && document.uri.scheme === "file";
}

function isTranscript(document) {
  return document.uri.path.includes("/transcripts/") || MESSAGE.test(document.getText());
}

class Extension {
  #client;
  #ready;
  #isReady = false;
  #open = new Map();
  #log = vscode.window.createOutputChannel("rechat");
  features = new Features((method, params) => this.#ask(method, params));

  opened(document) {
    if (!isOurs(document)) return;
    this.#open.set(document.uri.toString(), document);
    if (this.#client) this.#tellOpened(document);
    else if (!this.#ready && isTranscript(document)) this.#start();
  }

  changed(document) {
    const uri = document.uri.toString();
    if (!this.#open.has(uri)) return;
    if (!this.#client) {
      // The document was other Markdown so far. A server that has failed is restarted by hand.
      if (!this.#ready && isTranscript(document)) this.#start();
      return;
    }
    const textDocument = { uri, version: document.version };
    this.#tell("textDocument/didChange", { textDocument, contentChanges: [{ text: document.getText() }] });
  }

  closed(document) {
    const uri = document.uri.toString();
    if (this.#open.delete(uri)) this.#tell("textDocument/didClose", { textDocument: { uri } });
  }

  async execute(command, given) {
    try {
      await this.#ask("workspace/executeCommand", { command, arguments: given });
    } catch (error) {
      vscode.window.showErrorMessage(`rechat: ${error.message}`);
    }
  }

  async restart() {
    await this.stop();
    this.#ready = undefined;
    if ([...this.#open.values()].some(isTranscript)) this.#start();
  }

  async stop() {
    const client = this.#client;
    this.#client = undefined;
    this.#isReady = false;
    this.features.clear();
    await client?.stop();
  }

  dispose() {
    this.features.dispose();
    this.#log.dispose();
  }

  #start() {
    const settings = vscode.workspace.getConfiguration("rechat");
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    const [program, ...words] = settings.get("command") ?? ["rechat"];
    const isPath = /[\\/]/.test(program) && folder;
    const command = [isPath ? path.resolve(folder, program) : program, ...words, "lsp"];
    const client = new Client(command, folder, {
      tell: (method, params) => this.#hear(method, params),
      end: (reason) => client === this.#client && this.#failed(command, reason),
    });
    this.#client = client;
    const target = settings.get("target");
    const initializationOptions = { port: settings.get("port"), ...(target ? { target } : {}) };
    const capabilities = { workspace: { codeLens: { refreshSupport: true } } };
    const asked = { processId: process.pid, rootUri: null, capabilities, initializationOptions };
    this.#ready = client.ask("initialize", asked);
    this.#ready.then(
      () => {
        client.tell("initialized", {});
        this.#isReady = client === this.#client;
        for (const document of this.#open.values()) this.#tellOpened(document);
      },
      () => {}, // it has ended, and that is told
    );
  }

  #tellOpened(document) {
    const uri = document.uri.toString();
    const textDocument = { uri, languageId: LANGUAGE, version: document.version, text: document.getText() };
    this.#tell("textDocument/didOpen", { textDocument });
  }

  async #failed(command, reason) {
    this.#client = undefined;
    this.#isReady = false;
    this.features.clear();
    this.#log.appendLine(`${command.join(" ")}: ${reason}`);
    const advice = "Install it with `uv tool install rechat`, or name it in the setting rechat.command.";
    const again = "Start again";
    const text = `rechat: the language server has ended: ${reason.split("\n").at(-1)}. ${advice}`;
    if ((await vscode.window.showErrorMessage(text, again)) === again) await this.restart();
  }

  // Once it is ready, all documents that are open then are sent to it.
  #tell(method, params) {
    if (this.#isReady) this.#client?.tell(method, params);
  }

  async #ask(method, params) {
    await this.#ready;
    if (!this.#client) throw new Error("the language server does not run");
    return this.#client.ask(method, params);
  }

  #hear(method, params) {
    switch (method) {
      case "textDocument/publishDiagnostics":
        this.features.publish(params);
        break;
      case "workspace/codeLens/refresh":
        this.features.refresh();
        break;
      case "window/showMessage":
        vscode.window[LEVELS[params.type] ?? LEVELS[3]](`rechat: ${params.message}`);
        break;
      case "window/logMessage":
        this.#log.appendLine(params.message);
        break;
    }
  }
}

module.exports = { activate, deactivate };
