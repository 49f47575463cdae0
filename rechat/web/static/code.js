// Code with its colours and a button to copy it. One small scanner for all languages: comments,
// strings, numbers and the words that most of them share. Each text is walked once.

import { button, copy, h } from "./dom.js";

const LONGEST = 40_000;
const WORDS = new Set(
  ("and as async await break case catch class const continue def default defer del do elif else end enum except export extends false " +
   "False final finally fn for from func function go if impl import in interface is lambda let match mod mut new nil None not null or " +
   "package pass private protected pub public raise return self static struct super switch this throw throws trait true True try type " +
   "typeof undefined use var void where while with yield SELECT FROM WHERE JOIN ON GROUP ORDER BY INSERT INTO VALUES UPDATE SET LIMIT").split(" "),
);
const HASHES = /^(py|python|sh|bash|zsh|shell|console|yaml|yml|toml|rb|ruby|perl|r|make|makefile|dockerfile|conf|ini)$/;
const SLASHES = "\\/\\/[^\\n]*|\\/\\*(?:[^*]|\\*(?!\\/))*(?:\\*\\/)?";
const REST = "|(\"(?:[^\"\\\\\\n]|\\\\.)*\"?|'(?:[^'\\\\\\n]|\\\\.)*'?|`(?:[^`\\\\]|\\\\.)*`?)|\\b(\\d[\\w.]*)|([A-Za-z_]\\w*)";

export function highlighted(text, language = "") {
  if (text.length > LONGEST || language === "text") return [text];
  const comments = HASHES.test(language) ? "#[^\\n]*" : /^(sql|lua|haskell|hs)$/.test(language) ? "--[^\\n]*" : SLASHES;
  const tokens = new RegExp(`(${language === "json" ? "(?!)" : comments})${REST}`, "g");
  const made = [];
  let end = 0;
  for (const match of text.matchAll(tokens)) {
    const [whole, comment, string, number, word] = match;
    const kind = comment ? "c" : string ? (/^\s*:/.test(text.slice(match.index + whole.length, match.index + whole.length + 3)) ? "k" : "s") : number ? "n" : word && WORDS.has(word) ? "w" : "";
    if (!kind) continue;
    made.push(text.slice(end, match.index), h("span", { class: `c-${kind}` }, whole));
    end = match.index + whole.length;
  }
  return [...made, text.slice(end)];
}

export const code = (text, language = "", label = "code") =>
  h("div", { class: "code" },
    h("pre", { tabIndex: 0, role: "region", "aria-label": label }, h("code", {}, ...highlighted(text, language))),
    button("Copy", () => copy(text, label), { class: "copy", "aria-label": `Copy ${label}` }));

// The blocks of code in a text that the server rendered.
export function dress(element) {
  for (const inner of element.querySelectorAll("pre > code")) {
    const language = /language-([\w+#.-]+)/.exec(inner.className)?.[1]?.toLowerCase() ?? "";
    inner.parentElement.replaceWith(code(inner.textContent.replace(/\n$/, ""), language, language ? `${language} code` : "code"));
  }
  for (const table of element.querySelectorAll("table")) {
    const around = h("div", { class: "table", tabIndex: 0, role: "group", "aria-label": "table" });
    table.replaceWith(around);
    around.append(table);
  }
  return element;
}
