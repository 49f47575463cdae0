// One exchange: its outcome, and its parts in tabs.

import { actions, answerBox, isAnswered } from "./acting.js";
import { api, sign } from "./columns.js";
import { conversation } from "./conversation.js";
import { difference } from "./difference.js";
import { $, button, clock, count, duration, h, money, note, tabs } from "./dom.js";
import { link } from "./editors.js";
import { edit, isEdited } from "./editing.js";
import { searched } from "./finding.js";
import { redraw } from "./focus.js";
import { focus } from "./list.js";
import { data, emit, isWaiting, on, remember, view } from "./model.js";
import { get, saved } from "./server.js";
import { compared } from "./takes.js";
import { create } from "./vdom.js";
import { timing } from "./timing.js";

let asked = 0;

export async function open(number) {
  view.open = number;
  remember();
  const mine = ++asked;
  let found;
  try {
    found = saved ? saved.find((one) => one.number === number) : await get(`exchanges/${number}?brief=1`);
  } catch (error) {
    note(error.message);
    return;
  }
  if (!found || mine !== asked) return;
  const isOther = data.current?.number !== number;
  if (isOther) leave();
  data.current = found;
  if (found.differences.length && found.verdict === "miss") view.part = isOther ? "difference" : view.part;
  else if (view.part === "difference") view.part = "conversation";
  // The list makes room for it first: only what is visible can be scrolled.
  emit("open");
  draw();
}

// Unsaved text is not lost: a note says so, with a button to continue.
function leave() {
  const one = data.current;
  if (one && (isEdited(one) || isAnswered(one))) note(`What you typed in #${one.number} is kept there, not saved`);
}

export function close() {
  const isInside = $("detail").contains(document.activeElement);
  leave();
  asked++;
  data.current = null;
  view.open = 0;
  remember();
  emit("close");
  if (isInside) focus();
}

const parts = (one) => [
  ["conversation", "Conversation"],
  ...(one.differences.length ? [["difference", `Difference${one.differences.length > 1 ? ` ${one.differences.length}` : ""}`]] : []),
  ...(one.takes > 1 && !saved ? [["takes", `Takes ${one.takes}`]] : []),
  ["request", "Request"], ["response", "Response"], ["headers", "Headers"], ["timing", "Timing"],
];

const fact = (label, ...value) => h("div", {}, h("dt", {}, label), h("dd", {}, ...value));

function facts(one) {
  const shown = [
    fact("Asked", one.target),
    one.api ? fact("API", api(one.api), one.stream ? ", streamed" : "") : "",
    fact("Took", one.first ? `${duration(one.first)} to the first token, ` : "", duration(one.ms)),
    one.tokens ? fact("Tokens", `${one.tokens[0].toLocaleString()} → ${one.tokens[1].toLocaleString()}`) : "",
    one.cost ? fact("Cost", money(one.cost)) : "",
    one.takes ? fact("Take", `${one.take} of ${one.takes}`) : "",
    one.upstream ? fact("Upstream", one.upstream, one.attempts > 1 ? `, attempt ${one.attempts}` : "") : "",
    one.session ? fact("Session", one.session) : "",
    one.place ? fact(one.verdict === "held" ? "Waits in" : "Transcript", link(one.place), one.rule ? h("span", { class: "dim" }, ` by ${one.rule}`) : "") : "",
    one.nearest && !one.place ? fact("Nearest", link(one.nearest)) : "",
  ];
  return h("dl", { class: "facts" }, ...shown);
}

export function draw() {
  const one = data.current;
  if (!one) return;
  const names = parts(one);
  if (!names.some(([name]) => name === view.part)) view.part = "conversation";
  const status = one.status ? h("span", { class: `status ${one.status >= 400 ? one.tone : "dim"}` }, String(one.status)) : "";
  const detail = $("detail");
  const isOther = detail.dataset.number !== String(one.number);
  detail.dataset.number = one.number;
  detail.dataset.waits = isWaiting(one);
  redraw(detail, () => detail.replaceChildren(
    h("header", { class: "title" },
      create(sign(one)), status,
      h("h2", {}, one.model || one.target),
      h("span", { class: "dim" }, `${one.number > 0 ? `#${one.number} · ` : ""}${clock(one.at, true)}`),
      button("×", close, { id: "close", "aria-label": "Close", title: "Close (Esc)" })),
    h("div", { class: "about" }, facts(one), one.reason && !one.differences.length ? h("p", { class: `why ${one.tone}` }, one.reason) : "", actions(one)),
    tabs("Parts of the exchange", names, view.part, show),
    h("div", { id: "part", role: "tabpanel", "aria-labelledby": `tab-${view.part}`, tabIndex: 0, class: view.part }, ...part(one)),
    one.can_answer && !saved ? answerBox(one) : "",
  ), () => $("part"));
  $("raw")?.setAttribute("aria-pressed", String(view.raw));
  // On a small screen, not all tabs fit.
  const chosen = $(`tab-${view.part}`);
  const strip = chosen.parentElement;
  if (chosen.offsetLeft + chosen.offsetWidth > strip.clientWidth) strip.scrollLeft = chosen.offsetLeft - (strip.clientWidth - chosen.offsetWidth) / 2;
  if (isOther || view.part === "conversation") requestAnimationFrame(() => reveal(detail));
}

// A conversation opens at its newest message, anything else at its beginning.
function reveal(detail) {
  const newest = view.part === "conversation" && detail.querySelector("#part .newest");
  const above = ["header", ".tabs"].reduce((sum, place) => sum + detail.querySelector(place).offsetHeight, 0);
  detail.scrollTop = newest && newest.offsetTop > detail.clientHeight * 0.6 ? newest.offsetTop - above - 8 : 0;
}

export function show(name) {
  if (!data.current) return;
  view.part = name;
  draw();
}

// The part beside the one that is shown.
export function nextPart(by) {
  if (!data.current) return;
  const names = parts(data.current).map(([name]) => name);
  show(names[(names.indexOf(view.part) + by + names.length) % names.length]);
}

export function toggleRaw() {
  view.raw = !view.raw;
  draw();
}

function part(one) {
  switch (view.part) {
    case "difference": return difference(one);
    case "takes": return compared(one);
    case "request": return [one.request ? searched(one.request, "request", 3) : h("p", { class: "dim" }, "There was no body.")];
    case "response": return [one.response ? searched(one.response, "response", 4) : h("p", { class: "dim" }, "There was no answer.")];
    case "headers": return [headers("Request", one.headers), headers("Response", one.answer_headers)];
    case "timing": return timing(one);
    default: return conversation(one);
  }
}

function headers(title, pairs) {
  const rows = pairs.map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value)));
  const caption = h("caption", {}, `${title}, ${count(pairs.length, "header")}`);
  return rows.length
    ? h("table", { class: "plain" }, caption, h("tbody", {}, ...rows))
    : h("p", { class: "dim" }, `${title}: no headers are kept.`);
}

on("edit", (one) => edit(one, () => open(one.number), one.edited));

// Show it when nobody waits for the answer any more.
on("state", () => {
  if (data.current && $("detail").dataset.waits !== String(isWaiting(data.current))) draw();
});
