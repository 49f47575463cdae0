// What differs from the nearest transcript: side by side, the changed words marked, unchanged lines
// folded.

import { $, button, count, h } from "./dom.js";
import { link } from "./editors.js";

let at = -1;

export function difference(one) {
  at = -1;
  const made = [h("div", { class: "between" },
    h("p", {}, one.nearest ? ["The nearest transcript is ", link(one.nearest), ". "] : "", count(one.differences.length, "difference"), "."),
    h("span", { class: "spring" }),
    button("↑", () => go(-1), { class: "quiet", "aria-label": "Previous difference", title: "Previous difference (p)" }),
    button("↓", () => go(1), { class: "quiet", "aria-label": "Next difference", title: "Next difference (n)" }))];
  for (const found of one.differences) {
    made.push(h("h3", { class: "reason" }, found.reason));
    if (found.lines.length) made.push(sideBySide(found, "Transcript", "Request"));
  }
  return made;
}

const pieces = (line) => (line?.pieces ?? []).map(([text, marked]) => (marked ? h("mark", {}, text) : text));
const cell = (kind, line, name) => h("div", { class: kind }, name ? h("span", { class: "unseen" }, `${name}: `) : "", ...pieces(line));

export function sideBySide(found, left, right) {
  const { lines } = found;
  const grid = h("div", { class: "diff", role: "group", "aria-label": `${left} and ${right}, side by side` },
    h("div", { class: "side left" }, left), h("div", { class: "side right" }, right));
  let next = 0;
  while (next < lines.length) {
    const { kind } = lines[next];
    if (kind === "gap") {
      grid.append(gap(lines[next]));
      next++;
    } else if (kind === "same") {
      grid.append(cell("same left", lines[next]), cell("same right", lines[next]));
      next++;
    } else {
      const old = [];
      const now = [];
      while (next < lines.length && ["recorded", "asked"].includes(lines[next].kind)) {
        (lines[next].kind === "recorded" ? old : now).push(lines[next]);
        next++;
      }
      for (let row = 0; row < Math.max(old.length, now.length); row++) {
        grid.append(
          old[row] ? cell("old left", old[row], left) : cell("none left"),
          now[row] ? cell("new right", now[row], right) : cell("none right"));
      }
      grid.children[grid.children.length - 2 * Math.max(old.length, now.length)].classList.add("stop");
    }
  }
  return grid;
}

// Unchanged lines that are left out: they open in place.
function gap(line) {
  const hidden = line.hidden ?? [];
  const label = hidden.length ? `⋯ ${count(hidden.length, "unchanged line")}` : "⋯";
  if (!hidden.length) return h("div", { class: "gap" }, label);
  const made = button(label, () => {
    made.replaceWith(...hidden.flatMap((text) => ["left", "right"].map((side) => cell(`same ${side}`, { pieces: [[text, false]] }))));
    $("part")?.focus({ preventScroll: true });
  }, { class: "gap" });
  return made;
}

// The next difference, or the one before.
export function go(by) {
  const stops = [...document.querySelectorAll("#part .reason, #part .stop")].filter(
    (stop) => !(stop.matches(".reason") && stop.nextElementSibling?.matches(".diff")));
  if (!stops.length) return;
  at = (at + by + stops.length) % stops.length;
  for (const stop of stops) stop.classList.remove("here");
  stops[at].classList.add("here");
  stops[at].scrollIntoView({ block: "center" });
}
