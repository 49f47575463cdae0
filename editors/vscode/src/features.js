// Converts the results of the language server to VS Code's types.
"use strict";

const vscode = require("vscode");

const TRIGGERS = ["#", " ", ",", "(", ":"];

/** The providers, each of which calls the server by `ask(method, params)`. */
class Features {
  #ask;
  #found = vscode.languages.createDiagnosticCollection("rechat");
  #lensesChanged = new vscode.EventEmitter();

  constructor(ask) {
    this.#ask = ask;
  }

  register(selector) {
    const { languages } = vscode;
    const lenses = {
      onDidChangeCodeLenses: this.#lensesChanged.event,
      provideCodeLenses: (document) => this.#lenses(document),
    };
    return [
      languages.registerCompletionItemProvider(
        selector,
        { provideCompletionItems: (document, position) => this.#completions(document, position) },
        ...TRIGGERS,
      ),
      languages.registerHoverProvider(selector, { provideHover: (...at) => this.#hover(...at) }),
      languages.registerDefinitionProvider(selector, { provideDefinition: (...at) => this.#definition(...at) }),
      languages.registerCodeLensProvider(selector, lenses),
    ];
  }

  publish({ uri, diagnostics }) {
    const found = diagnostics.map(({ range, message, severity, source, code }) => {
      const diagnostic = new vscode.Diagnostic(rangeOf(range), message, severity - 1);
      return Object.assign(diagnostic, { source, code });
    });
    this.#found.set(vscode.Uri.parse(uri), found);
  }

  refresh() {
    this.#lensesChanged.fire();
  }

  clear() {
    this.#found.clear();
    this.refresh();
  }

  dispose() {
    this.#found.dispose();
    this.#lensesChanged.dispose();
  }

  async #at(method, document, position, nothing) {
    const { line, character } = position;
    const textDocument = { uri: document.uri.toString() };
    return this.#quietly(method, { textDocument, position: { line, character } }, nothing);
  }

  // Without a running server there is nothing to show; that it ended was reported.
  async #quietly(method, params, nothing) {
    try {
      return (await this.#ask(method, params)) ?? nothing;
    } catch {
      return nothing;
    }
  }

  async #completions(document, position) {
    const found = await this.#at("textDocument/completion", document, position, []);
    return found.map(({ label, kind, insertText }) => {
      const item = new vscode.CompletionItem(label, kind - 1);
      return Object.assign(item, { insertText });
    });
  }

  async #hover(document, position) {
    const told = await this.#at("textDocument/hover", document, position);
    return told && new vscode.Hover(new vscode.MarkdownString(told.contents.value));
  }

  async #definition(document, position) {
    const found = await this.#at("textDocument/definition", document, position);
    return found && new vscode.Location(vscode.Uri.parse(found.uri), rangeOf(found.range));
  }

  async #lenses(document) {
    const textDocument = { uri: document.uri.toString() };
    const found = await this.#quietly("textDocument/codeLens", { textDocument }, []);
    return found.map(({ range, command }) => new vscode.CodeLens(rangeOf(range), command));
  }
}

function rangeOf({ start, end }) {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

module.exports = { Features };
