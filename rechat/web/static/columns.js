// The columns of the list: what each shows, which are shown, and by which the list is sorted.

import { $, button, clock, duration, h, kept, money, short } from "./dom.js";
import { redraw } from "./focus.js";
import { emit, isWaiting, view } from "./model.js";
import { vnode } from "./vdom.js";

const SHORT_APIS = { "openai.": "", "anthropic.messages": "anthropic", "gemini.": "gemini " };
export const api = (name) => Object.entries(SHORT_APIS).reduce((text, [old, now]) => text.replace(old, now), name);

const span = (className, ...children) => vnode("span", { class: className }, ...children);

export const sign = (row) =>
  span(`sign ${row.tone}`, vnode("i", { "aria-hidden": "true" }, row.mark), row.verdict === "held" && !isWaiting(row) ? "held, over" : row.word);

const tool = (one) => span(`chip tool${one.failed ? " failed" : ""}`, one.failed ? `✗ ${one.name} failed` : one.name);

// Texts have their own direction, and Markdown markup is removed, since it is one line.
const MARKS = /\*\*|`+|(?<=^(?:→ )?)#{1,6} /g;
const DIVIDER = /\|(?: ?:?-+:? ?\|)+ ?/g;
const plain = (text) => cells(text.replace(MARKS, ""));
// The cells of a table are joined.
function cells(text) {
  const rest = text.replace(DIVIDER, "");
  return rest === text ? text : rest.replace(/(?: ?\|)+ ?/g, " · ");
}
export const line = (className, text) => vnode("span", { class: className, dir: "auto" }, plain(text));

// The message of an error is in the JSON of its answer.
const MESSAGE = /"message": ?"((?:[^"\\]|\\.)*)/;
export const said = (row) => (row.tone === "failed" ? MESSAGE.exec(row.said)?.[1] ?? row.said.replace(/^\d{3} /, "") : row.said);

// Why there is no answer, in a few words: `user: "France" ≠ "Spain"`.
const why = (row) => (row.differs ?? (row.verdict === "hit" ? "" : row.reason) ?? "")
  .replace(/^the (\w+) message(?: \(message \d+ of \d+\))? differs(?: in line \d+)?: /, "$1: ")
  .replace(/\b(?:transcript|request) (?=")/g, "");

// A fault in a transcript: its word is the verdict.
const isFault = (row) => row.verdict === "hit" && row.tone === "failed" && !row.status;

function words(row, isTurn) {
  const shown = [isTurn ? span("turn", String(row.turn + 1)) : "", ...(row.tools ?? []).slice(0, 3).map(tool)];
  if (row.words || !row.tools) shown.push(line("asked", row.words || row.target));
  if (isFault(row)) shown.push(line("why", `as ${row.place} says`));
  else if (row.said) shown.push(line("said", `→ ${said(row)}`));
  else if (why(row)) shown.push(line(row.tone === "miss" ? "why miss" : "why", why(row)));
  return shown;
}

const flags = (row) => [
  row.stream ? span("chip", vnode("i", { "aria-hidden": "true" }, "≋"), span("unseen", "streamed")) : "",
  row.takes ? span("chip", `take ${row.take}/${row.takes}`) : "",
  row.attempts > 1 ? span("chip warn", `attempt ${row.attempts}`) : "",
];

// Two bars on a logarithmic scale: to the first token, and to the end.
export function bar(ms, first = 0, most = 60_000) {
  const part = (value) => Math.max(2, (100 * Math.log10(1 + value)) / Math.log10(1 + most));
  return vnode("span", { class: "bar", "aria-hidden": "true" },
    vnode("b", { "style.width": `${part(ms)}%` }),
    first ? vnode("u", { "style.width": `${Math.min(part(first), part(ms))}%` }) : "");
}

// `narrow` is the width beside an open exchange, of those for which there is room then; those that
// are wide have no room on a small screen.
export const COLUMNS = [
  { name: "time", label: "Time", width: "62px", narrow: "58px", cell: (row) => clock(row.at), title: (row) => clock(row.at, true) },
  { name: "verdict", label: "Verdict", width: "96px", narrow: "90px", cell: sign },
  { name: "status", label: "HTTP", width: "42px", narrow: "32px", cell: (row) => (row.status ? span(row.status >= 400 ? `bad ${row.tone}` : "", String(row.status)) : "–") },
  { name: "model", label: "Model", width: "minmax(70px, 132px)", cell: (row) => row.model || "–", title: (row) => row.model },
  { name: "api", label: "API", width: "86px", isWide: true, cell: (row) => api(row.api) || "–" },
  { name: "flags", label: "Mode", width: "104px", isWide: true, cell: flags, isFixed: true },
  { name: "words", label: "Question and answer", width: "minmax(0, 1fr)", narrow: "minmax(0, 1fr)", cell: words, title: (row) => row.reason ?? row.place ?? "" },
  { name: "tokens", label: "Tokens", width: "92px", isWide: true, isNumber: true, cell: (row) => (row.tokens ? `${short(row.tokens[0])} → ${short(row.tokens[1])}` : "") },
  { name: "cost", label: "Cost", width: "78px", isWide: true, isNumber: true, cell: (row) => money(row.cost) },
  {
    name: "ms", label: "Took", width: "142px", narrow: "64px", isNumber: true,
    cell: (row) => [bar(row.ms, row.first), span("ms", duration(row.ms))],
    title: (row) => (row.first ? `first token after ${duration(row.first)}, all after ${duration(row.ms)}` : duration(row.ms)),
  },
];

const hidden = new Set((kept("hidden") ?? "").split(" ").filter(Boolean));
export const shownColumns = () => COLUMNS.filter((column) => !hidden.has(column.name));

// Descending, then ascending, then in order of arrival.
function sortBy(name) {
  if (view.sort !== name) sortAs(name);
  else if (!view.isUp) sortAs(name, true);
  else sortAs("");
}

function sortAs(name, isUp = false) {
  [view.sort, view.isUp] = [name, isUp];
  drawHead();
  emit("rows", { isOther: true, isKnown: true });
}

// The line above the list: a button for each column that sorts.
export function drawHead() {
  const made = shownColumns().map((column) => {
    const isIt = view.sort === column.name;
    const label = `${column.label}${isIt ? (view.isUp ? " ↑" : " ↓") : ""}`;
    const props = { "data-column": column.name, class: column.isNumber ? "number" : "" };
    if (column.isFixed) return h("span", props, label);
    return button(label, () => sortBy(column.name), {
      ...props, title: `Sort by ${column.label.toLowerCase()}`, "aria-pressed": String(isIt),
    });
  });
  redraw($("head"), () => $("head").replaceChildren(...made));
  const { style } = $("list").parentElement;
  style.setProperty("--columns", shownColumns().map((column) => column.width).join(" "));
  style.setProperty("--narrow", shownColumns().map((column) => column.narrow).filter(Boolean).join(" "));
}

// Which columns are shown, and by which the list is sorted: on a small screen there is no heading.
export function chooser() {
  const boxes = COLUMNS.map((column) =>
    h("label", { "data-wide": column.isWide ? "" : null }, h("input", {
      type: "checkbox", checked: !hidden.has(column.name), disabled: column.name === "words",
      onchange: (event) => {
        if (event.target.checked) hidden.delete(column.name);
        else hidden.add(column.name);
        kept("hidden", [...hidden].join(" "));
        drawHead();
        emit("rows", { isOther: true, isKnown: true });
      },
    }), column.label));
  const sorts = h("select", { id: "sort", onchange: (event) => sortAs(event.target.value) }, h("option", { value: "" }, "as they came"),
    ...COLUMNS.filter((column) => !column.isFixed).map((column) => h("option", { value: column.name }, column.label)));
  return h("details", { class: "menu", ontoggle: () => { sorts.value = view.sort; } }, h("summary", {}, "Columns"),
    h("div", { class: "sheet" }, h("label", { class: "sorts" }, "Sorted by", sorts), h("div", { class: "boxes" }, ...boxes)));
}
