// The session over time: requests by what became of them, how long they took, their tokens.

import { clock, count, duration, h, short } from "./dom.js";
import { chart, legend, powers } from "./plot.js";
import { panel, sum } from "./ranks.js";

const SLICES = 48;
const HEIGHT = 190;
// In a shorter session, times are shown in milliseconds.
const SHORT = 3000;
// More dots than this are indistinguishable.
const DOTS = 1500;
const TONES = [["hit", "hit"], ["recorded", "recorded"], ["forwarded", "forwarded"], ["miss", "miss"], ["held", "held"], ["failed", "failed"]];
const toneOf = (row) => (row.tone === "failover" ? "failed" : row.tone);

export function overTime(rows) {
  const time = slices(rows);
  return [requests(rows, time), latency(rows, time), tokens(time)];
}

// Equal slices of the session's time.
function slices(rows) {
  const from = Date.parse(rows[0].at);
  const to = Math.max(Date.parse(rows[rows.length - 1].at), from + 1000);
  const each = (to - from) / SLICES;
  const made = Array.from({ length: SLICES }, (_, at) => ({ from: from + at * each, to: from + (at + 1) * each, rows: [] }));
  for (const row of rows) made[Math.min(SLICES - 1, Math.floor((Date.parse(row.at) - from) / each))].rows.push(row);
  return { made, axis: { x: [from, to], xName: (at) => clock(at, to - from < SHORT), xTicks: [0.1, 0.5, 0.9].map((part) => from + part * (to - from)), height: HEIGHT } };
}

// The outcomes of the rows in a slice, stacked.
function stacked(slice, parts) {
  let below = 0;
  const made = [];
  for (const [kind, number, title] of parts) {
    if (!number) continue;
    made.push({ from: slice.from, to: slice.to, y0: below, y1: below + number, kind, title: `${clock(slice.from)}: ${title}` });
    below += number;
  }
  return made;
}

const highest = (blocks) => blocks.reduce((most, block) => Math.max(most, block.y1), 0);

function requests(rows, { made, axis }) {
  const blocks = made.flatMap((slice) => stacked(slice, TONES.map(([tone, name]) => {
    const number = slice.rows.filter((row) => toneOf(row) === tone).length;
    return [tone, number, `${number.toLocaleString()} ${name}`];
  })));
  const there = TONES.filter(([tone]) => rows.some((row) => toneOf(row) === tone));
  return panel("Requests",
    chart({ ...axis, label: `Requests over time by what became of them, at most ${highest(blocks)} in a ${SLICES}th of the time`, y: [0, Math.max(1, highest(blocks))], yName: short, blocks, least: 1 }),
    legend(there));
}

// On a logarithmic scale: hits take a millisecond, answers of a model a minute.
function latency(rows, { axis }) {
  const some = rows.length > DOTS ? rows.filter((_, at) => at % Math.ceil(rows.length / DOTS) === 0) : rows;
  const scale = (ms) => Math.max(0, Math.log10(Math.max(ms, 1)));
  const most = Math.max(1, Math.ceil(Math.max(...some.map((row) => scale(row.ms)))));
  const sorted = rows.map((row) => row.ms).sort((a, b) => a - b);
  const at = (part) => duration(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]);
  const told = `Half took less than ${at(0.5)}, 95 of 100 less than ${at(0.95)}.`;
  return panel("Latency",
    chart({
      ...axis, label: `Latency over time on a scale of logarithms. ${told}`, y: [0, most], yTicks: powers(most), yName: (power) => round(10 ** power),
      dots: some.map((row) => [Date.parse(row.at), scale(row.ms), toneOf(row)]),
    }),
    h("p", { class: "dim" }, told));
}

const round = (ms) => (ms < 1000 ? `${ms} ms` : `${ms / 1000} s`);

function tokens({ made, axis }) {
  const blocks = made.flatMap((slice) => {
    const [asked, said] = [0, 1].map((at) => sum(slice.rows, (row) => row.tokens?.[at]));
    return stacked(slice, [["asked", asked, `${count(asked, "token")} in`], ["said", said, `${count(said, "token")} out`]]);
  });
  if (!blocks.length) return "";
  return panel("Tokens",
    chart({ ...axis, label: "Tokens over time, in and out", y: [0, highest(blocks)], yName: short, blocks }),
    legend([["asked", "in"], ["said", "out"]]));
}
