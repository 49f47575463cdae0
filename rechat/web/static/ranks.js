// Rankings: a bar each, which links to its exchanges.

import { h } from "./dom.js";

const MOST = 8;

export function ranks(pairs, told, choose, kind = "") {
  const most = Math.max(...pairs.map(([, value]) => value));
  return h("div", { class: "ranks" }, ...pairs.slice(0, MOST).map(([name, value, target]) => {
    const inner = h("b", { class: kind });
    inner.style.width = `${(100 * value) / most}%`;
    return h("button", { type: "button", class: "rank", title: name, onclick: () => choose(target ?? name) },
      h("span", {}, name), h("span", { class: "bar", "aria-hidden": "true" }, inner), h("span", { class: "count" }, told(value)));
  }));
}

// How often each name occurs, or the sum of a value for each; the highest first.
export function tally(rows, name, value = () => 1) {
  const found = new Map();
  for (const row of rows) found.set(name(row), (found.get(name(row)) ?? 0) + value(row));
  return [...found].filter(([key]) => key).sort((a, b) => b[1] - a[1]);
}

export const sum = (rows, value) => rows.reduce((total, row) => total + (value(row) ?? 0), 0);

export const panel = (title, ...inner) => h("section", { class: "panel", "aria-label": title }, h("h2", {}, title), ...inner);
