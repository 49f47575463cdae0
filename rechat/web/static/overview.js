// The session at a glance: what was saved, what failed and why, how long things took, what cost
// most, and how the upstreams are.

import { $, clock, count, duration, h, money, short } from "./dom.js";
import { data, emit, on, view } from "./model.js";
import { chart } from "./plot.js";
import { get, saved } from "./server.js";

const SLICES = 48;
const TONES = ["hit", "recorded", "forwarded", "miss", "held", "failed"];

const figure = (value, what) => h("div", { class: "figure" }, h("b", {}, value), h("span", {}, what));
const panel = (title, ...inner) => h("section", { class: "panel", "aria-label": title }, h("h2", {}, title), ...inner);
const sum = (rows, value) => rows.reduce((total, row) => total + (value(row) ?? 0), 0);

function figures(rows) {
  const hits = rows.filter((row) => row.tone === "hit").length;
  const served = rows.filter((row) => row.verdict !== "failover").length;
  const failed = rows.filter((row) => row.tone === "failed").length;
  const cost = sum(rows, (row) => (row.verdict === "hit" ? 0 : row.cost));
  const spared = sum(rows, (row) => (row.verdict === "hit" ? row.cost : 0));
  const waited = sum(rows, (row) => row.saved_ms);
  const tokensSaved = sum(rows, (row) => row.saved_tokens);
  const asked = sum(rows, (row) => (row.verdict === "hit" || !row.tokens ? 0 : row.tokens[0] + row.tokens[1]));
  return h("div", { class: "figures" },
    figure(served ? `${Math.round((100 * hits) / served)} %` : "–", `hit rate, ${hits.toLocaleString()} of ${served.toLocaleString()}`),
    waited ? figure(duration(waited), "waiting saved by hits") : "",
    tokensSaved ? figure(short(tokensSaved), "tokens saved by hits") : "",
    spared ? figure(money(spared), "saved by hits") : "",
    asked ? figure(short(asked), "tokens asked upstream") : "",
    figure(rows.filter((row) => row.verdict === "miss" || row.verdict === "held").length.toLocaleString(), "misses"),
    cost ? figure(money(cost), "spent upstream") : "",
    figure(failed.toLocaleString(), "failed"));
}

// Equal slices of the session's time.
function slices(rows) {
  const from = Date.parse(rows[0].at);
  const to = Math.max(Date.parse(rows[rows.length - 1].at), from + 1000);
  const each = (to - from) / SLICES;
  const made = Array.from({ length: SLICES }, (_, at) => ({ from: from + at * each, to: from + (at + 1) * each, rows: [] }));
  for (const row of rows) made[Math.min(SLICES - 1, Math.floor((Date.parse(row.at) - from) / each))].rows.push(row);
  return { from, to, made };
}

function requests({ from, to, made }) {
  const bars = [];
  let most = 1;
  for (const slice of made) {
    let below = 0;
    for (const tone of TONES) {
      const number = slice.rows.filter((row) => row.tone === tone || (tone === "failed" && row.tone === "failover")).length;
      if (!number) continue;
      bars.push({ from: slice.from, to: slice.to, y0: below, y1: below + number, kind: tone, title: `${clock(slice.from)}: ${number} ${tone}` });
      below += number;
    }
    most = Math.max(most, below);
  }
  return panel("Requests by what became of them",
    chart({ label: "Requests over time by what became of them", width: 560, height: 200, x: [from, to], y: [0, most], xName: clock, yName: short, bars, xTicks: times(from, to), least: 1 }));
}

const times = (from, to) => [0.1, 0.5, 0.9].map((part) => from + part * (to - from));

function latency(rows, { from, to }) {
  const some = rows.length > 1500 ? rows.filter((_, at) => at % Math.ceil(rows.length / 1500) === 0) : rows;
  const scale = (ms) => Math.log10(1 + ms);
  const most = Math.max(1, ...some.map((row) => scale(row.ms)));
  const sorted = rows.map((row) => row.ms).sort((a, b) => a - b);
  const at = (part) => duration(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]);
  const points = some.map((row) => [Date.parse(row.at), scale(row.ms), row.tone]);
  return panel("Latency",
    chart({
      label: `Latency over time on a scale of logarithms; half took less than ${at(0.5)}, 95 of 100 less than ${at(0.95)}`, width: 560, height: 200,
      x: [from, to], y: [0, most], xName: clock, yName: (value) => duration(Math.round(10 ** value - 1)), lines: [{ dots: true, points }], xTicks: times(from, to),
    }),
    h("p", { class: "dim" }, `Half took less than ${at(0.5)}, 95 of 100 less than ${at(0.95)}.`));
}

