// The message when a file has changed meanwhile: both texts are offered.

import { button, h } from "./dom.js";

// `mine` overwrites the file, `theirs` puts its text into the editor.
export function conflict(told, error, mine, theirs) {
  const { current } = error.told ?? {};
  told.replaceChildren(h("p", { class: "failed" }, error.message));
  if (typeof current !== "string") return;
  told.append(
    h("pre", { class: "box" }, current),
    h("div", { class: "tools" },
      button("Save mine anyway", () => mine(current)),
      button("Take what the file says", () => { theirs(current); told.replaceChildren(); })));
}
