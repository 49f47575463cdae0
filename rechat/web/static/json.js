// JSON that folds: a line for each member, objects and lists open on demand, the first levels at
// once. A text that is no JSON is shown as it is.

import { code } from "./code.js";
import { h } from "./dom.js";

const LONGEST = 300;
const MOST = 200;
const LARGEST = 400_000;

export function json(text, label = "JSON", depth = 2) {
  const value = parsed(text);
  return value === undefined ? code(text, text.length > LARGEST ? "text" : "json", label) : tree(value, label, depth);
}

// The value of a text; undefined if it has no members, or is too large to be shown one by one.
export function parsed(text) {
  if (text.length > LARGEST) return undefined;
  try {
    const value = JSON.parse(text, exactly);
    return isLeaf(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

export const tree = (value, label, depth) => h("div", { class: "json", role: "group", "aria-label": label }, node(value, depth));

export const isLeaf = (value) => value === null || typeof value !== "object" || value instanceof Digits;
export const leafText = (value) => (value instanceof Digits ? value.text : String(value));

// The element of the member at a path; its containers are expanded.
export function reveal(made, path) {
  let element = made.firstElementChild;
  for (const key of path) element = parts.get(element)(key);
  if (element.tagName === "DETAILS") element.open = true;
  for (const long of element.querySelectorAll(":scope > .long")) long.open = true;
  return element;
}
const parts = new WeakMap();

// A number keeps its digits: 12345678901234567890 and 1.0 are shown as they were sent.
function exactly(key, value, context) {
  return typeof value === "number" && context?.source ? new Digits(context.source) : value;
}
class Digits {
  constructor(text) { this.text = text; }
}

const name = (key) => (key === null ? "" : [h("span", { class: "c-k" }, JSON.stringify(key)), ": "]);

function node(value, depth, key = null) {
  if (isLeaf(value)) return h("div", { class: "leaf" }, name(key), leaf(value));
  const entries = Array.isArray(value) ? value.map((item, at) => [at, item]) : Object.entries(value);
  const [left, right] = Array.isArray(value) ? "[]" : "{}";
  if (!entries.length) return h("div", { class: "leaf" }, name(key), `${left}${right}`);
  const made = h("details", { open: depth > 0 && entries.length <= 60 });
  const hint = entries.length === 1 ? "1 item" : `${entries.length} items`;
  made.append(h("summary", {}, name(key), left, h("span", { class: "hint" }, ` ${preview(value) || hint} `), right));
  const members = new Map();
  const inner = h("div", { class: "members" });
  const more = () => {
    inner.querySelector(":scope > .more")?.remove();
    const from = members.size;
    for (const [at, item] of entries.slice(from, from + MOST)) {
      members.set(at, node(item, depth - 1, Array.isArray(value) ? null : at));
      inner.append(members.get(at));
    }
    const rest = entries.length - members.size;
    if (rest) inner.append(h("button", { type: "button", class: "more", onclick: () => { more(); (inner.querySelector(":scope > .more") ?? made.firstElementChild).focus(); } }, `${rest.toLocaleString()} more`));
  };
  const fill = () => {
    if (members.size) return;
    more();
    made.append(inner);
  };
  if (made.open) fill();
  made.addEventListener("toggle", fill);
  parts.set(made, (at) => {
    made.open = true;
    fill();
    while (!members.has(at)) more();
    return members.get(at);
  });
  return made;
}

function preview(value) {
  if (Array.isArray(value)) return "";
  const told = ["type", "role", "name", "id", "model"].filter((key) => typeof value[key] === "string").map((key) => value[key]);
  return told.slice(0, 3).join(" · ").slice(0, 60);
}

function leaf(value) {
  if (value instanceof Digits) return h("span", { class: "c-n" }, value.text);
  if (typeof value !== "string") return h("span", { class: value === null || typeof value === "boolean" ? "c-w" : "c-n" }, String(value));
  const shown = JSON.stringify(value);
  if (value.length <= LONGEST && !value.includes("\n")) return h("span", { class: "c-s" }, shown);
  const first = value.split("\n", 1)[0].slice(0, 80);
  return h("details", { class: "long" },
    h("summary", {}, h("span", { class: "c-s" }, JSON.stringify(first).slice(0, -1), "…\""), h("span", { class: "hint" }, ` ${value.length.toLocaleString()} characters`)),
    h("pre", { tabIndex: 0, role: "region", "aria-label": "text" }, value));
}
