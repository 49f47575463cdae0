// The takes of an answer, each labelled, side by side; and what differs from the one that was served.

import { bodyOf } from "./conversation.js";
import { sideBySide } from "./difference.js";
import { h, note } from "./dom.js";
import { link } from "./editors.js";
import { get } from "./server.js";

export function compared(one) {
  const made = h("div", {}, h("p", { class: "dim" }, "…"));
  get(`exchanges/${one.number}/takes`).then(({ takes }) => {
    if (!takes.length) {
      made.replaceChildren(h("p", { class: "dim" }, "The transcript has changed: this answer is not there any more."));
      return;
    }
    const served = takes.find((take) => take.is_this);
    made.replaceChildren(h("div", { class: "takes" }, ...takes.map(card)), ...takes.filter((take) => take !== served).flatMap((take) => difference(served, take)));
  }).catch((error) => note(error.message));
  return [made];
}

const card = (take) =>
  h("article", { class: `take${take.is_this ? " this" : ""}`, "aria-label": `Take ${take.take}` },
    h("div", { class: "head" }, h("span", { class: "role" }, `Take ${take.take}`), take.is_this ? h("span", { class: "chip" }, "served") : "", link(take.place, `line ${take.place.split(":").pop()}`)),
    ...take.messages.flatMap((said) => bodyOf(said, new Map())));

function difference(served, take) {
  if (!take.difference) return [h("p", {}, `Take ${take.take} says the same.`)];
  return [
    h("h3", { class: "reason" }, `How take ${take.take} differs`),
    sideBySide(take.difference, `Take ${served.take}, served`, `Take ${take.take}`),
  ];
}
