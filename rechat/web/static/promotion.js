// Turns a recording into a file as a person would have written it: asks for its name, and which of
// its settings still count.

import { code } from "./code.js";
import { $, button, h } from "./dom.js";
import { link } from "./editors.js";
import { post } from "./server.js";

export const canPromote = (one) => Boolean(one.place) && ["hit", "recorded"].includes(one.verdict) && one.rule !== "listed";

// `what-is-it-1a2b3c.md` is named after its question, and a digest.
const plain = (path) => path.slice(path.lastIndexOf("/") + 1).replace(/-[0-9a-f]{6}(?=\.md$)/, "");

export function promote(one, done) {
  const path = one.place.replace(/:\d+$/, "");
  const name = h("input", { id: "promote-name", type: "text", value: plain(path), spellcheck: false, autocomplete: "off" });
  const boxes = Object.keys(one.settings).filter((key) => key !== "stream").map((key) => h("label", { class: "inline" }, h("input", { type: "checkbox", value: key }), key));
  const told = h("div", { id: "promoted", role: "status" });
  const go = async () => {
    const settings = boxes.map((box) => box.firstChild).filter((box) => box.checked).map((box) => box.value);
    try {
      const found = await post("transcripts/promote", { path, to: name.value.trim(), settings });
      if (!name.isConnected) return;
      const back = button("Back to the exchange", done);
      $("part").replaceChildren(
        h("p", {}, "It stands in ", link(found.absolute, found.place), " now, and is yours to edit."),
        code(found.source, "text", "source"), back);
      back.focus();
    } catch (error) {
      told.replaceChildren(h("p", { class: "failed" }, error.message));
    }
  };
  $("part").replaceChildren(h("form", { class: "promote", onsubmit: (event) => event.preventDefault() },
    h("h3", {}, "Make it a file written by hand"),
    h("p", { class: "dim" }, "What was said stays, and what the API added goes. It then answers every API, and every request that says the same, whatever its settings."),
    h("div", { class: "fields" }, h("label", { for: "promote-name" }, "Its name"), name),
    boxes.length ? h("fieldset", {}, h("legend", {}, "Only for requests with the same"), ...boxes) : "",
    told,
    h("div", { class: "tools" }, button("Write it", go, { id: "promote-write", class: "primary" }), button("Cancel", done))));
  name.focus();
}
