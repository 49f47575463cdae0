// Edits a whole transcript as source: its messages and mistakes are shown while typing, and it is saved
// as by an editor.

import { conflict } from "./conflict.js";
import { $, button, h, note } from "./dom.js";
import { draft, forget, keep } from "./drafts.js";
import { findings, sections } from "./sections.js";
import { post } from "./server.js";
import { onEnter, previewButton } from "./textarea.js";

const PAUSE = 300;

const nameOf = (path) => `the file ${path}`;
export const isEdited = (path) => Boolean(draft(nameOf(path)));

export function editFile(file, done) {
  const name = nameOf(file.path);
  const typed = draft(name);
  let before = typed?.before ?? file.source;
  const area = h("textarea", { id: "whole", rows: 28, value: typed?.text ?? before, spellcheck: false, "aria-label": `The source of ${file.path}` });
  const told = h("div", { id: "conflict", role: "alert" });
  const wrong = h("div", { id: "wrong", role: "status" });
  const preview = h("div", { id: "whole-preview", class: "box", hidden: true });
  const look = previewButton(area, preview, "whole-look");

  let asked = 0;
  const check = async () => {
    const mine = ++asked;
    try {
      const found = await post("transcripts/check", { path: file.path, text: area.value });
      if (mine !== asked) return;
      wrong.replaceChildren(...findings(found.findings, file.absolute));
      preview.replaceChildren(...(found.sections.length ? sections(found.sections, file.absolute) : [h("p", { class: "dim" }, "It cannot be read yet.")]));
    } catch (error) {
      wrong.replaceChildren(h("p", { class: "failed" }, error.message));
    }
  };
  const save = async () => {
    try {
      const sent = area.value;
      const saved = await post("transcripts/save", { path: file.path, before, text: sent });
      before = sent;
      noted();
      const broken = saved.findings.some((one) => one.level === "error");
      const rest = area.value === sent ? "" : ", without what was typed since";
      note(broken ? `Saved, and it cannot be read: what it said before is served on` : `Saved ${file.path}${rest}`);
      if (!rest && area.isConnected) done();
    } catch (error) {
      if (!area.isConnected) note(error.message);
      conflict(told, error,
        (current) => { before = current; area.focus(); save(); },
        (current) => { before = current; area.value = current; noted(); area.focus(); check(); });
    }
  };
  const noted = keep(area, name, () => before);
  const cancel = () => {
    forget(name);
    done();
  };
  let typing = 0;
  area.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(check, PAUSE);
  });
  onEnter(area, save);
  check();
  $("reader").replaceChildren(h("form", { class: "editing", onsubmit: (event) => event.preventDefault() },
    h("div", { class: "head" }, h("label", { class: "role", for: "whole" }, file.path), h("span", { class: "spring" }), look),
    area, preview, wrong, told,
    h("div", { class: "tools" }, button("Save the file", save, { class: "primary", id: "save-whole", title: "Ctrl+Enter" }), button("Cancel", cancel))));
  area.setSelectionRange(0, 0);
  area.focus();
}
