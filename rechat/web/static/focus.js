// Where the keyboard is: it stays there when what it was on is drawn again.

const NAMES = ["id", "data-number", "data-column", "title", "aria-label"];
const nameOf = (element) => NAMES.map((name) => element.getAttribute(name)).find(Boolean) ?? element.textContent;

// Draw what is in a room again. If the keyboard was in it, it is on the element of the same name
// afterwards, or if there is none, where `otherwise` says.
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
