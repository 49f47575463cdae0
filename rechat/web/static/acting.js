// The actions of an exchange: copy it, answer it, accept its question, open it.

import { canEdit } from "./conversation.js";
import { $, button, copy, h, note } from "./dom.js";
import { draft, forget, keep } from "./drafts.js";
import { isEdited } from "./editing.js";
import { link, open } from "./editors.js";
import { data, emit, isWaiting, on } from "./model.js";
import { canPromote } from "./promotion.js";
import { post, saved } from "./server.js";
import { onEnter } from "./textarea.js";

export const COPIES = [["curl", "curl"], ["python", "Python"], ["markdown", "Markdown"], ["json", "JSON"]];

export function copyAs(one, name) {
  const [, label] = COPIES.find(([key]) => key === name);
  const text = one[name];
  if (text) copy(text, label);
  else note(`There is nothing to copy as ${label}`);
}

export function actions(one) {
  const place = one.place || one.nearest;
  return h("div", { class: "tools" },
    h("span", { class: "buttons", role: "group", "aria-label": "Copy as" }, h("span", { class: "dim" }, "Copy"),
      ...COPIES.map(([name, label]) => button(label, () => copyAs(one, name), { "data-copy": name, "aria-label": `Copy as ${label}` }))),
    h("span", { class: "spring" }),
    place && !saved ? button("Open in editor", () => open(place), { id: "open-file", title: "Open the transcript (o)" }) : "",
    one.can_ask && !saved && !data.state.is_offline ? button("Ask again", () => emit("resend", one), { id: "resend", title: "Ask another endpoint, and compare (s)" }) : "",
    !saved && canPromote(one) ? button("Promote", () => emit("promote", one), { id: "promote", title: "Make this recording a file written by hand" }) : "",
    canEdit(one) ? button(isEdited(one) ? "Go on editing" : "Edit answer", () => emit("edit", one), { id: "edit-answer", title: "Edit the answer in its transcript (e)" }) : "",
    button("Raw", () => emit("raw"), { id: "raw", "aria-pressed": "false", title: "Raw or rendered (r)" }));
}

const nameOf = (one) => `the answer to ${one.number} at ${one.at}`;
export const isAnswered = (one) => Boolean(draft(nameOf(one)));

async function act(one, path, value, told) {
  try {
    const done = await post(`exchanges/${one.number}/${path}`, value);
    if (draft(nameOf(one))?.text === value.text) forget(nameOf(one));
    note(`${told} ${done.place}`);
    $("written")?.replaceChildren(`${told} `, link(done.place));
    if (path === "add") location.href = link(done.place).href;
  } catch (error) {
    note(error.message);
    $("written")?.replaceChildren(h("span", { class: "failed" }, error.message));
  }
}

on("answer", ({ one, text }) => act(one, "answer", { text }, "Saved in"));

export function answerBox(one) {
  const waits = isWaiting(one);
  const text = h("textarea", { id: "answer", rows: 4, placeholder: waits ? "The client waits. Type the answer." : "Type an answer: it is saved with the question.", "aria-label": "Answer", value: draft(nameOf(one))?.text ?? "" });
  keep(text, nameOf(one));
  onEnter(text, () => $("save").click());
  const accept = !waits && one.nearest
    ? button("Accept the new question", () => act(one, "accept", { into: one.nearest }, "This is asked now in"), { id: "accept", title: `It takes the place of the question in ${one.nearest}, and keeps the answer (a).` })
    : "";
  return h("form", { class: "answer", onsubmit: (event) => event.preventDefault() },
    h("label", { for: "answer" }, waits ? "The client waits for this answer" : "Answer it"),
    text,
    h("div", { class: "tools" },
      button("Save the answer", () => act(one, "answer", { text: text.value }, "Saved in"), { id: "save", class: "primary", title: "Ctrl+Enter" }),
      waits ? "" : button("Add to transcripts", () => act(one, "add", {}, "The question is in"), { id: "add", title: "With an empty answer, which your editor opens" }),
      accept),
    h("div", { id: "written", role: "status" }));
}
