// Plots: lines, steps and bars on two axes with round numbers. A reader who cannot see them gets
// their label.

import { svg } from "./dom.js";

const LEFT = 58;
const BOTTOM = 24;
const TOP = 12;
const RIGHT = 14;

// Round values between two, about so many.
export function rounds(from, to, about = 5, least = 0) {
  const span = to - from || 1;
  const rough = Math.max(least, span / about);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((one) => span / one <= about + 1) ?? rough;
  const found = [];
  for (let at = Math.ceil(from / step) * step; at <= to + step / 1e6; at += step) found.push(Number(at.toPrecision(12)));
  return found;
}

export function chart({ label, width, height, x, y, xName, yName, lines = [], bars = [], marks = [], ticks = [], xTicks, least }) {
  const [x0, x1] = x;
  const top = y[1] || 1;
  const right = (value) => LEFT + ((value - x0) / (x1 - x0 || 1)) * (width - LEFT - RIGHT);
  const up = (value) => TOP + (1 - (value - y[0]) / (top - y[0] || 1)) * (height - TOP - BOTTOM);
  const made = svg("svg", { class: "plot", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  for (const value of rounds(y[0], top, 4, least)) {
    made.append(
      svg("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: up(value), y2: up(value) }),
      svg("text", { x: LEFT - 8, y: up(value) + 4, "text-anchor": "end" }, yName(value)));
  }
  for (const value of xTicks ?? rounds(x0, x1, width / 110)) {
    made.append(svg("text", { x: right(value), y: height - 6, "text-anchor": "middle" }, xName(value)));
  }
  for (const mark of marks) {
    if (mark.from !== undefined) {
      made.append(svg("rect", { class: "gap", x: right(mark.from), width: Math.max(1, right(mark.to) - right(mark.from)), y: TOP, height: height - TOP - BOTTOM }));
    } else made.append(svg("line", { class: "mark", x1: right(mark.at), x2: right(mark.at), y1: TOP, y2: height - BOTTOM }));
    const at = right(mark.at ?? mark.from);
    const isLate = at > width * 0.75;
    made.append(svg("text", { class: "told", x: at + (isLate ? -5 : 5), y: TOP + (mark.from !== undefined ? 26 : 10), "text-anchor": isLate ? "end" : "start" }, mark.text));
  }
  for (const bar of bars) {
    made.append(svg("rect", { class: `bar ${bar.kind ?? ""}`, x: right(bar.from), width: Math.max(1, right(bar.to) - right(bar.from) - 1), y: up(bar.y1), height: Math.max(0, up(bar.y0) - up(bar.y1)) },
      ...(bar.title ? [svg("title", {}, bar.title)] : [])));
  }
  for (const { kind, points, dots } of lines) {
    if (dots) {
      for (const [at, value, tone] of points) made.append(svg("circle", { class: `dot ${tone ?? ""}`, cx: right(at), cy: up(value), r: 2.5 }));
      continue;
    }
    const path = points.map(([at, value], index) => `${index ? "L" : "M"}${right(at).toFixed(1)} ${up(value).toFixed(1)}`).join("");
    made.append(svg("path", { class: `line ${kind}`, d: path }));
  }
  if (ticks.length) {
    made.append(svg("path", { class: "ticks", d: ticks.map((at) => `M${right(at).toFixed(1)} ${height - BOTTOM}v-5`).join("") }));
  }
  made.append(svg("line", { class: "axis", x1: LEFT, x2: width - RIGHT, y1: height - BOTTOM, y2: height - BOTTOM }));
  return made;
}
