// Sends a question again to an upstream that rechat was started with, and shows the new answer beside
// the recorded one. Nothing is sent until the reader confirms it, since it may cost money.

import { sideBySide } from "./difference.js";
import { $, button, count, duration, h, money, note } from "./dom.js";
import { bodyOf, canEdit } from "./conversation.js";
import { data, emit } from "./model.js";
import { get, post } from "./server.js";

const APIS = [
  ["", "as it was asked"], ["chat", "Chat Completions"], ["responses", "Responses"], ["anthropic", "Anthropic Messages"],
  ["gemini", "Gemini"], ["ollama", "Ollama"],
];

export async function resend(one, done) {
  let upstreams;
  try {
    ({ upstreams } = await get("health"));
  } catch (error) {
    note(error.message);
    return;
  }
  if (data.current?.number !== one.number) return;
  const option = (value, text) => h("option", { value }, text);
  const to = h("select", { id: "resend-to" }, ...upstreams.map((known) => option(known.name, known.name === known.url ? known.name : `${known.name} (${known.url})`)));
  const model = h("input", { id: "resend-model", type: "text", placeholder: one.model, spellcheck: false, autocomplete: "off" });
  const api = h("select", { id: "resend-api" }, ...APIS.map(([value, text]) => option(value, text)));
  const outcome = h("div", { id: "resent", role: "status" });
  // A disabled button would lose the keyboard focus.
  const ask = async () => {
    if (go.ariaDisabled === "true") return;
    go.ariaDisabled = "true";
    outcome.replaceChildren(h("p", { class: "dim" }, `${to.value} is asked …`));
    try {
      const told = await post(`exchanges/${one.number}/resend`, { to: to.value, model: model.value.trim(), api: api.value });
      outcome.replaceChildren(...shown(one, told));
    } catch (error) {
      outcome.replaceChildren(h("p", { class: "failed" }, error.message));
    }
    go.ariaDisabled = "false";
  };
  const go = button("Ask it", ask, { id: "resend-ask", class: "primary", disabled: !upstreams.length });
  $("part").replaceChildren(h("form", { class: "resend", onsubmit: (event) => event.preventDefault() },
    h("h3", {}, "Ask again"),
    h("p", { class: "dim" }, upstreams.length ? "The whole question goes there, with the key that is meant for it. It may cost money." : "rechat was started without an upstream."),
    h("div", { class: "fields" },
      h("label", { for: "resend-to" }, "Of"), to, h("label", { for: "resend-model" }, "Model"), model, h("label", { for: "resend-api" }, "In the API"), api),
    h("div", { class: "tools" }, go, button("Back to the exchange", done)),
    outcome));
  to.focus();
}

const fact = (label, then, now) => h("tr", {}, h("th", { scope: "row" }, label), h("td", {}, then), h("td", {}, now));
const tokens = (counted) => (counted?.length ? `${counted[0].toLocaleString()} → ${counted[1].toLocaleString()}` : "–");

function shown(one, told) {
  if (told.failure) return [h("p", { class: "failed" }, told.failure)];
  const isFirst = !one.answer.length;
  return [
    h("p", {}, h("strong", {}, isFirst ? "Answered" : told.kind === "same" ? "It says the same" : `It differs: ${told.kind}`), isFirst ? "" : `, ${told.told.slice(0, 3).join("; ")}`),
    told.unsaid.length ? h("p", { class: "dim" }, `Its API has no words for ${told.unsaid.join(", ")}.`) : "",
    h("table", { class: "plain" },
      h("thead", {}, h("tr", {}, h("td", {}), h("th", { scope: "col" }, isFirst ? "–" : "Recorded"), h("th", { scope: "col" }, told.to))),
      h("tbody", {},
        fact("Model", one.model, told.model),
        fact("First token", one.first ? duration(one.first) : "–", told.first ? duration(told.first) : "–"),
        fact("All", isFirst ? "–" : duration(one.saved_ms || one.ms), duration(told.ms)),
        fact("Tokens", tokens(one.tokens), tokens(told.tokens)),
        fact("Cost", money(one.cost) || "–", money(told.cost) || "–"))),
    told.difference ? sideBySide(told.difference, "Recorded", told.to) : answer(told),
    h("div", { class: "tools" }, ...uses(one, told)),
  ];
}

const answer = (told) => h("article", { class: "message answer", "aria-label": "Answer" },
  ...told.answer.flatMap((said) => bodyOf(said, new Map())));

// The actions for an answer that is a text.
function uses(one, told) {
  if (told.text === null || told.text === "") return told.answer.length > 1 ? [h("span", { class: "dim" }, count(told.answer.length, "choice"))] : [];
  if (canEdit(one) && told.difference) return [button("Put it into the transcript …", () => emit("edit", { ...one, edited: told.text }), { id: "resend-use" })];
  if (one.can_answer) return [button("Save it as the answer", () => emit("answer", { one, text: told.text }), { id: "resend-save" })];
  return [];
}
