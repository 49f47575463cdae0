// The visible lines of the list, each at its place. The elements of a line that is no longer visible are
// reused for another one.

import { create, patch } from "./vdom.js";

export class Places {
  #parent;
  #slots = new Map();

  // `choose` is called with the line that was clicked.
  constructor(parent, choose) {
    this.#parent = parent;
    this.choose = choose;
  }

  // Render all lines again.
  forget() {
    for (const slot of this.#slots.values()) slot.state = null;
  }

  // Put the lines of these places in, `each` pixels high: at most so many that are new, from the top,
  // while what stood in the places of the others stays. Gives back whether all are there.
  // `stateOf` is what else a line's looks hang on, `tell` says how it looks.
  fill(lines, first, last, { each, most, stateOf, tell }) {
    const [slots, spare] = this.#kept(lines, first, last);
    let left = most;
    for (let at = first; at < last; at++) {
      const line = lines[at];
      let slot = slots.get(at);
      if (slot?.key === line.key || !slot || left-- > 0) {
        slot ??= spare.pop() ?? { key: "" };
        slots.set(at, slot);
        const state = stateOf(line);
        if (slot.key !== line.key || slot.state !== state) this.#show(slot, line, state, tell(line));
      }
      place(slot, at, each, lines.length);
    }
    for (const slot of spare) slot.element.remove();
    this.#slots = slots;
    const order = Array.from({ length: last - first }, (_, at) => slots.get(first + at).element);
    order.forEach((element, at) => {
      if (this.#parent.children[at] !== element) this.#parent.insertBefore(element, this.#parent.children[at] ?? null);
    });
    return left >= 0;
  }

  // A line that is still seen moves as it is, so that it stays the same under the pointer; what else
  // stands in one of the places stays there; the rest can be used.
  #kept(lines, first, last) {
    const wanted = new Map();
    for (let at = first; at < last; at++) wanted.set(lines[at].key, at);
    const slots = new Map();
    for (const slot of this.#slots.values()) if (wanted.has(slot.key)) slots.set(wanted.get(slot.key), slot);
    const spare = [];
    for (const [at, slot] of this.#slots) {
      if (wanted.has(slot.key)) continue;
      if (at >= first && at < last && !slots.has(at)) slots.set(at, slot);
      else spare.push(slot);
    }
    return [slots, spare];
  }

  #show(slot, line, state, vnode) {
    if (slot.element) patch(slot.element, slot.vnode, vnode);
    else {
      slot.element = create(vnode);
      slot.element.addEventListener("click", () => this.choose(slot.line));
    }
    Object.assign(slot, { key: line.key, line, state, vnode });
  }
}

function place(slot, at, each, count) {
  const { element } = slot;
  if (slot.top !== at * each) {
    slot.top = at * each;
    element.style.transform = `translateY(${slot.top}px)`;
  }
  if (slot.at !== at) element.setAttribute("aria-posinset", at + 1);
  if (slot.count !== count) element.setAttribute("aria-setsize", count);
  Object.assign(slot, { at, count });
}
