// Unsaved text: it outlives the field that it was typed in, whatever is shown in its place meanwhile,
// and the browser asks before the page is left.

const kept = new Map();

// What was typed under a name, and what the text was `before` that.
export const draft = (name) => kept.get(name);
export const forget = (name) => kept.delete(name);

// Keep the text of a field under a name, as long as it differs from what it was `before`.
export function keep(area, name, before = () => "") {
  const note = () => {
    if (area.value === before()) forget(name);
    else kept.set(name, { text: area.value, before: before() });
  };
  area.addEventListener("input", note);
  note();
  return note;
}

addEventListener("beforeunload", (event) => { if (kept.size) event.preventDefault(); });
