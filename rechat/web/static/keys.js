// The keyboard: what each key does, in one table.

import { copyAs } from "./acting.js";
import { canEdit } from "./conversation.js";
import { go } from "./difference.js";
import { $, h } from "./dom.js";
import { open as openFile } from "./editors.js";
import { close, nextPart, open, show, toggleRaw } from "./exchange.js";
import { filter } from "./journal.js";
import { focus, fold, jump, step } from "./list.js";
import { data, emit, view } from "./model.js";
import { back } from "./transcripts.js";

const current = () => data.current;

const KEYS = [
  ["j", "↓", "next line", () => step(1)],
  ["k", "↑", "line before", () => step(-1)],
  ["Home", "", "first line", () => jump(false)],
  ["End", "", "last line", () => jump(true)],
  ["Enter", "", "open the line", () => step(0)],
  ["ArrowRight", "→", "open the conversation", () => fold(true)],
  ["ArrowLeft", "←", "close the conversation", () => fold(false)],
  ["g", "", "grouped or flat", () => emit("group")],
  ["/", "", "filter", () => $("filter").focus()],
  ["[", "", "part of the exchange before", () => nextPart(-1)],
  ["]", "", "next part of the exchange", () => nextPart(1)],
  ["r", "", "raw or rendered", () => current() && toggleRaw()],
  ["d", "", "the difference", () => current()?.differences.length && show("difference")],
  ["n", "", "next difference", () => current() && go(1)],
  ["p", "", "difference before", () => current() && go(-1)],
  ["e", "", "edit the answer", () => current() && canEdit(current()) && emit("edit", current())],
  ["a", "", "accept the new question", () => $("accept")?.click()],
  ["s", "", "ask another endpoint", () => $("resend")?.click()],
  ["o", "", "open the file in the editor", () => current() && openFile(current().place || current().nearest || "")],
  ["c", "", "copy as curl", () => current() && copyAs(current(), "curl")],
  ["1", "", "exchanges", () => emit("tab", "exchanges")],
  ["2", "", "transcripts", () => emit("tab", "transcripts")],
  ["3", "", "overview", () => emit("tab", "overview")],
  ["?", "", "these keys", () => help()],
];
const SHOWN = { ArrowRight: "→", ArrowLeft: "←" };
const ALSO = { ArrowDown: "j", ArrowUp: "k" };

export function help() {
  const dialog = $("keys");
  const rows = [...KEYS, ["Esc", "", "a step back"]].map(([key, also, what]) => {
    const names = [SHOWN[key] ?? key, ...(also && also !== SHOWN[key] ? [also] : [])];
    return h("tr", {}, h("th", { scope: "row" }, ...names.flatMap((name) => [h("kbd", {}, name), " "])), h("td", {}, what));
  });
  dialog.replaceChildren(h("h2", {}, "Keys"), h("table", {}, h("tbody", {}, ...rows)), h("form", { method: "dialog" }, h("button", {}, "Close")));
  if (dialog.open) dialog.close();
  else dialog.showModal();
}

// One step back at a time: from a menu, a field, a form, an exchange or a file, the filter.
function escape(target, isTyping) {
  if (document.querySelector("dialog[open]")) return;
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.firstElementChild.focus();
  } else if (target.id === "filter") {
    if (view.query) filter("");
    emit("land");
  } else if (isTyping) {
    (target.closest("#reader") ?? $("part"))?.focus({ preventScroll: true });
  } else if (view.tab === "transcripts" && back()) {
    // It was enough.
  } else if (view.tab === "exchanges" && data.current) {
    if ($("part").querySelector("form")) open(data.current.number);
    else close();
    if (!data.current) focus();
  } else if (view.query) {
    filter("");
  }
}

export function start() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const { target } = event;
    const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.type !== "checkbox";
    if (event.key === "Escape") {
      escape(target, isTyping);
      return;
    }
    if (isTyping) {
      if (event.key === "Enter" && target.id === "filter") {
        emit("land");
        if (view.tab === "exchanges") step(0);
      }
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    const isControl = target.closest?.("button, a, summary, label, audio");
    const isScrolled = target.closest?.("pre, .table, #part");
    if (isControl && ["Enter", " "].includes(event.key)) return;
    if (isScrolled && event.key.startsWith("Arrow")) return;
    if (view.tab !== "exchanges" && !["/", "?", "1", "2", "3"].includes(event.key)) return;
    const known = KEYS.find(([key]) => key === (ALSO[event.key] ?? event.key));
    if (known) {
      event.preventDefault();
      known[3]();
    }
  });
}
