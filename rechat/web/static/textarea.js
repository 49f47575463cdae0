// What all text fields have in common.

import { button } from "./dom.js";

// Ctrl+Enter does what the button beside the field does.
export function onEnter(area, save) {
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
  });
}

// A button that shows the preview in place of the field; `fill` brings it up to date first.
export function previewButton(area, preview, id, fill = () => {}) {
  const look = button("Preview", async () => {
    const isShown = preview.hidden;
    if (isShown) await fill();
    preview.hidden = !isShown;
    area.hidden = isShown;
    look.setAttribute("aria-pressed", String(isShown));
  }, { id, "aria-pressed": "false" });
  return look;
}
