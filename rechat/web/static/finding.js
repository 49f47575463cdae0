// JSON with a search box: matches are expanded and marked, and Enter goes to the next one.

import { button, copy, count, h } from "./dom.js";
import { isLeaf, json, leafText, parsed, reveal, tree } from "./json.js";

const MOST = 1000;
// Deeper nesting was not written by people.
const DEEPEST = 200;

export function searched(text, label, depth) {
  const value = parsed(text);
  if (value === undefined) return json(text, label, depth);
  const shown = tree(value, label, depth);
  const told = h("span", { class: "dim", role: "status" });
  let found = [];
  let at = -1;
  const go = (by) => {
    shown.querySelector(".here")?.classList.remove("here");
    if (!found.length) return;
    at = (at + by + found.length) % found.length;
    const element = reveal(shown, found[at]);
    element.classList.add("here");
    element.scrollIntoView({ block: "center" });
    told.textContent = `${at + 1} of ${found.length === MOST ? `${MOST} or more` : found.length}`;
  };
  const box = h("input", { type: "search", class: "find", placeholder: `Search the ${label}`, "aria-label": `Search the ${label}`, autocomplete: "off", spellcheck: false });
  box.addEventListener("input", () => {
    found = box.value ? places(value, box.value.toLowerCase()) : [];
    at = -1;
    told.textContent = box.value ? "nothing" : "";
    go(1);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    go(event.shiftKey ? -1 : 1);
  });
  return h("div", {},
    h("div", { class: "tools searching" }, box,
      button("↑", () => go(-1), { class: "quiet", "aria-label": "Found before", title: "Found before (Shift+Enter)" }),
      button("↓", () => go(1), { class: "quiet", "aria-label": "Found next", title: "Found next (Enter)" }), told,
      h("span", { class: "spring" }), h("span", { class: "dim" }, count(text.length, "character")),
      button("Copy", () => copy(text, `the ${label}`))),
    shown);
}

// The paths of all members whose name or value contains a word, in document order.
export function places(value, word) {
  const found = [];
  const walk = (one, path) => {
    for (const [key, member] of Object.entries(one)) {
      if (found.length === MOST) return;
      const here = [...path, Array.isArray(one) ? Number(key) : key];
      const isNamed = !Array.isArray(one) && key.toLowerCase().includes(word);
      if (isNamed || (isLeaf(member) && leafText(member).toLowerCase().includes(word))) found.push(here);
      if (!isLeaf(member) && here.length < DEEPEST) walk(member, here);
    }
  };
  walk(value, []);
  return found;
}
