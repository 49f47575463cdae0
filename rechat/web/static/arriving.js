// Answers in flight: a line below the list, and in an open one the text as it grows. When it has
// ended, the finished exchange takes its place.

import { $, button, count, h, note } from "./dom.js";
import { redraw } from "./focus.js";
import { focus } from "./list.js";
import { data, emit, on } from "./model.js";
import { events } from "./server.js";

const SHOWN = 4;
let watching = null;

// The line below the list.
function draw() {
  const rows = [...data.arriving].reverse();
  const isInside = $("way").contains(document.activeElement);
  redraw($("way"), () => $("way").replaceChildren(
    h("span", { class: "dim" }, `${count(rows.length, "answer")} under way`),
    ...rows.slice(0, SHOWN).map((row) =>
      button([h("span", { class: "pulse", "aria-hidden": "true" }), h("b", {}, row.model || row.target), ` ${row.words}`], () => emit("choose", row), {
        class: "arriving", "data-number": row.number, "aria-pressed": String(data.current?.number === row.number),
      }))));
  $("way").hidden = !rows.length;
  if (isInside && !rows.length) focus();
}

// Follow the text of the open exchange, if it is in flight.
async function follow() {
  const number = data.current?.number;
  if (watching?.number === number && !(number < 0 && !$("live"))) return;
  watching?.stop.abort();
  watching = null;
  if (!(number < 0)) return;
  const mine = { number, stop: new AbortController() };
  watching = mine;
  try {
    await read(mine);
  } catch (error) {
    if (!mine.stop.signal.aborted) note(error.message);
  }
}

async function read(mine) {
  let text = "";
  for await (const event of events(`exchanges/${mine.number}/text`, mine.stop.signal)) {
    if (mine !== watching) return;
    if (event.event === "end") {
      watching = null;
      const number = Number(event.data);
      if (number) emit("choose", { number });
      else $("live")?.closest("article")?.querySelector(".role").replaceChildren("Answer, over");
      return;
    }
    const { keep, text: more } = JSON.parse(event.data);
    text = text.slice(0, keep) + more;
    show(text);
  }
}

// At the end of the conversation, if that is what is shown of the exchange.
function show(text) {
  if (!$("live") && $("part")?.classList.contains("conversation")) {
    $("part").append(h("article", { class: "message answer", "aria-label": "Answer under way" },
      h("div", { class: "head" }, h("span", { class: "role" }, "Answer under way")),
      h("pre", { id: "live", tabIndex: 0 })));
  }
  const live = $("live");
  if (!live) return;
  const detail = $("detail");
  const isAtEnd = detail.scrollHeight - detail.scrollTop - detail.clientHeight < 60;
  live.textContent = text;
  if (isAtEnd) detail.scrollTop = detail.scrollHeight;
}

export function start() {
  on("arriving", draw);
  on("open", () => { draw(); follow(); });
  on("close", () => { draw(); follow(); });
}
