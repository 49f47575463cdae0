// The keyboard focus: it is kept when the element that has it is rendered again.

const NAMES = ["id", "data-number", "data-column", "title", "aria-label"];
const nameOf = (element) => NAMES.map((name) => element.getAttribute(name)).find(Boolean) ?? element.textContent;

// Render the content of a room again. If it had the focus, the element of the same name gets it
// afterwards, or if there is none, `otherwise`.
export function redraw(room, draw, otherwise = () => room.querySelector("button, a, summary, input")) {
  const before = document.activeElement;
  const isInside = room.contains(before) && before !== room;
  const name = isInside && nameOf(before);
  const { selectionStart, selectionEnd } = before ?? {};
  draw();
  if (!isInside || document.activeElement !== document.body) return;
  const same = [...room.querySelectorAll(before.tagName)].find((element) => nameOf(element) === name);
  const found = same ?? otherwise();
  found?.focus({ preventScroll: true });
  if (same && before.tagName === "TEXTAREA") same.setSelectionRange(selectionStart, selectionEnd);
}
