// The transcripts: a tree with the hits and problems of each, a search over all texts, and one of them
// to read, rendered or as source.

import { code } from "./code.js";
import { $, button, count, h, note } from "./dom.js";
import { link } from "./editors.js";
import { redraw } from "./focus.js";
import { emit, on, remember, view } from "./model.js";
import { findings, sections } from "./sections.js";
import { get, saved } from "./server.js";
import { editFile, isEdited } from "./wholefile.js";

const AT_ONCE = 200;
let isSource = false;
let isEditing = false;
let listed = [];
let onlyNever = false;
// What the reader has closed, and how many files of a folder are shown.
const shut = new Set();
const unfolded = new Map();

export async function showFiles() {
  if (saved) return;
  try {
    // The texts are read once, so that the first search need not wait for that.
    get("transcripts/search?q=").catch((error) => note(error.message));
    const found = await get("transcripts");
    listed = found.transcripts;
    drawTree(found.is_linted);
    if (view.query) search(view.query);
    if (view.file && !isEditing) read(view.file);
  } catch (error) {
    note(error.message);
  }
}

function age(seconds) {
  if (!seconds) return "";
  const minutes = Math.max(0, Date.now() / 1000 - seconds) / 60;
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${Math.floor(minutes)} min ago`;
  if (minutes < 60 * 48) return `${Math.floor(minutes / 60)} h ago`;
  return `${Math.floor(minutes / 1440)} d ago`;
}

function drawTree(isLinted) {
  const folders = new Map();
  const shown = listed.filter((file) => !onlyNever || !file.requests);
  for (const file of shown) {
    const cut = file.path.lastIndexOf("/");
    const name = file.path.slice(0, Math.max(0, cut)) || ".";
    folders.set(name, [...(folders.get(name) ?? []), file]);
  }
  const never = listed.filter((file) => !file.requests).length;
  const broken = listed.filter((file) => file.findings.some((finding) => finding.level === "error")).length;
  redraw($("tree"), () => $("tree").replaceChildren(
    h("div", { class: "tree-head" },
      h("span", { class: "dim" }, `${count(listed.length, "file")}${broken ? `, ${broken} broken` : ""}`), h("span", { class: "spring" }),
      button(`Never used ${never}`, () => { onlyNever = !onlyNever; drawTree(isLinted); }, { id: "never", "aria-pressed": String(onlyNever) })),
    isLinted ? "" : h("p", { class: "dim" }, "There are many files: `rechat lint` says what is wrong with them."),
    ...[...folders].map(folder),
    listed.length ? "" : h("p", { class: "dim" }, "There are no transcripts yet.")));
}

function folder([name, files]) {
  const hits = files.reduce((sum, file) => sum + file.requests, 0);
  const made = h("details", { class: "folder", open: !shut.has(name), ontoggle: (event) => { shut[event.target.open ? "delete" : "add"](name); } }, h("summary", {}, h("strong", {}, name), h("span", { class: "dim" }, `${count(files.length, "file")} · ${count(hits, "hit")}`)));
  const more = (from, to) => {
    for (const file of files.slice(from, to)) made.append(...line(file));
    unfolded.set(name, to);
    if (to >= files.length) return;
    made.append(button(`${(files.length - to).toLocaleString()} more`, (event) => {
      event.target.remove();
      more(to, to + AT_ONCE);
      made.querySelectorAll(".file .name")[to].focus();
    }, { class: "quiet" }));
  };
  more(0, unfolded.get(name) ?? AT_ONCE);
  return made;
}

function line(file) {
  const name = file.path.slice(file.path.lastIndexOf("/") + 1);
  const isBroken = file.findings.some((finding) => finding.level === "error");
  return [
    h("div", { class: `file${file.requests ? "" : " unused"}${file.path === view.file ? " current" : ""}` },
      button(name, () => choose(file.path), { class: "name", title: file.path }),
      isBroken ? h("span", { class: "chip failed" }, "✗ broken") : file.findings.length ? h("span", { class: "chip warn" }, count(file.findings.length, "finding")) : h("span"),
      h("span", { class: "count" }, file.requests ? count(file.requests, "hit") : "never used"),
      h("span", { class: "count wide" }, count(file.answers, "answer")),
      h("span", { class: "count wide", title: "when it was changed" }, age(file.changed))),
    ...findings(file.findings.slice(0, 5), file.absolute),
  ];
}

function choose(path) {
  if (isEditing && view.file !== path && isEdited(view.file)) note(`What you typed in ${view.file} is kept there, not saved`);
  view.file = path;
  isEditing = false;
  remember();
  for (const element of document.querySelectorAll("#tree .file")) {
    element.classList.toggle("current", element.querySelector(".name").title === path);
  }
  read(path);
}

let asked = 0;
async function search(query) {
  const mine = ++asked;
  const words = query.replace(/(?:^|\s)is:\w+/g, "").trim();
  if (!words) return;
  const { found, count: all } = await get(`transcripts/search?q=${encodeURIComponent(words)}`);
  if (mine !== asked || view.query !== query) return;
  $("tree").replaceChildren(
    h("div", { class: "tree-head" }, h("span", { class: "dim" }, `${count(all, "file")} with “${words}”`), h("span", { class: "spring" }), button("Clear", () => { $("filter").value = ""; view.query = ""; emit("filter"); $("filter").focus(); }, { class: "quiet" })),
    ...found.map((one) =>
      h("div", { class: "found" },
        button(one.path, () => choose(one.path), { class: "name", title: one.path }), h("span", { class: "dim" }, ` line ${one.line}`),
        h("div", { class: "excerpt" }, one.before, h("mark", {}, one.text), one.after))));
}

async function read(path) {
  let file;
  try {
    file = await get(`transcripts/text?path=${encodeURIComponent(path)}`);
  } catch (error) {
    $("reader").replaceChildren(h("p", { class: "failed" }, error.message));
    return;
  }
  // A late response must not replace an open editor.
  if (view.file !== path || isEditing) return;
  const source = button("Source", () => { isSource = !isSource; read(path); }, { "aria-pressed": String(isSource), id: "source" });
  $("reader").hidden = false;
  redraw($("reader"), () => $("reader").replaceChildren(
    h("header", {},
      button("←", leave, { id: "leave", "aria-label": "Back to the files" }),
      h("h2", {}, path), h("span", { class: "spring" }), source,
      button(isEdited(path) ? "Go on editing" : "Edit", () => { isEditing = true; editFile(file, stopEditing); }, { id: "edit-file", title: "Edit the whole file" }),
      button("Its exchanges", () => { $("filter").value = view.query = `path:${path}`; emit("tab", "exchanges"); emit("filter"); }),
      link(file.absolute, "Open in editor")),
    isSource || !file.sections.length ? code(file.source, "text", "source") : h("div", {}, ...sections(file.sections, file.absolute))), () => $("edit-file"));
  $("reader").scrollTop = 0;
}

function stopEditing() {
  isEditing = false;
  read(view.file);
}

function leave() {
  const name = document.querySelector("#tree .file.current .name");
  view.file = "";
  remember();
  $("reader").hidden = true;
  name?.focus();
}

// Back from where one is: from the editor to the file, from the file to all of them. Gives back
// whether there was anything to go back from.
export function back() {
  if ($("reader").hidden) return false;
  if (isEditing) stopEditing();
  else leave();
  return true;
}

on("state", ({ isOther }) => {
  if (isOther && view.tab === "transcripts") showFiles();
});
