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
  "JetBrains IDEA": "idea://open?file=/{path}&line={line}",
  "JetBrains PyCharm": "pycharm://open?file=/{path}&line={line}",
  "JetBrains WebStorm": "webstorm://open?file=/{path}&line={line}",
  "GitLab's web editor": "https://{host}/-/ide/project/{project}/edit/{branch}/-/{inside}",
  "github.dev": "https://github.dev/{project}/blob/{branch}/{inside}#L{line}",
  Other: "",
};

export const chosen = () => kept("editor") || "VS Code";
export const template = () => kept("editor-url") || EDITORS[chosen()] || EDITORS["VS Code"];

// Each part of a path as an address has it; the colon of a drive stays.
const quoted = (path) => path.split("/").map((part) => encodeURIComponent(part).replaceAll("%3A", ":")).join("/");

export function address(place) {
  const [, path, at] = place.match(/^(.*?)(?::(\d+))?$/s);
  const isWhole = path.startsWith("/") || /^[A-Za-z]:/.test(path);
  const absolute = isWhole ? path : `${data.state.folder}/${path}`;
  const below = (root) => (absolute.startsWith(`${root}/`) ? absolute.slice(root.length + 1) : path);
  const { folder, repository } = data.state;
  const parts = {
    path: quoted(absolute.replace(/^\//, "")), relative: quoted(below(folder)), line: at ?? "1",
    ...(repository?.project ? {
      host: repository.host, project: quoted(repository.project), branch: quoted(repository.branch || "main"), inside: quoted(below(repository.root)),
    } : {}),
  };
  const made = template().replace(/\{(\w+)\}/g, (whole, name) => parts[name] ?? whole);
  // An unknown editor gets no link.
  if (/\{\w+\}/.test(made)) return "#";
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
    h("p", { class: "dim" }, "{path} is the whole path, {relative} that from the folder rechat was started in, {inside} that from the root of its repository at {host}, {project}, {branch}; {line} is the line."),
    h("form", { method: "dialog" }, h("button", { class: "primary" }, "Done")));
  dialog.showModal();
}
