// Links that open a file at its line in the editor that the reader has chosen.

import { $, h, kept } from "./dom.js";
import { data } from "./model.js";
import { saved } from "./server.js";

export const EDITORS = {
  "VS Code": "vscode://file/{path}:{line}",
  "VS Code Insiders": "vscode-insiders://file/{path}:{line}",
  Cursor: "cursor://file/{path}:{line}",
  Windsurf: "windsurf://file/{path}:{line}",
  Zed: "zed://file/{path}:{line}",
  JetBrains: "idea://open?file=/{path}&line={line}",
  "GitLab's web editor": "https://gitlab.com/-/ide/project/GROUP/PROJECT/edit/main/-/{relative}",
  Other: "",
};

export const chosen = () => kept("editor") || "VS Code";
export const template = () => kept("editor-url") || EDITORS[chosen()] || EDITORS["VS Code"];

export function address(place) {
  const [, path, at] = place.match(/^(.*?)(?::(\d+))?$/s);
  const isWhole = path.startsWith("/") || /^[A-Za-z]:/.test(path);
  const absolute = isWhole ? path : `${data.state.folder}/${path}`;
  const inside = `${data.state.folder}/`;
  const relative = absolute.startsWith(inside) ? absolute.slice(inside.length) : path;
  const made = template()
    .replace("{path}", () => encodeURI(absolute.replace(/^\//, "")))
    .replace("{relative}", () => encodeURI(relative))
    .replace("{line}", at ?? "1");
  return /^(?!javascript|data|vbscript)[a-z][a-z0-9+.-]*:\/\//i.test(made) ? made : "#";
}

const isWeb = (url) => url.startsWith("https:") || url.startsWith("http:");

export function link(place, text = place) {
  if (saved) return h("span", {}, text);
  const href = address(place);
  return h("a", { href, title: `Open in ${chosen()}`, ...(isWeb(href) ? { target: "_blank", rel: "noopener noreferrer" } : {}) }, text);
}

export function open(place) {
  const made = link(place);
  if (made.href) made.click();
}

export function settings() {
  const dialog = $("settings");
  const url = h("input", { id: "editor-url", type: "text", value: template(), spellcheck: false });
  const select = h("select", { id: "editor" }, ...Object.keys(EDITORS).map((name) => h("option", { value: name, selected: name === chosen() }, name)));
  select.addEventListener("change", () => {
    url.value = EDITORS[select.value] || url.value;
    keep();
  });
  const keep = () => {
    kept("editor", select.value);
    kept("editor-url", url.value);
  };
  url.addEventListener("change", keep);
  dialog.replaceChildren(
    h("h2", {}, "Settings"),
    h("label", { for: "editor" }, "Files open in"), select,
    h("label", { for: "editor-url" }, "with the address"), url,
    h("p", { class: "dim" }, "{path} is the whole path, {relative} that from the folder rechat was started in, {line} the line."),
    h("form", { method: "dialog" }, h("button", { class: "primary" }, "Done")));
  dialog.showModal();
}
