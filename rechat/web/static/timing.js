// The timing of an answer: what had arrived by when, with the gaps between.

import { bytes, count, duration, h } from "./dom.js";
import { chart, sizes } from "./plot.js";

// A gap of at least this share of the time is marked.
const LONG = 0.1;

export function timing(one) {
  const { times } = one;
  if (!times.length) return [h("p", { class: "dim" }, "Nothing was sent.")];
  const total = times.reduce((sum, [, size]) => sum + size, 0);
  if (times.length < 2) return [h("p", {}, `All at once: ${bytes(total)}, ${duration(one.ms)} after the request.`)];
  const end = times[times.length - 1][0] || 1;
  const [first] = times[0];
  const gaps = times.slice(1).map(([at], index) => [at - times[index][0], times[index][0]]);
  const sorted = gaps.map(([gap]) => gap).sort((a, b) => a - b);
  const [longest, where] = gaps.reduce((most, gap) => (gap[0] > most[0] ? gap : most), [0, 0]);
  const text = `${count(times.length, "piece")}, ${bytes(total)}: the first after ${duration(first)}, the last after ${duration(end)}.`;
  return [
    chart({
      label: `What had arrived by when. ${text}`, height: 260, x: [0, end], y: [0, total], xName: duration, yName: bytes,
      yTitle: "Bytes that had arrived, by the time after the request", yTicks: sizes(total), lines: [steps(times)],
      marks: [{ at: first, text: `first token, ${duration(first)}` }, ...(longest > LONG * end ? [{ from: where, to: where + longest, text: `longest gap, ${duration(longest)}` }] : [])],
      ticks: times.slice(0, 600).map(([at]) => at),
    }),
    h("p", {}, text),
    h("dl", { class: "facts" },
      fact("Between two pieces", `${duration(sorted[sorted.length >> 1])} in the middle, ${duration(longest)} at most`),
      ...(one.tokens?.[1] && end > first ? [fact("Speed", `${Math.round((one.tokens[1] / (end - first)) * 1000).toLocaleString()} tokens/s`)] : [])),
  ];
}

const fact = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));

function steps(times) {
  let sum = 0;
  const points = [[0, 0]];
  for (const [at, size] of times) {
    points.push([at, sum]);
    sum += size;
    points.push([at, sum]);
  }
  return points;
}
