// JSON that folds: a line for each member, objects and lists open on demand, the first levels at
// once. A text that is no JSON is shown as it is.

import { code } from "./code.js";
import { h } from "./dom.js";

const LONGEST = 300;
const MOST = 200;
const LARGEST = 400_000;

export function json(text, label = "JSON", depth = 2) {
  if (text.length > LARGEST) return code(text, "text", label);
  let value;
  try {
    value = JSON.parse(text, exactly);
  } catch {
    return code(text, "", label);
  }
  if (typeof value !== "object" || value === null) return code(text, "json", label);
  return h("div", { class: "json", role: "group", "aria-label": label }, node(value, depth));
}

// A number keeps its digits: 12345678901234567890 and 1.0 are shown as they were sent.
function exactly(key, value, context) {
  return typeof value === "number" && context?.source ? new Digits(context.source) : value;
}
class Digits {
  constructor(text) { this.text = text; }
}

const name = (key) => (key === null ? "" : [h("span", { class: "c-k" }, JSON.stringify(key)), ": "]);

function node(value, depth, key = null) {
  if (value === null || typeof value !== "object" || value instanceof Digits) {
    return h("div", { class: "leaf" }, name(key), leaf(value));
  }
  const entries = Array.isArray(value) ? value.map((item, at) => [at, item]) : Object.entries(value);
  const [left, right] = Array.isArray(value) ? "[]" : "{}";
  if (!entries.length) return h("div", { class: "leaf" }, name(key), `${left}${right}`);
  const made = h("details", { open: depth > 0 && entries.length <= 60 });
  const hint = entries.length === 1 ? "1 item" : `${entries.length} items`;
  const summary = h("summary", {}, name(key), left, h("span", { class: "hint" }, ` ${preview(value) || hint} `), right);
  made.append(summary);
  const fill = () => {
    if (made.childElementCount > 1) return;
    const inner = h("div", { class: "members" });
    const more = (from) => {
      for (const [at, item] of entries.slice(from, from + MOST)) inner.append(node(item, depth - 1, Array.isArray(value) ? null : at));
      if (from + MOST < entries.length) {
        inner.append(h("button", { type: "button", class: "more", onclick: (event) => { event.target.remove(); more(from + MOST); } }, `${entries.length - from - MOST} more`));
      }
    };
    more(0);
    made.append(inner);
  };
  if (made.open) fill();
  made.addEventListener("toggle", fill);
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
