// The conversation: the newest part is open, all earlier messages are one line, and the result of a
// tool is shown with its call.

import { code, dress } from "./code.js";
import { button, copy, count, h, rendered } from "./dom.js";
import { json } from "./json.js";
import { data, view } from "./model.js";
import { get, saved } from "./server.js";

const LONG = 700;
const FEW = 6;

export function conversation(one) {
  const { messages } = one;
  const results = new Map(messages.filter((said) => said.id).map((said) => [said.id, said]));
  const called = new Set(messages.flatMap((said) => (said.blocks ?? []).filter((block) => block.kind === "call").map((block) => block.id)));
  const opens = newest(one);
  const prompts = Math.min(opens, promptsOf(messages));
  const shown = (from, to, isOpen) => messages.slice(from, to).flatMap((said, index) => {
    const at = from + index;
    if (said.id && called.has(said.id)) return [];
    return [message(said, { at, isOpen: isOpen && !isLongPrompt(said), results, isNewest: at === opens })];
  });
  return [
    settings(one), tools(one),
    ...shown(0, prompts, opens === prompts),
    earlier(messages.slice(prompts, opens), () => shown(prompts, opens, false)),
    ...shown(opens, messages.length, true),
    ...answer(one, results, opens >= messages.length),
  ].filter(Boolean);
}

// How many messages at the beginning are prompts.
function promptsOf(messages) {
  const first = messages.findIndex((said) => !isPrompt(said));
  return first < 0 ? messages.length : first;
}

// Where the newest part begins: at the last message of a person, or, if much has happened since, at
// the last thing that the model did. All of a first turn is new.
function newest(one) {
  const { messages } = one;
  if (!messages.some((said) => said.role === "assistant")) return promptsOf(messages);
  const last = (role) => messages.findLastIndex((said) => said.role === role);
  const whole = Math.max(0, messages.findIndex((said) => !said.is_short));
  const user = last("user");
  return Math.max(whole, messages.length - user <= FEW ? user : last("assistant"));
}

// The messages of earlier turns: one line, which expands to a line for each message.
function earlier(messages, lines) {
  if (!messages.length) return null;
  const number = (role) => messages.filter((said) => said.role === role).length;
  const failed = messages.filter((said) => said.failed).length;
  const told = [[number("user"), "question"], [number("assistant"), "answer"], [number("tool") + number("function"), "tool result"]];
  const hint = [...told.filter(([many]) => many).map(([many, noun]) => count(many, noun)), failed ? `${failed} failed` : ""].filter(Boolean).join(" · ");
  return fold("earlier", count(messages.length, "earlier message"), hint, () => [h("div", { class: "older" }, ...lines())]);
}

const isPrompt = (said) => /^(system|developer)$/.test(said.role);
const isLongPrompt = (said) => isPrompt(said) && said.size > LONG;

// What the line above shows already.
const SAID = new Set(["model", "stream"]);

function settings(one) {
  const rest = Object.fromEntries(Object.entries(one.settings).filter(([name]) => name !== "tools"));
  const names = Object.keys(rest);
  if (!names.some((name) => !SAID.has(name))) return null;
  const told = names.filter((name) => typeof rest[name] !== "object").map((name) => `${name} ${rest[name]}`).join(" · ");
  return fold("settings", "Settings", told.slice(0, 160) || names.join(", "), () => [json(JSON.stringify(rest), "settings")]);
}

function tools(one) {
  const given = Array.isArray(one.settings.tools) ? one.settings.tools : [];
  if (!given.length) return null;
  const name = (tool) => tool?.function?.name ?? tool?.name ?? tool?.type ?? "tool";
  return fold("given-tools", count(given.length, "tool"), given.map(name).join(", ").slice(0, 200), () =>
    given.map((tool) => h("div", { class: "given" }, h("strong", {}, name(tool)), h("p", { class: "dim" }, tool?.function?.description ?? tool?.description ?? ""),
      json(JSON.stringify(tool?.function?.parameters ?? tool?.input_schema ?? tool?.parameters ?? tool), `parameters of ${name(tool)}`, 1))));
}

// A line that expands, and is filled when it does.
function fold(className, title, hint, fill, isOpen = false) {
  const made = h("details", { class: `fold ${className}` }, h("summary", {}, h("span", { class: "role" }, title), h("span", { class: "hint", dir: "auto" }, hint)));
  const show = async () => {
    if (made.childElementCount > 1) return;
    const inner = h("div", { class: "inside" });
    made.append(inner);
    inner.append(...(await fill()));
  };
  made.addEventListener("toggle", show);
  if (isOpen) {
    made.open = true;
    show();
  }
  return made;
}

const ROLES = { user: "User", assistant: "Assistant", system: "System", developer: "Developer", tool: "Tool result", function: "Function result", error: "Error" };
const role = (said) => `${ROLES[said.role] ?? said.role}${said.name ? ` ${said.name}` : ""}`;

