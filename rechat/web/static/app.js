"use strict";
// The page: a list that stays current, one exchange in full, the transcripts. Whatever models and
// clients said is put in as text; only what the server rendered as safe HTML is put in as HTML.

(() => {
  const $ = (id) => document.getElementById(id);
  const token = document.querySelector('meta[name="rechat-token"]')?.content ?? "";
  const saved = $("session") ? JSON.parse($("session").textContent) : null;
  const MOST = 10000;
  const url = new URL(location.href);
  const view = {
    tab: url.searchParams.get("tab") ?? "exchanges",
    query: url.searchParams.get("q") ?? "",
    open: Number(url.searchParams.get("open")) || 0,
    raw: false,
    part: "conversation",
  };
  let rows = [];
  let latest = 0;
  let state = { policy: "", answers: 0, files: 0, held: [], folder: "", version: 0 };
  let current = null;
  let stream = null;

  // ---- elements -------------------------------------------------------------------------------

  function h(name, props = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(props)) {
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else if (key === "class") made.className = value;
      else if (key in made && key !== "list") made[key] = value;
      else made.setAttribute(key, value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return made;
  }

  function note(text) {
    const shown = $("note");
    shown.textContent = text;
    shown.hidden = false;
    clearTimeout(note.timer);
    note.timer = setTimeout(() => { shown.hidden = true; }, 2500);
  }

  async function copy(text, what) {
    try {
      await navigator.clipboard.writeText(text);
      note(`copied ${what}`);
    } catch {
      note("the browser does not let this page copy");
    }
  }

  // ---- talking to the proxy -------------------------------------------------------------------

  async function call(path, options = {}) {
    const response = await fetch(`/_rechat/${path}`, {
      ...options,
      headers: { "x-rechat-token": token, ...(options.body ? { "content-type": "application/json" } : {}) },
    });
    if (!response.ok) {
      const told = await response.json().catch(() => ({}));
      throw new Error(told.error ?? `status ${response.status}`);
    }
    return response;
  }

  const get = async (path) => (await call(path)).json();
  const post = async (path, value) =>
    (await call(path, { method: "POST", body: JSON.stringify(value ?? {}) })).json();

  // Server-sent events, read by hand: `EventSource` cannot send the token.
  async function listen(query, after) {
    const mine = new AbortController();
    stream?.abort();
    stream = mine;
    while (!mine.signal.aborted) {
      try {
        const response = await call(`events?q=${encodeURIComponent(query)}&after=${after}`, { signal: mine.signal });
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        let text = "";
        for (;;) {
          const { value, done } = await reader.read();
          if (done) break;
          text += value;
          let end;
          while ((end = text.indexOf("\n\n")) >= 0) {
            const event = Object.fromEntries(
              text.slice(0, end).split("\n").map((line) => {
                const at = line.indexOf(": ");
                return [line.slice(0, at), line.slice(at + 2)];
              }),
            );
            text = text.slice(end + 2);
            if (event.id) after = Number(event.id);
            if (event.event === "rows") add(JSON.parse(event.data));
            if (event.event === "state") take(JSON.parse(event.data));
          }
        }
      } catch (error) {
        if (mine.signal.aborted) return;
      }
      $("state").textContent = "not connected";
      await new Promise((done) => setTimeout(done, 1000));
    }
  }

  async function load() {
    if (saved) {
      rows = matching(saved, view.query);
      draw();
      return;
    }
    const query = view.query;
    const found = await get(`exchanges?q=${encodeURIComponent(query)}&limit=${MOST}`);
    if (query !== view.query) return;
    rows = found.exchanges;
    latest = found.latest;
    draw();
    listen(query, latest);
  }

  // A saved session has no server: words are looked for in all of an exchange.
  function matching(all, query) {
    const terms = query.toLowerCase().split(/\s+/).filter(Boolean);
    return all.filter((one) =>
      terms.every((term) => {
        const [name, value] = term.includes(":") ? term.split(/:(.*)/s) : ["", term];
        if (name && name in one) return String(one[name]).toLowerCase().includes(value);
        return JSON.stringify(one).toLowerCase().includes(term);
      }),
    );
  }

  function add(more) {
    const list = $("list");
    const isAtEnd = list.scrollTop < 4;
    rows.push(...more);
    if (rows.length > MOST) rows.splice(0, rows.length - MOST);
    if (!isAtEnd) list.scrollTop += more.length * height();
    draw();
  }

  function take(told) {
    const isOther = told.version !== state.version;
    state = told;
    latest = told.latest;
    drawState();
    if (isOther && view.tab === "transcripts") showFiles();
    draw();
  }

  // ---- the list: the newest first, only what is seen is there ---------------------------------

  const height = () => parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--row")) || 44;

  let isDrawing = false;
  function draw() {
    if (isDrawing) return;
    isDrawing = true;
    requestAnimationFrame(() => {
      isDrawing = false;
      const isEmpty = view.tab === "exchanges" && rows.length === 0;
      $("list").hidden = view.tab !== "exchanges" || isEmpty;
      $("empty").hidden = !isEmpty;
      $("files").hidden = view.tab !== "transcripts";
      $("detail").hidden = view.tab !== "exchanges" || !current;
      for (const tab of $("tabs").children) tab.setAttribute("aria-pressed", tab.dataset.tab === view.tab);
      if (isEmpty) drawEmpty();
      if (!$("list").hidden) drawRows();
      drawState();
    });
  }

  function drawRows() {
    const list = $("list");
    const each = height();
    $("rows").style.height = `${rows.length * each}px`;
    const first = Math.max(0, Math.floor(list.scrollTop / each) - 10);
    const last = Math.min(rows.length, Math.ceil((list.scrollTop + list.clientHeight) / each) + 10);
    const made = [];
    for (let at = first; at < last; at++) {
      const row = line(rows[rows.length - 1 - at]);
      row.style.transform = `translateY(${at * each}px)`;
      made.push(row);
    }
    $("rows").replaceChildren(...made);
  }

  const isWaiting = (row) => row.verdict === "held" && state.held.includes(row.place);

  function line(row) {
    const why = row.differs ?? (row.verdict !== "hit" ? row.reason : "") ?? "";
    const tokens = row.tokens ? `${row.tokens[0]} → ${row.tokens[1]}` : "";
    const first = row.first ? `${Math.round(row.first)} / ` : "";
    return h(
      "div",
      {
        class: `row${current?.number === row.number ? " current" : ""}`,
        "data-number": row.number,
        title: row.reason ?? row.place ?? "",
        onclick: () => open(row.number),
      },
      h("span", { class: `verdict ${row.verdict}` }, row.verdict === "held" && !isWaiting(row) ? "held, over" : row.verdict),
      h("span", {}, row.model || row.target),
      h("span", { class: "words" }, row.words || row.target, why ? h("span", { class: "why" }, `  ${why}`) : ""),
      h("span", { class: "more tokens" }, row.cost ? `${tokens} $${row.cost.toFixed(4)}` : tokens),
      h("span", { class: "more", title: row.first ? "to the first piece / to the end" : "" }, `${first}${row.ms < 10 ? row.ms.toFixed(1) : Math.round(row.ms)} ms`),
    );
  }

  const count = (number, noun) => `${number.toLocaleString()} ${noun}${number === 1 ? "" : "s"}`;

  function drawState() {
    if (saved) {
      $("state").textContent = `${rows.length} of ${saved.length} exchanges, saved`;
      return;
    }
    const held = state.held.length ? `${state.held.length} waiting · ` : "";
    const broken = state.problems ? ` · ${state.problems} broken` : "";
    $("state").textContent =
      `${held}${rows.length.toLocaleString()} shown · ${state.policy} · ${count(state.answers, "answer")} in ${count(state.files, "file")}${broken}`;
  }

  function drawEmpty() {
    if (view.query) {
      $("empty").replaceChildren(h("h1", {}, "Nothing is like that"), h("p", {}, `No exchange matches “${view.query}”. Esc clears the filter.`));
      return;
    }
    const base = `${location.origin}/v1`;
    const asks = `curl ${base}/chat/completions -H 'content-type: application/json' -d '{"model": "gpt-5", "messages": [{"role": "user", "content": "What is the capital of France?"}]}'`;
    const sets = `export OPENAI_BASE_URL=${base}`;
    $("empty").replaceChildren(
      h("h1", {}, "Nothing has been asked yet"),
      h("p", {}, "Point a program here, and what it asks appears at once:"),
      h("pre", { class: "box" }, sets),
      h("p", {}, "Or try it:"),
      h("pre", { class: "box" }, asks),
      h("div", { class: "tools" },
        h("button", { type: "button", onclick: () => copy(sets, "the export") }, "Copy the export"),
        h("button", { type: "button", onclick: () => copy(asks, "the curl line") }, "Copy curl")),
    );
  }

  // ---- one exchange ---------------------------------------------------------------------------

  async function open(number) {
    view.open = number;
    remember();
    try {
      current = saved ? saved.find((one) => one.number === number) : await get(`exchanges/${number}`);
    } catch (error) {
      note(error.message);
      return;
    }
    if (!current) return;
    if (current.differences.length && current.verdict === "miss") view.part = "difference";
    else if (view.part === "difference") view.part = "conversation";
    showDetail();
    draw();
  }

  function close() {
    current = null;
    view.open = 0;
    remember();
    draw();
    $("list").focus();
  }

  const editor = (place) => {
    const [, path, at] = place.match(/^(.*?)(?::(\d+))?$/s);
    const absolute = path.startsWith("/") || /^[A-Za-z]:/.test(path) ? path : `${state.folder}/${path}`;
    return `vscode://file/${encodeURI(absolute.replace(/^\//, ""))}${at ? `:${at}` : ""}`;
  };
  const place = (where) => (saved ? h("span", {}, where) : h("a", { href: editor(where) }, where));

  function showDetail() {
    const one = current;
    $("detail").dataset.number = one.number;
    const parts = ["conversation", ...(one.differences.length ? ["difference"] : []), "request", "response", "headers", "timing"];
    if (!parts.includes(view.part)) view.part = "conversation";
    const facts = [one.target, one.api, `${Math.round(one.ms * 10) / 10} ms`, one.tokens ? `${one.tokens[0]} → ${one.tokens[1]} tokens` : "", one.rule]
      .filter(Boolean).join(" · ");
    $("detail").replaceChildren(
      h("h2", {},
        h("button", { type: "button", id: "back", onclick: close }, "←"),
        h("span", { class: `verdict ${one.verdict}` }, one.verdict),
        h("span", {}, one.model || one.target)),
      h("div", { class: "facts" }, facts),
      h("div", { class: "facts" }, one.place ? place(one.place) : "", one.reason && !one.differences.length ? h("div", {}, one.reason) : ""),
      h("div", { class: "tools", role: "tablist" },
        ...parts.map((part) =>
          h("button", { type: "button", role: "tab", "data-part": part, "aria-selected": String(part === view.part), onclick: () => show(part) }, part))),
      h("div", { class: "tools" },
        h("button", { type: "button", onclick: () => copy(one.curl, "curl") }, "Copy curl"),
        h("button", { type: "button", onclick: () => copy(one.python, "Python") }, "Copy Python"),
        h("button", { type: "button", onclick: () => copy(one.markdown, "Markdown") }, "Copy Markdown"),
        h("button", { type: "button", id: "raw", "aria-pressed": String(view.raw), onclick: toggleRaw }, "raw")),
      one.can_answer && !saved ? answerBox(one) : "",
      h("div", { id: "part" }, ...part(one)),
    );
  }

  function show(name) {
    view.part = name;
    showDetail();
  }

  function toggleRaw() {
    view.raw = !view.raw;
    showDetail();
  }

  function part(one) {
    switch (view.part) {
      case "difference": return difference(one);
      case "request": return [h("pre", { class: "box" }, one.request || "no body")];
      case "response": return [h("pre", { class: "box" }, one.response || "no answer")];
      case "headers": return [headers("Request", one.headers), headers("Response", one.answer_headers)];
      case "timing": return timing(one);
      default: return conversation(one);
    }
  }

  function conversation(one) {
    const settings = Object.keys(one.settings).length ? [h("details", { class: "box" }, h("summary", {}, "settings"), h("pre", {}, JSON.stringify(one.settings, null, 2)))] : [];
    return [...settings, ...[...one.messages, ...one.answer].map(message)];
  }

  function message(said) {
    const body = view.raw ? [h("pre", {}, said.raw)] : said.blocks.map(block);
    return h("div", { class: `message ${/^[a-z]+$/.test(said.role) ? said.role : ""}` }, h("div", { class: "role" }, said.role), ...body);
  }

  function block(one) {
    switch (one.kind) {
      case "text": {
        const made = h("div", { class: "text" });
        made.innerHTML = one.html; // escaped and cut down to safe tags by the server
        return made;
      }
      case "reasoning": return h("details", { class: "reasoning" }, h("summary", {}, "reasoning"), one.text);
      case "call": return h("pre", { class: "box" }, `${one.name} ${one.text}`);
      case "media": return h("div", {}, h("div", { class: "image" }, one.text), one.picture ? h("img", { class: "picture", src: one.picture, alt: one.text }) : "");
      default: return h("pre", { class: "box" }, one.text);
    }
  }

  function difference(one) {
    const made = one.nearest ? [h("div", { class: "facts" }, "nearest: ", place(one.nearest))] : [];
    for (const found of one.differences) {
      made.push(h("div", { class: "reason" }, found.reason));
      if (found.lines.length) made.push(sideBySide(found.lines));
    }
    return made;
  }

  function sideBySide(lines) {
    const grid = h("div", { class: "diff" }, h("div", { class: "side" }, "recorded"), h("div", { class: "side blank" }, "asked"));
    const cell = (kind, line) => h("div", { class: kind }, ...(line?.pieces ?? []).map(([text, marked]) => (marked ? h("mark", {}, text) : text)));
    let at = 0;
    while (at < lines.length) {
      const kind = lines[at].kind;
      if (kind === "gap") {
        grid.append(h("div", { class: "gap" }, "⋯"));
        at++;
      } else if (kind === "same") {
        grid.append(cell("same", lines[at]), cell("same right", lines[at]));
        at++;
      } else {
        const old = [];
        const now = [];
        while (at < lines.length && (lines[at].kind === "recorded" || lines[at].kind === "asked")) {
          (lines[at].kind === "recorded" ? old : now).push(lines[at]);
          at++;
        }
        for (let row = 0; row < Math.max(old.length, now.length); row++) {
          grid.append(
            old[row] ? cell("old", old[row]) : cell("blank", null),
            now[row] ? cell("new", now[row]) : cell("blank", null),
          );
        }
      }
    }
    return grid;
  }

  function headers(title, pairs) {
    const rows = pairs.map(([name, value]) => h("tr", {}, h("td", {}, name), h("td", {}, value)));
    return h("div", {}, h("div", { class: "reason" }, title), rows.length ? h("table", { class: "plain" }, h("tbody", {}, ...rows)) : "none that is kept");
  }

  function timing(one) {
    const times = one.times;
    if (times.length < 2) return [h("p", {}, times.length ? `All at once, ${times[0][1].toLocaleString()} bytes.` : "Nothing was sent.")];
    const NS = "http://www.w3.org/2000/svg";
    const end = times[times.length - 1][0] || 1;
    const total = times.reduce((sum, [, size]) => sum + size, 0);
    let sum = 0;
    let path = "M0 100";
    for (const [when, size] of times) {
      path += `L${(when / end) * 100} ${100 - (sum / total) * 100}`;
      sum += size;
      path += `L${(when / end) * 100} ${100 - (sum / total) * 100}`;
    }
    const plot = document.createElementNS(NS, "svg");
    plot.setAttribute("viewBox", "0 0 100 100");
    plot.setAttribute("preserveAspectRatio", "none");
    plot.setAttribute("class", "plot");
    for (const [kind, shape] of [["axis", "M0 100L100 100"], ["step", path]]) {
      const drawn = document.createElementNS(NS, "path");
      drawn.setAttribute("class", kind);
      drawn.setAttribute("d", shape);
      if (kind === "axis") drawn.setAttribute("stroke", "currentColor");
      plot.append(drawn);
    }
    const gaps = times.slice(1).map(([when], at) => when - times[at][0]).sort((a, b) => a - b);
    const text = `first after ${times[0][0].toFixed(0)} ms, ${times.length} pieces, ${total.toLocaleString()} bytes, last after ${end.toFixed(0)} ms; ${gaps[gaps.length >> 1].toFixed(1)} ms between two (median)`;
    return [plot, h("p", { class: "facts" }, text)];
  }

  function answerBox(one) {
    const text = h("textarea", { id: "answer", placeholder: isWaiting(one) ? "The client waits: type the answer." : "Type an answer, and it is saved with the question.", "aria-label": "Answer" });
    const act = async (path, value, told) => {
      try {
        const done = await post(`exchanges/${one.number}/${path}`, value);
        note(`${told} ${done.place}`);
        const link = $("written");
        link.replaceChildren(`${told} `, place(done.place));
        if (path === "add") location.href = editor(done.place);
      } catch (error) {
        note(error.message);
      }
    };
    return h("div", { class: "answer box" }, text,
      h("div", { class: "tools" },
        h("button", { type: "button", id: "save", onclick: () => act("answer", { text: text.value }, "saved in") }, "Save the answer"),
        isWaiting(one) ? "" : h("button", { type: "button", id: "add", onclick: () => act("add", {}, "the question is in") }, "Add to transcripts"),
        isWaiting(one) || !one.nearest ? "" : h("button", { type: "button", id: "accept", title: "It takes the place of the question there, and keeps the answer.", onclick: () => act("accept", { into: one.nearest }, "asked now in") }, `Put this question in ${one.nearest}`)),
      h("div", { id: "written", class: "facts" }));
  }

  // ---- transcripts ----------------------------------------------------------------------------

  async function showFiles() {
    if (saved) return;
    const found = await get("transcripts");
    const made = [];
    let folder = null;
    const words = view.query.toLowerCase();
    for (const file of found.transcripts) {
      if (words && !file.path.toLowerCase().includes(words)) continue;
      const cut = file.path.lastIndexOf("/");
      const inside = file.path.slice(0, Math.max(0, cut));
      if (inside !== folder) {
        folder = inside;
        made.push(h("div", { class: "folder" }, folder || "."));
      }
      made.push(h("div", { class: `file${file.requests ? "" : " unused"}` },
        h("span", { class: "name" }, h("a", { href: editor(file.absolute) }, file.path.slice(cut + 1))),
        h("span", { class: "count" }, count(file.answers, "answer")),
        h("span", { class: "count" }, count(file.requests, "hit"))));
      for (const finding of file.findings) {
        made.push(h("div", { class: `finding ${finding.level === "error" ? "error" : ""}` }, h("a", { href: editor(`${file.absolute}:${finding.line}`) }, `line ${finding.line}`), ` ${finding.message}`));
      }
    }
    if (!found.is_linted) made.unshift(h("p", { class: "facts" }, "There are many files: `rechat lint` says what is wrong with them."));
    $("files").replaceChildren(...(made.length ? made : [h("p", {}, "There are no transcripts yet.")]));
  }

  // ---- what people do -------------------------------------------------------------------------

  function remember() {
    const params = new URLSearchParams();
    if (view.query) params.set("q", view.query);
    if (view.tab !== "exchanges") params.set("tab", view.tab);
    if (view.open) params.set("open", view.open);
    const text = params.toString();
    if (location.protocol !== "file:") history.replaceState(null, "", text ? `/?${text}` : "/");
  }

  function choose(tab) {
    view.tab = tab;
    remember();
    if (tab === "transcripts") showFiles();
    draw();
  }

  let typing = 0;
  function filter(query) {
    view.query = query;
    remember();
    clearTimeout(typing);
    typing = setTimeout(() => (view.tab === "transcripts" ? showFiles() : load()), 120);
  }

  function step(by) {
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.number === (current?.number ?? view.open));
    const next = at < 0 ? rows.length - 1 : Math.min(rows.length - 1, Math.max(0, at - by));
    const list = $("list");
    const top = (rows.length - 1 - next) * height();
    if (top < list.scrollTop) list.scrollTop = top;
    if (top + height() > list.scrollTop + list.clientHeight) list.scrollTop = top + height() - list.clientHeight;
    open(rows[next].number);
  }

  const KEYS = [
    ["j / k", "the next, the one before"], ["/", "filter"], ["Enter", "open the newest"], ["Esc", "close, clear"],
    ["r", "raw or rendered"], ["d", "the difference"], ["c", "copy curl"], ["?", "this"],
  ];

  function help() {
    const dialog = $("keys");
    dialog.replaceChildren(h("table", {}, h("tbody", {}, ...KEYS.map(([key, what]) => h("tr", {}, h("td", {}, h("kbd", {}, key)), h("td", {}, what))))));
    dialog.open ? dialog.close() : dialog.showModal();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = /^(INPUT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "Escape") {
      if ($("keys").open) return;
      if (isTyping && event.target.id !== "filter") event.target.blur();
      else if (current) close();
      else if (view.query) { $("filter").value = ""; filter(""); }
      if (isTyping) event.target.blur();
      return;
    }
    if (isTyping) {
      if (event.key === "Enter" && event.target.id === "filter") { event.target.blur(); step(0); }
      return;
    }
    const does = {
      j: () => step(1), k: () => step(-1), "/": () => $("filter").focus(), Enter: () => step(0), r: () => current && toggleRaw(),
      d: () => current?.differences.length && show("difference"), c: () => current && copy(current.curl, "curl"), "?": help,
    }[event.key];
    if (does && !(event.key === "Enter" && event.target.tagName === "BUTTON")) {
      event.preventDefault();
      does();
    }
  });

  function theme(name) {
    if (name) document.documentElement.dataset.theme = name;
    try { if (name) localStorage.setItem("rechat-theme", name); } catch { /* a saved page has no storage */ }
  }

  async function exportAll() {
    const response = await call(`export?q=${encodeURIComponent(view.query)}`);
    const link = h("a", { href: URL.createObjectURL(await response.blob()), download: "rechat-session.html" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  $("filter").value = view.query;
  $("filter").addEventListener("input", (event) => filter(event.target.value));
  $("list").addEventListener("scroll", () => draw(), { passive: true });
  $("help").addEventListener("click", help);
  $("export").addEventListener("click", () => exportAll().catch((error) => note(error.message)));
  $("theme").addEventListener("click", () => {
    const isDark = document.documentElement.dataset.theme
      ? document.documentElement.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    theme(isDark ? "light" : "dark");
  });
  for (const tab of $("tabs").children) tab.addEventListener("click", () => choose(tab.dataset.tab));
  window.addEventListener("resize", () => draw());
  document.addEventListener("visibilitychange", () => { if (!document.hidden && !saved) load(); });
  try { theme(localStorage.getItem("rechat-theme")); } catch { /* as above */ }
  if (saved) {
    $("export").hidden = true;
    $("tabs").hidden = true;
  }
  load().then(() => {
    if (view.tab === "transcripts") showFiles();
    if (view.open) open(view.open);
  }).catch((error) => { $("state").textContent = error.message; });
})();
