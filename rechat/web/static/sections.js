// The sections of a transcript to read: each message with its line.

import { dress } from "./code.js";
import { h, rendered } from "./dom.js";
import { link } from "./editors.js";
import { json } from "./json.js";

export const sections = (found, absolute) => found.flatMap((section) => sectionOf(section, absolute));

function sectionOf(section, absolute) {
  return [
    section.title ? h("h3", {}, section.title) : "",
    ...section.messages.map((said) =>
      h("article", { class: `message ${/^[a-z]+$/.test(said.role) ? said.role : ""}`, "aria-label": said.role },
        h("div", { class: "head" },
          h("span", { class: "role" }, said.role[0].toUpperCase() + said.role.slice(1), said.take > 1 ? `, take ${said.take}` : "", said.pattern ? `, ${said.pattern}` : ""),
          said.is_blank ? h("span", { class: "chip warn" }, "still to be written") : "",
          h("span", { class: "spring" }), link(`${absolute}:${said.line}`, `line ${said.line}`)),
        ...said.blocks.map(block))),
  ];
}

function block(one) {
  if (one.html) return dress(rendered(one.html));
  if (one.picture) return h("img", { class: "picture", src: one.picture, alt: one.text });
  if (one.sound) return h("audio", { controls: true, src: one.sound, "aria-label": one.text });
  if (one.kind === "call") return h("div", { class: "call" }, h("strong", {}, one.name), json(one.text, `arguments of ${one.name}`));
  return h("pre", {}, one.text);
}

// What is wrong with a file, each with its line.
export const findings = (found, absolute) =>
  found.map((one) => h("div", { class: `finding ${one.level === "error" ? "error" : ""}` }, link(`${absolute}:${one.line}`, `line ${one.line}`), ` ${one.message}`));
