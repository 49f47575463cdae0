// The takes of an answer, each labelled, side by side.

import { dress } from "./code.js";
import { h, note, rendered } from "./dom.js";
import { link } from "./editors.js";
import { get } from "./server.js";

export function compared(one) {
  const made = h("div", { class: "takes" }, h("p", { class: "dim" }, "…"));
  get(`exchanges/${one.number}/takes`).then(({ takes }) => {
    if (!takes.length) {
      made.replaceChildren(h("p", { class: "dim" }, "The transcript has changed: this answer is not there any more."));
      return;
    }
    made.replaceChildren(...takes.map((take) =>
      h("article", { class: `take${take.is_this ? " this" : ""}`, "aria-label": `Take ${take.take}` },
        h("div", { class: "head" }, h("span", { class: "role" }, `Take ${take.take}`), take.is_this ? h("span", { class: "chip" }, "served") : "", link(take.place, `line ${take.place.split(":").pop()}`)),
        ...take.messages.flatMap((said) => said.blocks.map((block) => (block.html ? dress(rendered(block.html)) : h("pre", {}, `${block.name ?? ""} ${block.text}`)))))));
  }).catch((error) => note(error.message));
  return [made];
}
