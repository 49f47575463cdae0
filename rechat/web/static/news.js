// Announcements for screen readers: few, and only important ones. While exchanges stream in, nothing
// is announced; their number is, once the list is quiet.

import { $, count } from "./dom.js";
import { data, on } from "./model.js";

const REST = 2000;
const BAD = [["miss", "missed"], ["held", "held"], ["failed", "failed"]];

let came = new Map();
let isFiltered = false;
let resting = 0;
let before = { isAway: false, waiting: 0, problems: 0 };

const say = (text) => { $("news").textContent = text; };

function tell() {
  const all = [...came.values()].reduce((sum, number) => sum + number, 0);
  const bad = BAD.filter(([tone]) => came.has(tone)).map(([tone, word]) => `${came.get(tone).toLocaleString()} ${word}`);
  if (isFiltered) say(`${count(data.rows.length, "exchange")} shown`);
  else if (all) say([count(all, "new exchange"), ...bad].join(", "));
  came = new Map();
  isFiltered = false;
}

function rest() {
  clearTimeout(resting);
  resting = setTimeout(tell, REST);
}

function changed({ isAway = false, held, problems = 0 }) {
  const now = { isAway, waiting: held.length, problems };
  if (now.isAway !== before.isAway) say(isAway ? "Not connected" : "Connected again");
  else if (now.waiting > before.waiting) say(`${count(now.waiting, "client")} waiting for an answer`);
  else if (now.problems !== before.problems) say(problems ? `${count(problems, "transcript")} broken` : "No transcript is broken");
  before = now;
}

export function start() {
  on("filter", () => { isFiltered = true; rest(); });
  on("state", () => changed(data.state));
  on("rows", ({ added = [] }) => {
    for (const { tone } of added) came.set(tone, (came.get(tone) ?? 0) + 1);
    if (added.length || isFiltered) rest();
  });
}
