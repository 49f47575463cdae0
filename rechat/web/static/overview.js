// The session at a glance: what was saved, what failed and why, how long things took, what cost
// most, and the state of the upstreams and the folder.

import { $, clock, count, duration, h, money, note, short } from "./dom.js";
import { redraw } from "./focus.js";
import { folder } from "./folder.js";
import { data, emit, on, view } from "./model.js";
import { overTime } from "./overtime.js";
import { panel, ranks, sum, tally } from "./ranks.js";
import { get, saved } from "./server.js";
import { upstreams } from "./upstreams.js";

const figure = (value, what, className = "") => h("div", { class: "figure" }, h("b", { class: className }, value), h("span", {}, what));

function figures(rows) {
  const hits = rows.filter((row) => row.tone === "hit").length;
  const served = rows.filter((row) => !["failover", "held"].includes(row.verdict)).length;
  const failed = rows.filter((row) => row.tone === "failed").length;
  const missed = rows.filter((row) => row.verdict === "miss" || row.verdict === "held").length;
  const cost = sum(rows, (row) => (row.verdict === "hit" ? 0 : row.cost));
  const spared = sum(rows, (row) => (row.verdict === "hit" ? row.cost : 0));
  const waited = sum(rows, (row) => row.saved_ms);
  const tokens = sum(rows, (row) => row.saved_tokens);
  const asked = sum(rows, (row) => (row.verdict === "hit" || !row.tokens ? 0 : row.tokens[0] + row.tokens[1]));
  return h("div", { class: "figures" },
    figure(served ? `${Math.floor((100 * hits) / served)} %` : "–", `hit rate, ${hits.toLocaleString()} of ${served.toLocaleString()}`),
    waited ? figure(duration(waited), "waiting saved by hits") : "",
    spared ? figure(money(spared), "saved by hits") : tokens ? figure(short(tokens), "tokens saved by hits") : "",
    figure(missed.toLocaleString(), missed === 1 ? "miss" : "misses", missed ? "miss" : ""),
    figure(failed.toLocaleString(), "failed", failed ? "failed" : ""),
    cost ? figure(money(cost), "spent upstream") : "",
    asked ? figure(short(asked), "tokens asked upstream") : "");
}

function filtered(query) {
  view.query = query;
  $("filter").value = query;
  emit("tab", "exchanges");
  emit("filter");
}

// The failures of an upstream; if there are several, its name is in the search.
const failedAt = (one, isOnly) => filtered(isOnly ? "is:failed" : `is:failed upstream:${one.name}`);

function opened(row) {
  emit("tab", "exchanges");
  emit("choose", row);
}

function misses(rows) {
  const missed = rows.filter((row) => ["miss", "held"].includes(row.verdict));
  if (!missed.length) return "";
  const why = (row) => (row.differs ?? row.reason ?? "").replace(/:.*/s, "");
  return panel("Misses by reason", ranks(tally(missed, why), (value) => value.toLocaleString(), (name) => filtered(`verdict:miss "${name}"`), "miss"));
}

// What cost most: in money if prices are known, else in tokens.
function dearest(rows) {
  const isPriced = rows.some((row) => row.cost);
  const value = (row) => (isPriced ? row.cost ?? 0 : row.tokens ? row.tokens[0] + row.tokens[1] : 0);
  const found = rows.filter(value).sort((a, b) => value(b) - value(a)).slice(0, 8);
  if (!found.length) return "";
  const pairs = found.map((row) => [`#${row.number} ${row.words || row.target}`, value(row), row]);
  return panel(isPriced ? "What cost most" : "What took most tokens", ranks(pairs, isPriced ? money : short, opened));
}

const models = (rows) => {
  const found = tally(rows, (row) => row.model);
  return found.length > 1 ? panel("Models", ranks(found, (value) => value.toLocaleString(), (name) => filtered(`model:${name}`))) : "";
};

// What only the server knows: the state of the upstreams, and the files, which are requested again
// when they have changed. Until it has answered, the page shows its last answer.
const told = { version: -1, files: null, upstreams: [] };

export async function draw() {
  show();
  if (saved) return;
  try {
    told.upstreams = (await get("health")).upstreams ?? [];
    show();
    const { version } = data.state;
    if (told.version === version) return;
    told.files = (await get("transcripts")).transcripts;
    told.version = version;
    show();
  } catch (error) {
    note(error.message);
  }
}

function show() {
  const { rows } = data;
  if (view.tab !== "overview") return;
  const wells = upstreams(told.upstreams, rows, failedAt);
  const shelf = told.files ? folder(told.files) : "";
  if (!rows.length) {
    const none = view.query ? `No exchange matches “${view.query}”.` : "Nothing has been asked yet.";
    $("overview").replaceChildren(h("p", { class: "dim" }, none), h("div", { class: "plots" }, wells, shelf));
    return;
  }
  const scope = h("p", { class: "dim" }, `${count(rows.length, "exchange")}${view.query ? ` that match “${view.query}”` : ""}, from ${clock(rows[0].at)} to ${clock(rows[rows.length - 1].at)}.`);
  const [requests, latency, tokens] = overTime(rows);
  const panels = [requests, latency, wells, misses(rows), dearest(rows), tokens, models(rows), shelf].filter(Boolean);
  redraw($("overview"), () => $("overview").replaceChildren(scope, figures(rows), h("div", { class: "plots" }, ...panels)));
}

let isDue = false;
export function start() {
  on("shown", draw);
  on("rows", () => {
    if (view.tab !== "overview" || isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      // The keyboard focus stays in place.
      if (!$("overview").querySelector(":focus")) draw();
    }, 1000);
  });
}