function message(said, { at, isOpen, results, isNewest }) {
  const kind = /^[a-z]+$/.test(said.role) ? said.role : "";
  const className = `message ${kind}${said.failed ? " bad" : ""}${isNewest ? " newest" : ""}`;
  if (isOpen) {
    return h("article", { class: className, "aria-label": role(said) }, head(said), ...bodyOf(said, results));
  }
  const words = said.words ?? firstWords(said);
  const calls = said.calls ?? (said.blocks ?? []).filter((block) => block.kind === "call").map((block) => block.name);
  const hint = [said.failed ? "✗ failed " : "", ...calls.map((name) => h("span", { class: "chip" }, h("span", { class: "unseen" }, "calls "), name)), words];
  return fold(className, role(said), hint, async () => {
    const whole = said.is_short ? await get(`exchanges/${data.current.number}/messages/${at}`) : said;
    return bodyOf(whole, results);
  });
}

const firstWords = (said) => said.raw.slice(0, 400).replace(/\s+/g, " ").slice(0, 160);

const head = (said, ...more) => h("div", { class: "head" }, h("span", { class: "role" }, role(said)), said.failed ? h("span", { class: "chip failed" }, "✗ failed") : "", ...more);

export function bodyOf(said, results) {
  if (view.raw) return [h("pre", { class: "raw" }, said.raw)];
  return said.blocks.flatMap((block) => blockOf(block, results));
}

function blockOf(one, results) {
  switch (one.kind) {
    case "text": return [isJson(one.text) ? json(one.text, "JSON", 3) : dress(rendered(one.html))];
    case "reasoning": return [fold("reasoning", "Reasoning", one.text.slice(0, 300).replace(/\s+/g, " ").slice(0, 120), () => [h("div", { class: "thought" }, one.text)])];
    case "call": return [call(one, results.get(one.id))];
    case "refusal": return [h("div", { class: "refusal" }, h("span", { class: "role" }, "Refusal"), h("div", {}, one.text))];
    case "media": return [media(one)];
    default: return [json(one.text, "part")];
  }
}

// A text that is JSON as a whole is read as JSON.
function isJson(text) {
  if (!/^\s*[[{]/.test(text) || !/[\]}]\s*$/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

// An error: its status, what it says, and the JSON that says it.
function trouble(text) {
  const [, status, rest] = /^(\d{3}) (.*)$/s.exec(text) ?? [null, "", text];
  if (!isJson(rest)) return [h("p", { class: "trouble" }, h("strong", {}, status || rest), status ? ` ${rest}` : "")];
  const { error } = JSON.parse(rest);
  const told = error?.message ?? error;
  return [h("p", { class: "trouble" }, h("strong", {}, status), typeof told === "string" ? ` ${told}` : ""), json(rest, "error", 3)];
}

function media(one) {
  if (one.picture) return h("figure", {}, h("img", { class: "picture", src: one.picture, alt: one.text }), h("figcaption", { class: "dim" }, one.text));
  if (one.sound) return h("figure", {}, h("audio", { controls: true, src: one.sound, "aria-label": one.text }), h("figcaption", { class: "dim" }, one.text));
  return h("div", { class: "dim" }, one.text);
}

function call(one, result) {
  const card = h("div", { class: `call${result?.failed ? " bad" : ""}` },
    h("div", { class: "head" },
      h("span", { class: "role" }, "Call"), h("strong", {}, one.name),
      one.id ? h("span", { class: "dim id" }, one.id) : "",
      result ? h("span", { class: `chip ${result.failed ? "failed" : ""}` }, result.failed ? "✗ failed" : "done") : ""),
    json(one.text, `arguments of ${one.name}`));
  if (result) card.append(outcome(result, one.name));
  return card;
}

function outcome(result, name) {
  if (result.is_short) return h("div", { class: "dim" }, result.words);
  const text = result.blocks.length === 1 && result.blocks[0].kind === "text" ? result.blocks[0].text : null;
  const inside = () => {
    if (text === null) return result.blocks.flatMap((block) => blockOf(block, new Map()));
    return [isJson(text) ? json(text, `result of ${name}`) : code(text, "text", `result of ${name}`)];
  };
  const title = result.failed ? "✗ Result, failed" : "Result";
  if (text !== null && text.length < 100 && !text.includes("\n") && !isJson(text)) return h("div", { class: "result line" }, h("span", { class: "role" }, title), " ", h("code", { dir: "auto" }, text));
  return fold("result", title, (text ?? result.raw).slice(0, 400).replace(/\s+/g, " ").slice(0, 160), inside, (text ?? result.raw).length < 1500);
}

function answer(one, results, isNewest) {
  if (!one.answer.length) return [];
  const isMany = one.answer.length > 1;
  const made = one.answer.map((said, at) =>
    h("article", { class: `message answer ${/^[a-z]+$/.test(said.role) ? said.role : ""}${isNewest && !at ? " newest" : ""}`, "aria-label": "Answer" },
      h("div", { class: "head" },
        h("span", { class: "role" }, said.role === "error" ? "Error" : isMany ? `Choice ${at + 1} of ${one.answer.length}` : one.takes ? `Answer, take ${one.take} of ${one.takes}` : "Answer"),
        h("span", { class: "spring" }),
        button("Copy", () => copy(said.raw, "the answer"), { class: "quiet" })),
      ...(said.role === "error" && !view.raw ? trouble(said.raw) : bodyOf(said, results))));
  return isMany ? [h("div", { class: "choices" }, ...made)] : made;
}

export const canEdit = (one) => Boolean(one.place) && !saved && one.verdict !== "held" && one.answer.length === 1 && one.answer[0].role === "assistant";
