// Editing an answer in the page: its text as in the file, with a preview. If the file has changed
// meanwhile, nothing is saved, and both texts are offered.

import { dress } from "./code.js";
import { conflict } from "./conflict.js";
import { $, button, h, note, rendered } from "./dom.js";
import { draft, forget, keep } from "./drafts.js";
import { link } from "./editors.js";
import { data } from "./model.js";
import { get, post } from "./server.js";
import { onEnter, previewButton } from "./textarea.js";

const nameOf = (one) => `the answer of ${one.number} at ${one.at}`;
export const isEdited = (one) => Boolean(draft(nameOf(one)));

// `text` is the new text of the answer, if known.
export async function edit(one, done, text) {
  let takes;
  try {
    ({ takes } = await get(`exchanges/${one.number}/takes`));
  } catch (error) {
    note(error.message);
    return;
  }
  if (data.current?.number !== one.number) return;
  const take = takes.find((other) => other.is_this);
  const typed = draft(nameOf(one));
  if (!take) note("The transcript has changed: this answer is not there any more");
  else if (take.text === null) note("This answer is more than one text: edit it in its file");
  else if (typed && text === undefined) draw(one, typed.before, done, typed.text);
  else draw(one, take.text, done, text ?? take.text, typed?.text);
}

// `typed` is an unsaved text that another one replaces.
function draw(one, text, done, edited, typed) {
  const name = nameOf(one);
  let before = text;
  const area = h("textarea", { id: "edited", rows: 14, value: edited, "aria-label": "The text of the answer" });
  const preview = h("div", { id: "preview", class: "box", hidden: true });
  const told = h("div", { id: "conflict", role: "alert" },
    ...(typed && typed !== edited ? [h("p", {}, "What you had typed:"), h("pre", { class: "box" }, typed)] : []));
  const look = previewButton(area, preview, "look", async () => {
    const { html } = await post("render", { text: area.value });
    preview.replaceChildren(dress(rendered(html)));
  });
  const save = async () => {
    try {
      const sent = area.value;
      const { place } = await post(`exchanges/${one.number}/edit`, { before, text: sent });
      before = sent;
      typing();
      note(area.value === sent ? `Saved in ${place}` : `Saved in ${place}, without what was typed since`);
      if (area.value !== sent || !area.isConnected) return;
      const back = button("Back to the exchange", done);
      $("part").replaceChildren(h("p", {}, "Saved in ", link(place), ". The next request gets it."), back);
      back.focus();
    } catch (error) {
      if (!area.isConnected) note(error.message);
      conflict(told, error,
        (current) => { before = current; area.focus(); save(); },
        (current) => { before = current; area.value = current; typing(); area.focus(); });
    }
  };
  const typing = keep(area, name, () => before);
  const cancel = () => {
    forget(name);
    done();
  };
  onEnter(area, save);
  $("part").replaceChildren(h("form", { class: "editing", onsubmit: (event) => event.preventDefault() },
    h("div", { class: "head" }, h("label", { class: "role", for: "edited" }, "Answer in "), link(one.place), h("span", { class: "spring" }), look),
    area, preview, told,
    h("div", { class: "tools" }, button("Save to the file", save, { class: "primary", id: "save-edit", title: "Ctrl+Enter" }), button("Cancel", cancel))));
  area.focus();
}
