// The conversation: what was said before is folded to a line each, the newest is open, and the
// result of a tool stands with its call.

import { code, dress } from "./code.js";
import { button, copy, count, h, rendered } from "./dom.js";
import { json } from "./json.js";
import { data, view } from "./model.js";
import { get, saved } from "./server.js";

const LONG = 700;

export function conversation(one) {
  const results = new Map(one.messages.filter((said) => said.id).map((said) => [said.id, said]));
  const called = new Set(one.messages.flatMap((said) => (said.blocks ?? []).filter((block) => block.kind === "call").map((block) => block.id)));
  const opens = newest(one);
  const made = [settings(one), tools(one)];
  let older = [];
  const flush = () => {
    if (older.length) made.push(h("div", { class: "older" }, ...older));
    older = [];
  };
  one.messages.forEach((said, at) => {
    if (said.id && called.has(said.id)) return;
    const isOld = at < opens;
    const element = message(said, { at, isOpen: !isOld && !isLongPrompt(said), results, isNewest: at === opens });
    if (isOld) older.push(element);
    else {
      flush();
      made.push(element);
    }
  });
  flush();
  made.push(...answer(one, results, opens >= one.messages.length));
  return made.filter(Boolean);
}

// The first message that is open: the last of a person, or what came after it.
function newest(one) {
  const { messages } = one;
  const first = messages.findIndex((said) => !said.is_short);
  if (messages.length <= 4) return 0;
  let user = messages.length - 1;
  while (user > 0 && messages[user].role !== "user") user--;
  return Math.max(first < 0 ? messages.length : first, messages.length - user <= 6 ? user : 0);
}

const isLongPrompt = (said) => /^(system|developer)$/.test(said.role) && said.size > LONG;

function settings(one) {
  const rest = Object.fromEntries(Object.entries(one.settings).filter(([name]) => name !== "tools"));
  const names = Object.keys(rest);
  if (!names.length) return null;
  const told = names.filter((name) => typeof rest[name] !== "object").map((name) => `${name} ${rest[name]}`).join(" · ");
  return fold("settings", "Settings", told.slice(0, 160) || names.join(", "), () => [json(JSON.stringify(rest), "settings")]);
}

function tools(one) {
  const given = Array.isArray(one.settings.tools) ? one.settings.tools : [];
  if (!given.length) return null;
  const name = (tool) => tool?.function?.name ?? tool?.name ?? tool?.type ?? "tool";
  return fold("tools", count(given.length, "tool"), given.map(name).join(", ").slice(0, 200), () =>
    given.map((tool) => h("div", { class: "given" }, h("strong", {}, name(tool)), h("p", { class: "dim" }, tool?.function?.description ?? tool?.description ?? ""),
      json(JSON.stringify(tool?.function?.parameters ?? tool?.input_schema ?? tool?.parameters ?? tool), `parameters of ${name(tool)}`, 1))));
}

// A line that opens, and is filled when it does.
function fold(className, title, hint, fill, isOpen = false) {
  const made = h("details", { class: `fold ${className}` }, h("summary", {}, h("span", { class: "role" }, title), h("span", { class: "hint" }, hint)));
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
  const hint = [said.failed ? "✗ failed " : "", ...calls.map((name) => `calls ${name} `), words].join("");
  return fold(className, role(said), hint, async () => {
    const whole = said.is_short ? await get(`exchanges/${data.current.number}/messages/${at}`) : said;
    return bodyOf(whole, results);
  });
}

const firstWords = (said) => said.raw.slice(0, 400).replace(/\s+/g, " ").slice(0, 160);

const head = (said, ...more) => h("div", { class: "head" }, h("span", { class: "role" }, role(said)), said.failed ? h("span", { class: "chip failed" }, "✗ failed") : "", ...more);

function bodyOf(said, results) {
  if (view.raw) return [h("pre", { class: "raw" }, said.raw)];
  return said.blocks.flatMap((block) => blockOf(block, results));
}

function blockOf(one, results) {
  switch (one.kind) {
    case "text": return [dress(rendered(one.html))];
    case "reasoning": return [fold("reasoning", "Reasoning", one.text.slice(0, 300).replace(/\s+/g, " ").slice(0, 120), () => [h("div", { class: "thought" }, one.text)])];
    case "call": return [call(one, results.get(one.id))];
    case "refusal": return [h("div", { class: "refusal" }, h("span", { class: "role" }, "Refusal"), h("div", {}, one.text))];
    case "media": return [media(one)];
    default: return [json(one.text, "part")];
  }
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
    return [/^\s*[[{]/.test(text) ? json(text, `result of ${name}`) : code(text, "text", `result of ${name}`)];
  };
  const title = result.failed ? "✗ Result, failed" : "Result";
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
      ...bodyOf(said, results)));
  return isMany ? [h("div", { class: "choices" }, ...made)] : made;
}

export const canEdit = (one) => Boolean(one.place) && !saved && one.verdict !== "held" && one.answer.length === 1 && one.answer[0].role === "assistant";
