// The transcripts: how often each was used, and what is wrong with them.

import { $, count, h } from "./dom.js";
import { link } from "./editors.js";
import { on, view } from "./model.js";
import { get, saved } from "./server.js";

export async function showFiles() {
  if (saved) return;
  const found = await get("transcripts");
  const made = [];
  let folder = null;
  const words = view.query.toLowerCase();
  for (const file of found.transcripts) {
    if (words && !file.path.toLowerCase().includes(words)) continue;
    const cut = file.path.lastIndexOf("/");
    const inside = file.path.slice(0, Math.max(0, cut));
    if (inside !== folder) {
      folder = inside;
      made.push(h("div", { class: "folder" }, folder || "."));
    }
    made.push(h("div", { class: `file${file.requests ? "" : " unused"}` },
      h("span", { class: "name" }, link(file.absolute, file.path.slice(cut + 1))),
      h("span", { class: "count" }, count(file.answers, "answer")),
      h("span", { class: "count" }, count(file.requests, "hit"))));
    for (const finding of file.findings) {
      made.push(h("div", { class: `finding ${finding.level === "error" ? "error" : ""}` }, link(`${file.absolute}:${finding.line}`, `line ${finding.line}`), ` ${finding.message}`));
    }
  }
  if (!found.is_linted) made.unshift(h("p", { class: "dim" }, "There are many files: `rechat lint` says what is wrong with them."));
  $("files").replaceChildren(...(made.length ? made : [h("p", {}, "There are no transcripts yet.")]));
}

on("state", ({ isOther }) => {
  if (isOther && view.tab === "transcripts") showFiles();
});
