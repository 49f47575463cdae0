// How a line of the list looks: an exchange, or the turns of a conversation in one.

import { api, line as told, said, shownColumns, sign } from "./columns.js";
import { clock, count, duration, money, short } from "./dom.js";
import { summary } from "./groups.js";
import { vnode } from "./vdom.js";

export function rowLine(line) {
  const { row } = line;
  const isTurn = line.level === 2;
  const cells = shownColumns().map((column) =>
    vnode("span", { class: `cell ${column.name}${column.isNumber ? " number" : ""}`, title: column.title?.(row) || null }, column.cell(row, isTurn)));
  return vnode("div", { class: `row ${row.tone}${isTurn ? " inner" : ""}`, "data-number": row.number }, ...cells);
}

const GROUP_CELLS = {
  time: (group, all) => clock(all.first.at),
  verdict: (group, all) => sign(all.worst),
  status: (group, all) => all.worst.status || "–",
  model: (group, all) => all.last.model || "–",
  api: (group, all) => api(all.last.api) || "–",
  flags: (group) => vnode("span", { class: "chip" }, count(group.rows.length, "turn")),
  words: (group, all) => [
    vnode("span", { class: "chip turns" }, count(group.rows.length, "turn")), ...tools(all),
    told("asked", all.first.words || all.first.target), all.last.said ? told("said", `→ ${said(all.last)}`) : "",
  ],
  tokens: (group, all) => (all.asked ? `${short(all.asked)} → ${short(all.said)}` : ""),
  cost: (group, all) => money(all.cost),
  ms: (group, all) => [timeLine(group, all), vnode("span", { class: "ms" }, duration(all.span))],
};

// How often tools were used, and which failed.
function tools(all) {
  if (!all.tools) return [];
  const names = [...new Set(all.failed)];
  return [
    names.length
      ? vnode("span", { class: "chip failed", title: `${all.failed.length} of ${count(all.tools, "result")} failed` }, `✗ ${names[0]} failed${all.failed.length > 1 ? ` ${all.failed.length}×` : ""}`)
      : vnode("span", { class: "chip" }, count(all.tools, "tool result")),
  ];
}

export function groupLine(line, isOpen) {
  const all = summary(line.group);
  const cells = shownColumns().map((column) =>
    vnode("span", { class: `cell ${column.name}${column.isNumber ? " number" : ""}` }, GROUP_CELLS[column.name](line.group, all)));
  return vnode("div", {
    class: `row group ${all.worst.tone}`, "data-group": line.key, "aria-expanded": String(isOpen),
  }, vnode("span", { class: "caret", "aria-hidden": "true" }), ...cells);
}

// The turns of a conversation on its time line.
function timeLine(group, all) {
  const span = Math.max(1, all.span);
  return vnode("span", { class: "bar", "aria-hidden": "true" }, group.rows.slice(0, 60).map((row) =>
    vnode("b", {
      class: row.tone,
      "style.left": `${(100 * Math.max(0, Date.parse(row.at) - all.start - row.ms)) / span}%`,
      "style.width": `${Math.max(1.5, (100 * row.ms) / span)}%`,
    })));
}