function tokens({ from, to, made }) {
  const number = (slice, at) => sum(slice.rows, (row) => row.tokens?.[at]);
  const most = Math.max(...made.map((slice) => number(slice, 0) + number(slice, 1)));
  if (!most) return "";
  const bars = made.flatMap((slice) => {
    const asked = number(slice, 0);
    const said = number(slice, 1);
    return [
      { from: slice.from, to: slice.to, y0: 0, y1: asked, kind: "", title: `${asked} tokens in` },
      { from: slice.from, to: slice.to, y0: asked, y1: asked + said, kind: "recorded", title: `${said} tokens out` },
    ];
  });
  return panel("Tokens, in (grey) and out (blue)",
    chart({ label: "Tokens over time", width: 560, height: 200, x: [from, to], y: [0, most], xName: clock, yName: short, bars, xTicks: times(from, to) }));
}

function ranks(pairs, told, choose, kind = "") {
  const most = Math.max(...pairs.map(([, value]) => value));
  return h("div", { class: "ranks" }, ...pairs.slice(0, 8).map(([name, value, target]) => {
    const bar = h("span", { class: "bar", "aria-hidden": "true" });
    const inner = h("b", { class: kind });
    inner.style.width = `${(100 * value) / most}%`;
    bar.append(inner);
    return h("button", { type: "button", class: "rank", title: name, onclick: () => choose(target ?? name) }, h("span", {}, name), bar, h("span", { class: "count" }, told(value)));
  }));
}

function tally(rows, name, value = () => 1) {
  const found = new Map();
  for (const row of rows) found.set(name(row), (found.get(name(row)) ?? 0) + value(row));
  return [...found].filter(([key]) => key).sort((a, b) => b[1] - a[1]);
}

function filtered(query) {
  view.query = query;
  $("filter").value = query;
  emit("tab", "exchanges");
  emit("filter");
}

function misses(rows) {
  const missed = rows.filter((row) => ["miss", "held"].includes(row.verdict));
  if (!missed.length) return panel("Misses by reason", h("p", { class: "dim" }, "There was no miss."));
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
  return panel(isPriced ? "What cost most" : "What took most tokens",
    ranks(pairs, isPriced ? money : short, (row) => { emit("tab", "exchanges"); emit("choose", row); }));
}

const models = (rows) => {
  const found = tally(rows, (row) => row.model);
  return found.length > 1 ? panel("Models", ranks(found, (value) => value.toLocaleString(), (name) => filtered(`model:${name}`))) : "";
};

function files() {
  const { state } = data;
  return panel("The folder", h("p", {}, `${count(state.answers, "answer")} in ${count(state.files, "file")}${state.problems ? `, ${state.problems} broken` : ""}. `,
    h("button", { type: "button", onclick: () => emit("tab", "transcripts") }, "Transcripts")));
}

async function upstreams() {
  if (saved) return "";
  const { upstreams: known = [] } = await get("health");
  if (!known.length) return "";
  const cells = (one) => [
    h("td", {}, h("span", { class: isWell(one) ? "hit" : "failed" }, isWell(one) ? "✓ well" : `✗ left alone for ${one.left_alone_s} s`)),
    h("td", {}, one.model || "all"), h("td", { class: "number" }, load(one)), h("td", { class: "number" }, one.asked),
    h("td", { class: `number${one.failed ? " failed" : ""}` }, one.failed), h("td", { class: "number" }, one.asked ? duration(one.first_byte_ms) : "–"),
  ];
  const heads = ["Upstream", "State", "Model", "In flight", "Asked", "Failed", "First byte"].map((name) => h("th", { scope: "col" }, name));
  return panel("Upstreams", h("div", { class: "table", tabIndex: 0, role: "region", "aria-label": "Upstreams as they are now" },
    h("table", { id: "upstreams" }, h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...known.map((one) => h("tr", {}, h("th", { scope: "row" }, one.name), ...cells(one)))))),
  ...known.filter((one) => one.reason).map((one) => h("p", { class: "dim" }, `${one.name}: ${one.reason}`)));
}

// "2 of 4, 7 wait": how many are in flight, of how many at most, and how many wait for that.
const load = (one) => `${one.in_flight}${one.limit ? ` of ${one.limit}` : ""}${one.waiting ? `, ${one.waiting} wait` : ""}`;
const isWell = (one) => !one.left_alone_s;

let isDue = false;
export async function draw() {
  if (view.tab !== "overview") return;
  const { rows } = data;
  const health = await upstreams().catch(() => "");
  if (!rows.length) {
    const told = view.query ? `No exchange matches “${view.query}”.` : "Nothing has been asked yet.";
    $("overview").replaceChildren(h("p", { class: "dim" }, told), h("div", { class: "plots" }, ...[health, files()].filter(Boolean)));
    return;
  }
  const time = slices(rows);
  const scope = h("p", { class: "dim" }, `${count(rows.length, "exchange")}${view.query ? ` that match “${view.query}”` : ""}, from ${clock(rows[0].at)} to ${clock(rows[rows.length - 1].at)}.`);
  $("overview").replaceChildren(scope, figures(rows),
    h("div", { class: "plots" }, ...[requests(time), latency(rows, time), tokens(time), misses(rows), dearest(rows), models(rows), health, files()].filter(Boolean)));
}

export function start() {
  on("shown", draw);
  on("rows", () => {
    if (view.tab !== "overview" || isDue) return;
    isDue = true;
    setTimeout(() => { isDue = false; draw(); }, 1000);
  });
}
