// The state of the upstreams: whether each is healthy, and a bar for each of its latest requests.

import { button, count, duration, h } from "./dom.js";
import { panel } from "./ranks.js";

const LATEST = 40;
const ASKED = ["recorded", "forwarded", "failover", "failed"];

export function upstreams(known, rows, choose) {
  if (!known.length) return "";
  const all = rows.filter((row) => row.upstream || ASKED.includes(row.verdict));
  return panel("Upstreams", ...known.map((one) => {
    const asked = known.length === 1 ? all : all.filter((row) => row.upstream === one.name);
    return upstream(one, asked.slice(-LATEST), () => choose(one, known.length === 1));
  }));
}

const isWell = (one) => !one.left_alone_s;

function upstream(one, rows, choose) {
  const share = one.asked ? Math.round((100 * one.failed) / one.asked) : 0;
  const facts = [
    one.model ? `for ${one.model}` : "",
    `${one.asked.toLocaleString()} asked`,
    one.failed ? button(`${one.failed.toLocaleString()} failed (${share} %)`, choose, { class: "quiet failed", title: "Show what failed" }) : "none failed",
    one.first_byte_ms ? `first byte after ${duration(one.first_byte_ms)}` : "",
    `${one.in_flight}${one.limit ? ` of ${one.limit}` : ""} in flight`,
    one.waiting ? `${one.waiting} wait for a place` : "",
  ];
  return h("div", { class: "upstream" },
    h("div", { class: "head" },
      h("strong", {}, one.name),
      h("span", { class: isWell(one) ? "hit" : "failed" }, isWell(one) ? "✓ well" : `✗ left alone for ${one.left_alone_s} s`)),
    rows.length ? strip(one, rows) : "",
    h("p", {}, ...facts.filter(Boolean).flatMap((fact, at) => (at ? [" · ", fact] : [fact]))),
    one.reason ? h("p", { class: "dim" }, `The latest failure: ${reason(one)}`) : "");
}

// The reason begins with the name of the upstream, which is shown above it.
const reason = (one) => one.reason.replace(/^\S+: /, "");

// A bar for each request: its height is its time, on a logarithmic scale.
function strip(one, rows) {
  const bad = rows.filter((row) => ["failed", "failover"].includes(row.tone)).length;
  const label = `The latest ${count(rows.length, "request")} of ${one.name}: ${bad || "none"} failed`;
  return h("div", { class: "strip", role: "img", "aria-label": label }, ...rows.map((row) => {
    const piece = h("i", { class: row.tone, title: `#${row.number}: ${row.word}${row.status ? ` ${row.status}` : ""}, ${duration(row.ms)}` });
    piece.style.height = `${Math.min(100, 20 + 16 * Math.log10(1 + row.ms))}%`;
    return piece;
  }));
}
