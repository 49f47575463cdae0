// Elements, and the small texts that all parts of the page share. Whatever models and clients said
// is put in as text; only what the server rendered as safe HTML is put in as HTML (`rendered`).

export const $ = (id) => document.getElementById(id);

export function h(name, props = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "class") made.className = value;
    else if (key in made && !["list", "role"].includes(key)) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

export function svg(name, props = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(props)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function rendered(html, name = "div", className = "text") {
  const made = h(name, { class: className });
  made.innerHTML = html; // escaped and cut down to safe tags by the server
  return made;
}

export const button = (label, onclick, props = {}) => h("button", { type: "button", onclick, ...props }, label);

export const count = (number, noun) => `${number.toLocaleString()} ${noun}${number === 1 ? "" : "s"}`;

export const clock = (at, isExact = false) => {
  const time = new Date(at);
  const two = (number, digits = 2) => String(number).padStart(digits, "0");
  const text = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  return isExact ? `${text}.${two(time.getMilliseconds(), 3)}` : text;
};

export function duration(ms) {
  if (!ms) return "0 ms";
  if (ms < 0.1) return "< 0.1 ms";
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

export const money = (dollars) => (dollars ? `$${dollars < 0.01 ? dollars.toPrecision(2) : dollars.toFixed(2)}` : "");

export const bytes = (size) => (size < 1024 ? `${size} B` : size < 1 << 20 ? `${(size / 1024).toFixed(1)} KB` : `${(size / 1048576).toFixed(1)} MB`);

export const short = (number) => (number < 10_000 ? number.toLocaleString() : number < 1e6 ? `${(number / 1000).toFixed(number < 1e5 ? 1 : 0)}k` : `${(number / 1e6).toFixed(1)}M`);

let hiding = 0;
export function note(text) {
  const shown = $("note");
  shown.textContent = text;
  shown.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { shown.hidden = true; }, 3000);
}

export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    note(`Copied ${what}`);
  } catch {
    note("The browser does not let this page copy");
  }
}

export function kept(name, value) {
  try {
    if (value === undefined) return localStorage.getItem(`rechat-${name}`);
    localStorage.setItem(`rechat-${name}`, value);
  } catch { /* a saved page has no storage */ }
  return null;
}

// A list of tabs as the pattern of the ARIA guide has it: arrows move, one can be tabbed to.
export function tabs(label, names, chosen, choose, props = {}) {
  const made = h("div", { role: "tablist", "aria-label": label, class: "tabs", ...props });
  for (const [name, text] of names) {
    made.append(button(text, () => choose(name), {
      role: "tab", "data-part": name, id: `tab-${name}`, "aria-controls": "part",
      "aria-selected": String(name === chosen), tabIndex: name === chosen ? 0 : -1,
    }));
  }
  made.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const at = names.findIndex(([name]) => name === chosen);
    const [next] = names[(at + by + names.length) % names.length];
    choose(next);
    $(`tab-${next}`)?.focus();
  });
  return made;
}
