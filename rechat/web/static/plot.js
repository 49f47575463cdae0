// Plots: lines, dots and blocks on two axes with round numbers. A plot is drawn as wide as its
// container, so that its text is readable on a small screen. Screen readers get its label.

import { h, svg } from "./dom.js";

const LEFT = 58;
const BOTTOM = 24;
const TOP = 20;
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

// Powers of ten up to a value, for a logarithmic scale of values that are never below 0: 1 is at 0.
export const powers = (most) => [0, 1, 2, 3, 4, 5, 6, 7].filter((power) => power <= most);

// Sizes that are round in the units in which they are shown.
export function sizes(most) {
  const unit = most < 2048 ? 1 : most < 2 << 20 ? 1024 : 1 << 20;
  return rounds(0, most / unit, 4, unit === 1 ? 1 : 0).map((size) => size * unit);
}

export function chart(shown) {
  const made = h("div", { class: "chart" });
  made.style.minHeight = `${shown.height}px`;
  new ResizeObserver(([{ contentRect }]) => {
    const width = Math.round(contentRect.width);
    if (width) made.replaceChildren(drawn({ ...shown, width }));
  }).observe(made);
  return made;
}

// What the colours of a plot mean.
export const legend = (names) =>
  h("ul", { class: "legend" }, ...names.map(([kind, name]) => h("li", {}, h("i", { class: `key ${kind}`, "aria-hidden": "true" }), name)));

function scales({ width, height, x: [from, to], y: [low, high] }) {
  const top = high || 1;
  return {
    right: (value) => LEFT + ((value - from) / (to - from || 1)) * (width - LEFT - RIGHT),
    up: (value) => TOP + (1 - (value - low) / (top - low || 1)) * (height - TOP - BOTTOM),
  };
}

function drawn(shown) {
  const { label, width, height } = shown;
  const scale = scales(shown);
  return svg("svg", { class: "plot", viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label },
    ...axes(shown, scale), ...marks(shown, scale), ...blocks(shown, scale), ...lines(shown, scale), ...ticks(shown, scale));
}

function axes({ width, height, x, y, xName, yName, xTicks, yTicks, yTitle = "", least }, { right, up }) {
  const made = [];
  for (const value of yTicks ?? rounds(y[0], y[1] || 1, 4, least)) {
    made.push(
      svg("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: up(value), y2: up(value) }),
      svg("text", { x: LEFT - 8, y: up(value) + 4, "text-anchor": "end" }, yName(value)));
  }
  for (const value of xTicks ?? rounds(x[0], x[1], width / 110)) {
    made.push(svg("text", { x: right(value), y: height - 6, "text-anchor": value === x[0] ? "start" : "middle" }, xName(value)));
  }
  if (yTitle) made.push(svg("text", { class: "title", x: 0, y: 10 }, yTitle));
  return [...made, svg("line", { class: "axis", x1: LEFT, x2: width - RIGHT, y1: height - BOTTOM, y2: height - BOTTOM })];
}

// A moment, or a span of time, with its description.
function marks({ width, height, marks: given = [] }, { right }) {
  return given.flatMap((mark, index) => {
    const at = right(mark.at ?? mark.from);
    const isLate = at > width * 0.7;
    const shape = mark.at === undefined
      ? svg("rect", { class: "gap", x: at, width: Math.max(1, right(mark.to) - at), y: TOP, height: height - TOP - BOTTOM })
      : svg("line", { class: "mark", x1: at, x2: at, y1: TOP, y2: height - BOTTOM });
    return [shape, svg("text", { class: "told", x: at + (isLate ? -5 : 5), y: TOP + 10 + 15 * index, "text-anchor": isLate ? "end" : "start" }, mark.text)];
  });
}

function blocks({ blocks: given = [] }, { right, up }) {
  return given.map((block) =>
    svg("rect", {
      class: `block ${block.kind ?? ""}`, x: right(block.from), width: Math.max(1, right(block.to) - right(block.from) - 1),
      y: up(block.y1), height: Math.max(0, up(block.y0) - up(block.y1)),
    }, ...(block.title ? [svg("title", {}, block.title)] : [])));
}

function lines({ lines: given = [], dots = [] }, { right, up }) {
  const paths = given.map((points) =>
    svg("path", { class: "line", d: points.map(([at, value], index) => `${index ? "L" : "M"}${right(at).toFixed(1)} ${up(value).toFixed(1)}`).join("") }));
  return [...paths, ...dots.map(([at, value, kind]) => svg("circle", { class: `dot ${kind ?? ""}`, cx: right(at), cy: up(value), r: 2.5 }))];
}

function ticks({ height, ticks: given = [] }, { right }) {
  return given.length ? [svg("path", { class: "ticks", d: given.map((at) => `M${right(at).toFixed(1)} ${height - BOTTOM}v-5`).join("") })] : [];
}
