// How an answer came: what has arrived by when, with the gaps between, and axes.

import { bytes, count, duration, h } from "./dom.js";
import { chart } from "./plot.js";

export function timing(one) {
  const { times } = one;
  if (!times.length) return [h("p", { class: "dim" }, "Nothing was sent.")];
  const total = times.reduce((sum, [, size]) => sum + size, 0);
  if (times.length < 2) return [h("p", {}, `All at once: ${bytes(total)}, ${duration(one.ms)} after the request.`)];
  const end = times[times.length - 1][0] || 1;
  let sum = 0;
  const points = [[0, 0]];
  for (const [at, size] of times) {
    points.push([at, sum]);
    sum += size;
    points.push([at, sum]);
  }
  const gaps = times.slice(1).map(([at], index) => [at - times[index][0], times[index][0]]);
  const sorted = gaps.map(([gap]) => gap).sort((a, b) => a - b);
  const [longest, where] = gaps.reduce((most, gap) => (gap[0] > most[0] ? gap : most), [0, 0]);
  const rate = one.tokens?.[1] && end > times[0][0] ? ` · ${Math.round((one.tokens[1] / (end - times[0][0])) * 1000)} tokens/s` : "";
  const text = `First piece after ${times[0][0].toFixed(0)} ms, ${count(times.length, "piece")}, ${bytes(total)}, last after ${end.toFixed(0)} ms${rate}.`;
  const gapText = `Between two pieces: ${sorted[sorted.length >> 1].toFixed(1)} ms in the middle, ${longest.toFixed(0)} ms at most (at ${where.toFixed(0)} ms).`;
  return [
    chart({
      label: `What had arrived by when. ${text}`, width: 640, height: 240, x: [0, end], y: [0, total], xName: duration, yName: bytes,
      lines: [{ kind: "step", points }],
      marks: [{ at: times[0][0], text: "first token" }, ...(longest > 0.2 * end ? [{ from: where, to: where + longest, text: "longest gap" }] : [])],
      ticks: times.slice(0, 600).map(([at]) => at),
    }),
    h("p", {}, text), h("p", { class: "dim" }, gapText),
  ];
}
