// Editing an answer in the page: its text as the file has it, with a preview. If the file says
// something else by now, nothing is saved, and both texts are there to choose from.

import { dress } from "./code.js";
import { conflict } from "./conflict.js";
import { $, button, h, note, rendered } from "./dom.js";
import { link } from "./editors.js";
import { get, post } from "./server.js";
import { onEnter, previewButton } from "./textarea.js";

// `text` is what the answer is to say, if that is known already.
export async function edit(one, done, text) {
  let takes;
  try {
    ({ takes } = await get(`exchanges/${one.number}/takes`));
  } catch (error) {
    note(error.message);
    return;
  }
  const take = takes.find((other) => other.is_this);
  if (!take) note("The transcript has changed: this answer is not there any more");
  else if (take.text === null) note("This answer is more than one text: edit it in its file");
  else draw(one, take.text, done, text ?? take.text);
}

function draw(one, text, done, edited) {
  let before = text;
  const area = h("textarea", { id: "edited", rows: 14, value: edited, "aria-label": "The text of the answer" });
  const preview = h("div", { id: "preview", class: "box", hidden: true });
  const told = h("div", { id: "conflict", role: "alert" });
  const look = previewButton(area, preview, "look", async () => {
    const { html } = await post("render", { text: area.value });
    preview.replaceChildren(dress(rendered(html)));
  });
  const save = async () => {
    try {
      const { place } = await post(`exchanges/${one.number}/edit`, { before, text: area.value });
      note(`Saved in ${place}`);
      $("part").replaceChildren(
        h("p", {}, "Saved in ", link(place), ". The next request gets it."),
        button("Back to the exchange", done));
    } catch (error) {
      conflict(told, error,
        (current) => { before = current; save(); },
        (current) => { before = current; area.value = current; });
    }
  };
  onEnter(area, save);
  $("part").replaceChildren(h("form", { class: "editing", onsubmit: (event) => event.preventDefault() },
    h("div", { class: "head" }, h("label", { class: "role", for: "edited" }, "Answer in "), link(one.place), h("span", { class: "spring" }), look),
    area, preview, told,
    h("div", { class: "tools" }, button("Save to the file", save, { class: "primary", id: "save-edit", title: "Ctrl+Enter" }), button("Cancel", done))));
  area.focus();
}
