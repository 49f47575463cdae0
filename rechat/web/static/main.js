// The page: a list that stays current, one exchange in full, the transcripts, an overview.

import { start as startArriving } from "./arriving.js";
import { chooser, drawHead } from "./columns.js";
import { $, button, copy, count, h, kept, note } from "./dom.js";
import { settings } from "./editors.js";
import { open, toggleRaw } from "./exchange.js";
import { filter, load } from "./journal.js";
import { help, start as startKeys } from "./keys.js";
import { draw, focus, start as startList } from "./list.js";
import { data, emit, on, remember, view } from "./model.js";
import { start as startNews } from "./news.js";
import { call, saved } from "./server.js";
import { start as startOverview } from "./overview.js";
import { promote } from "./promotion.js";
import { resend } from "./resending.js";
import { patch, vnode } from "./vdom.js";
import { showFiles } from "./transcripts.js";

const COUNTED = [["", "All"], ["hit", "Hits"], ["recorded", "Recorded"], ["forwarded", "Forwarded"], ["miss", "Misses"], ["held", "Held"], ["failed", "Failed"]];
const IS = /(?:^|\s)is:(\w+)/;

// How many there are of each kind: a click shows only those.
let chips = vnode("span");
function drawChips() {
  const counts = new Map();
  for (const row of data.rows) counts.set(row.tone, (counts.get(row.tone) ?? 0) + 1);
  const failed = (counts.get("failed") ?? 0) + (counts.get("failover") ?? 0);
  counts.set("failed", failed).set("", data.rows.length);
  const is = IS.exec(view.query)?.[1] ?? "";
  const now = vnode("span", {}, COUNTED.filter(([name]) => !name || counts.get(name) || is === name).map(([name, label]) =>
    vnode("button", { type: "button", class: "count-chip", "data-is": name, "aria-pressed": String(is === name) },
      name ? vnode("span", { class: `dot ${name}`, "aria-hidden": "true" }) : "", `${label} `, vnode("b", {}, (counts.get(name) ?? 0).toLocaleString()))));
  patch($("counts"), chips, now);
  chips = now;
}

function showOnly(name) {
  const rest = view.query.replaceAll(new RegExp(IS, "g"), "").trim();
  filter([name ? `is:${name}` : "", rest].filter(Boolean).join(" "));
}

function drawState() {
  const { state } = data;
  const shown = $("state");
  if (saved) {
    shown.textContent = `${data.rows.length} of ${saved.length} exchanges, saved`;
    return;
  }
  if (state.isAway) {
    shown.replaceChildren(h("span", { class: "failed" }, "not connected"));
    return;
  }
  const parts = [
    state.held.length ? `${state.held.length} waiting` : "",
    `${data.rows.length.toLocaleString()} shown`, state.policy,
    `${count(state.answers, "answer")} in ${count(state.files, "file")}`,
    state.problems ? `${state.problems} broken` : "",
  ];
  const text = parts.filter(Boolean).join(" · ");
  if (shown.textContent !== text) shown.textContent = text;
}

function drawEmpty() {
  if (view.query) {
    $("empty").replaceChildren(h("h2", {}, "Nothing matches"), h("p", {}, `No exchange matches “${view.query}”.`), button("Clear the filter", () => { filter(""); $("filter").focus(); }));
    return;
  }
  const base = `${location.origin}/v1`;
  const asks = `curl ${base}/chat/completions -H 'content-type: application/json' -d '{"model": "gpt-5", "messages": [{"role": "user", "content": "What is the capital of France?"}]}'`;
  const sets = `export OPENAI_BASE_URL=${base}`;
  $("empty").replaceChildren(
    h("h2", {}, "Nothing has been asked yet"),
    h("p", {}, "Point a program here, and what it asks appears at once:"),
    h("pre", { class: "box" }, sets),
    h("p", {}, "Or try it:"),
    h("pre", { class: "box" }, asks),
    h("div", { class: "tools" }, button("Copy the export", () => copy(sets, "the export"), { class: "primary" }), button("Copy curl", () => copy(asks, "the curl line"))));
}

