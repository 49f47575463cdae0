// The list: dense lines, of which only those that are seen are there. New lines never move what is
// being read.

import { drawHead } from "./columns.js";
import { $, count } from "./dom.js";
import { Conversations, linesOf } from "./groups.js";
import { groupLine, rowLine } from "./lines.js";
import { data, emit, isWaiting, on, view } from "./model.js";

const opened = new Set();
const made = new Map();
let lines = [];
let conversations = new Conversations();
let places = null;
let isDirty = true;
let cursor = "";
let unread = 0;

// The height of a line; and so many new ones are made in a frame while exchanges stream in.
let each = 28;
const AT_ONCE = 8;
// What stood in each place of the list when it was last drawn.
let slots = new Map();
let isStreaming = false;

// Where a line stands: most of the time nobody asks.
function placeOf(key) {
  places ??= new Map(lines.map((line, at) => [line.key, at]));
  return places.get(key);
}

on("rows", ({ added, isOther, isKnown }) => {
  if (added) conversations.add(added);
  else if (!isKnown) {
    conversations = new Conversations();
    conversations.add(data.rows);
  }
  isDirty = true;
  if (isOther) made.clear();
  isStreaming = Boolean(added);
  if (added && !isFollowing()) unread += added.length;
  draw();
});
on("open", () => {
  if (data.current && placeOf(cursor) === undefined) cursor = `r${data.current.number}`;
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
  places = null;
  isDirty = false;
  $("rows").style.height = `${lines.length * each}px`;
  if (scrolled < 4 && !view.open && !view.sort) {
    unread = 0;
    return scrolled;
  }
  const at = top && placeOf(top.key);
  if (at === undefined) return list.scrollTop;
  return (list.scrollTop = at * each + (scrolled % each));
}

function drawLines() {
  const list = $("list");
  // All is read before anything is written: else the browser would lay out the page twice.
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

// Put the lines of these places in. While exchanges stream in, a few are made in each frame, from the
// top, and what stood in the places of the others stays until it is their turn.
function fill(first, last) {
  const isTree = view.grouped && !view.sort;
  const wanted = new Set();
  for (let at = first; at < last; at++) wanted.add(lines[at].key);
  const before = slots;
  let left = isStreaming ? AT_ONCE : Infinity;
  slots = new Map();
  for (let at = first; at < last; at++) {
    const line = lines[at];
    const old = before.get(at);
    if (!made.has(line.key) && left-- <= 0 && old && !wanted.has(old.key)) slots.set(at, old);
    else slots.set(at, { key: line.key, element: placed(elementOf(line, isTree), at) });
  }
  for (const key of made.keys()) if (!wanted.has(key)) made.delete(key);
  const rows = $("rows");
  rows.setAttribute("role", isTree ? "tree" : "listbox");
  if (wanted.has(cursor)) rows.setAttribute("aria-activedescendant", `line-${cursor}`);
  else rows.removeAttribute("aria-activedescendant");
  swap(rows, [...slots.values()].map((slot) => slot.element));
  isStreaming = left < 0 && isStreaming;
  if (isStreaming) draw();
}

function placed(element, at) {
  if (element.getAttribute("aria-posinset") !== String(at + 1)) {
    element.style.transform = `translateY(${at * each}px)`;
    element.setAttribute("aria-posinset", at + 1);
  }
  if (element.getAttribute("aria-setsize") !== String(lines.length)) element.setAttribute("aria-setsize", lines.length);
  return element;
}

// Only what has changed is put in: a line under the pointer stays the same element.
function swap(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  children.forEach((child, at) => {
    if (parent.children[at] !== child) parent.insertBefore(child, parent.children[at] ?? null);
  });
}

// The line of what is open beside the list: its conversation, if that is closed.
function isShown(line) {
  const number = data.current?.number;
  if (line.row) return line.row.number === number;
  return !opened.has(line.key) && line.group.rows.some((row) => row.number === number);
}

function elementOf(line, isTree) {
  const isIt = isShown(line);
  const state = `${isIt} ${line.key === cursor} ${isTree} ${line.group ? `${line.group.rows.length} ${opened.has(line.key)}` : isWaiting(line.row)}`;
  const known = made.get(line.key);
  if (known?.state === state) return known.element;
  const element = line.group ? groupLine(line, opened.has(line.key)) : rowLine(line);
  element.addEventListener("click", () => choose(line, true));
  element.id = `line-${line.key}`;
  element.setAttribute("role", isTree ? "treeitem" : "option");
  element.setAttribute("aria-selected", String(isIt));
  if (isTree) element.setAttribute("aria-level", line.level);
  element.classList.toggle("current", isIt);
  element.classList.toggle("cursor", line.key === cursor);
  made.set(line.key, { element, state });
  return element;
}

export function toggle(key, isOpen = !opened.has(key)) {
  if (isOpen) opened.add(key);
  else opened.delete(key);
  isDirty = true;
  draw();
}

// Where an exchange covers the list, a conversation only opens: its turns are what one looks for.
const isNarrow = () => matchMedia("(max-width: 760px)").matches;

function choose(line, toggles = false) {
  cursor = line.key;
  if (line.group && toggles) toggle(line.key);
  if (line.row || !isNarrow()) emit("choose", line.row ?? line.group.rows[line.group.rows.length - 1]);
  draw();
}

// Go some lines down or up, and show what is there.
export function step(by) {
  if (isDirty) compute($("list").scrollTop);
  if (!lines.length) return;
  const known = placeOf(cursor) ?? placeOf(`r${view.open}`);
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
  if (at === undefined) return;
  const line = lines[at];
  if (line.group) toggle(line.key, isOpen);
  else if (!isOpen && line.level === 2) {
    let up = at;
    while (up > 0 && lines[up].level === 2) up--;
    step(up - at);
  }
}

// Keys go to the list, and the line where they are is seen.
export const focus = () => $("rows").focus({ preventScroll: true });

function measure() {
  const now = parseFloat(getComputedStyle($("list")).getPropertyValue("--row")) || 28;
  if (now !== each) made.clear();
  each = now;
}

export function start() {
  drawHead();
  measure();
  $("list").addEventListener("scroll", () => draw(), { passive: true });
  $("unread").addEventListener("click", () => {
    $("list").scrollTop = 0;
    unread = 0;
    draw();
  });
  addEventListener("resize", () => {
    measure();
    isDirty = true;
    draw();
  });
}
