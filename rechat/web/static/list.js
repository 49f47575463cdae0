// The list: dense lines, of which only the visible ones are rendered. New lines never move what is
// being read.

import { drawHead } from "./columns.js";
import { $, count } from "./dom.js";
import { Conversations, linesOf } from "./groups.js";
import { groupLine, rowLine } from "./lines.js";
import { data, emit, isWaiting, on, view } from "./model.js";
import { Places } from "./places.js";
import { vnode } from "./vdom.js";

const opened = new Set();
const places = new Places($("rows"), (line) => choose(line, true));
let lines = [];
let conversations = new Conversations();
let isDirty = true;
let cursor = "";
let unread = 0;

// The height of a line; and how many new ones are shown per frame while exchanges stream in.
let each = 28;
const AT_ONCE = 8;
let isStreaming = false;

// The position of a line; negative if it is missing.
const placeOf = (key) => lines.findIndex((line) => line.key === key);

on("rows", ({ added, dropped, isOther, isKnown }) => {
  if (added) {
    conversations.add(added);
    conversations.drop(dropped);
  } else if (!isKnown) {
    conversations = new Conversations();
    conversations.add(data.rows);
  }
  isDirty = true;
  if (isOther) places.forget();
  isStreaming = Boolean(added) || (isStreaming && isKnown && !isOther);
  if (added && !isFollowing()) unread += added.length;
  draw();
});
on("open", () => {
  if (data.current && placeOf(cursor) < 0) cursor = `r${data.current.number}`;
  draw();
});

const isFollowing = () => $("list").scrollTop < 4 && !view.open && !view.sort;

let isDrawing = false;
export function draw() {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    const isEmpty = data.rows.length === 0;
    const isThere = view.tab === "exchanges";
    $("exchanges").hidden = !isThere || isEmpty;
    $("empty").hidden = !isThere || !isEmpty;
    $("detail").hidden = !isThere || !data.current;
    if (isThere && isEmpty) emit("empty");
    if (!$("exchanges").hidden) drawLines();
  });
}

// The lines as they are now, and how far the list is scrolled then: what is read stays in its place.
function compute(scrolled) {
  const list = $("list");
  const top = lines[Math.floor(scrolled / each)];
  lines = linesOf(data.rows, conversations, { ...view, opened });
  isDirty = false;
  $("rows").style.height = `${lines.length * each}px`;
  if (scrolled < 4 && !view.open && !view.sort) {
    unread = 0;
    return scrolled;
  }
  const at = top ? placeOf(top.key) : -1;
  if (at < 0) return list.scrollTop;
  return (list.scrollTop = at * each + (scrolled % each));
}

function drawLines() {
  const list = $("list");
  // All reads come before all writes: otherwise the browser would lay out the page twice.
  const room = list.clientHeight;
  let scrolled = list.scrollTop;
  if (isDirty) scrolled = compute(scrolled);
  if (scrolled < 4) unread = 0;
  const first = Math.max(0, Math.floor(scrolled / each) - 10);
  const last = Math.min(lines.length, Math.ceil((scrolled + room) / each) + 10);
  fill(first, last);
  $("unread").hidden = !unread;
  $("unread").textContent = `↑ ${count(unread, "new exchange")}`;
}

// While exchanges stream in, a few lines are new in each frame.
function fill(first, last) {
  const isTree = view.grouped && !view.sort;
  const rows = $("rows");
  rows.setAttribute("role", isTree ? "tree" : "listbox");
  const isWhole = places.fill(lines, first, last, {
    each, most: isStreaming ? AT_ONCE : Infinity, stateOf: (line) => stateOf(line, isTree), tell: (line) => tell(line, isTree),
  });
  const isSeen = lines.slice(first, last).some((line) => line.key === cursor);
  if (isSeen) rows.setAttribute("aria-activedescendant", `line-${cursor}`);
  else rows.removeAttribute("aria-activedescendant");
  isStreaming &&= !isWhole;
  if (isStreaming) draw();
}

// The line of what is open beside the list: its conversation, if that is closed.
function isShown(line) {
  const number = data.current?.number;
  if (line.row) return line.row.number === number;
  return !opened.has(line.key) && line.group.rows.some((row) => row.number === number);
}

const stateOf = (line, isTree) =>
  `${isShown(line)} ${line.key === cursor} ${isTree} ${line.group ? `${line.group.rows.length} ${opened.has(line.key)}` : isWaiting(line.row)}`;

// A line, and its position in the list for screen readers.
function tell(line, isTree) {
  const { name, props, children } = line.group ? groupLine(line, opened.has(line.key)) : rowLine(line);
  const isIt = isShown(line);
  return vnode(name, {
    ...props, id: `line-${line.key}`, role: isTree ? "treeitem" : "option", "aria-selected": String(isIt), "aria-level": isTree ? line.level : null,
    class: `${props.class}${isIt ? " current" : ""}${line.key === cursor ? " cursor" : ""}`,
  }, children);
}

export function toggle(key, isOpen = !opened.has(key)) {
  if (isOpen) opened.add(key);
  else opened.delete(key);
  isDirty = true;
  draw();
}

// If an exchange covers the list, a conversation is only expanded, to show its turns.
const isNarrow = () => matchMedia("(max-width: 760px)").matches;

function choose(line, toggles = false) {
  cursor = line.key;
  if (line.group && toggles) toggle(line.key);
  if (line.row || !isNarrow()) emit("choose", line.row ?? line.group.rows[line.group.rows.length - 1]);
  draw();
}

// Go some lines down or up, and show the exchange there.
export function step(by) {
  if (isDirty) compute($("list").scrollTop);
  if (!lines.length) return;
  const known = [cursor, `r${view.open}`].map(placeOf).find((place) => place >= 0);
  const at = known === undefined ? 0 : Math.min(lines.length - 1, Math.max(0, known + by));
  const list = $("list");
  if (at * each < list.scrollTop) list.scrollTop = at * each;
  if ((at + 1) * each > list.scrollTop + list.clientHeight) list.scrollTop = (at + 1) * each - list.clientHeight;
  choose(lines[at]);
}

// The first line, or the last one.
export const jump = (isLast) => step(isLast ? lines.length : -lines.length);

// Open or close the conversation of the line, or go up to the conversation that a turn is in.
export function fold(isOpen) {
  const at = placeOf(cursor);
  if (at < 0) return;
  const line = lines[at];
  if (line.group) toggle(line.key, isOpen);
  else if (!isOpen && line.level === 2) {
    let up = at;
    while (up > 0 && lines[up].level === 2) up--;
    step(up - at);
  }
}

// Focus the list, and scroll its current line into view.
export const focus = () => $("rows").focus({ preventScroll: true });

function measure() {
  const now = parseFloat(getComputedStyle($("list")).getPropertyValue("--row")) || 28;
  each = now;
}

export function start() {
  drawHead();
  measure();
  $("list").addEventListener("scroll", () => draw(), { passive: true });
  $("unread").addEventListener("click", () => {
    $("list").scrollTop = 0;
    unread = 0;
    focus();
    draw();
  });
  addEventListener("resize", () => {
    measure();
    isDirty = true;
    draw();
  });
}