function drawTab() {
  for (const tab of $("tabs").children) tab.setAttribute("aria-current", tab.dataset.tab === view.tab ? "page" : "false");
  $("files").hidden = view.tab !== "transcripts";
  $("overview").hidden = view.tab !== "overview";
  $("under").hidden = view.tab !== "exchanges";
  draw();
}

// Focus what is shown.
function land() {
  if (view.tab === "transcripts") $("files").focus({ preventScroll: true });
  else if (view.tab === "overview") $("overview").focus({ preventScroll: true });
  else if ($("exchanges").hidden) $("empty").querySelector("button")?.focus();
  else focus();
}

function go(tab) {
  view.tab = tab;
  remember();
  drawTab();
  emit("shown", tab);
  if (tab === "transcripts") showFiles();
}

function group() {
  view.grouped = !view.grouped;
  kept("grouped", view.grouped ? "yes" : "no");
  if (view.grouped) view.sort = "";
  $("group").setAttribute("aria-pressed", String(view.grouped));
  drawHead();
  emit("rows", { isOther: true, isKnown: true });
}

function theme(name) {
  if (!name) return;
  document.documentElement.dataset.theme = name;
  kept("theme", name);
}

async function exportAll() {
  const response = await call(`export?q=${encodeURIComponent(view.query)}`);
  const link = h("a", { href: URL.createObjectURL(await response.blob()), download: "rechat-session.html" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// Counts are rendered separately from the list, and not more often than they can be read.
const CALM = 200;
let isLate = false;
let drawn = 0;
on("rows", () => {
  if (isLate) return;
  isLate = true;
  setTimeout(() => requestAnimationFrame(() => {
    isLate = false;
    drawn = performance.now();
    drawChips();
    drawState();
  }), Math.max(0, drawn + CALM - performance.now()));
});
on("state", () => {
  drawState();
  emit("rows", { isKnown: true });
});
on("empty", drawEmpty);
on("choose", (row) => open(row.number));
on("close", draw);
on("group", group);
on("resend", (one) => resend(one, () => open(one.number)));
on("promote", (one) => promote(one, () => open(one.number)));
on("raw", toggleRaw);
on("tab", (tab) => {
  const isInside = document.activeElement === document.body || $("main").contains(document.activeElement);
  go(tab);
  if (isInside) requestAnimationFrame(land);
});
on("land", land);
on("filter", () => {
  remember();
  if (view.tab === "transcripts") showFiles();
  load().catch((error) => note(error.message));
});

$("filter").value = view.query;
$("filter").addEventListener("input", (event) => filter(event.target.value));
$("counts").addEventListener("click", ({ target }) => {
  const chip = target.closest(".count-chip");
  if (chip) showOnly(chip.dataset.is);
});
$("help").addEventListener("click", help);
$("set").addEventListener("click", settings);
$("group").addEventListener("click", group);
$("group").setAttribute("aria-pressed", String(view.grouped));
$("export").addEventListener("click", () => exportAll().catch((error) => note(error.message)));
$("theme").addEventListener("click", () => {
  const { dataset } = document.documentElement;
  const isDark = dataset.theme ? dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  theme(isDark ? "light" : "dark");
});
for (const tab of $("tabs").children) tab.addEventListener("click", () => go(tab.dataset.tab));
document.addEventListener("visibilitychange", () => { if (!document.hidden && !saved) load(); });
theme(kept("theme"));
$("under").append(chooser());
if (saved) for (const name of ["export", "tabs", "set"]) $(name).hidden = true;
startList();
startNews();
startKeys();
startArriving();
startOverview();
drawTab();
load().then(() => {
  if (view.tab !== "exchanges") go(view.tab);
  if (view.open) open(view.open);
}).catch((error) => { $("state").textContent = error.message; });
