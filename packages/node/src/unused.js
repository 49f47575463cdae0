// Which transcripts no test needs any more: answers that no test asked for, and files of no test.
//
// An answer is judged only if all tests that may ask for it have run and passed, a file only if all
// tests that it might belong to are known. Otherwise nothing is reported: a filter, a failure or a crash
// must not make a transcript look unused.
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";

/** Lines for people. `notes` are those of the tests; `isWhole` says that all tests of the project have run and passed. */
export function unusedIn(notes, root, isWhole) {
  const tests = notes.filter(({ unused }) => unused !== "ignore");
  return [...answersOf(tests, isWhole), ...filesOf(notes, root, isWhole)];
}

function* answersOf(tests, isWhole) {
  const paths = new Set(tests.map((test) => test.path));
  for (const transcript of [...paths].sort()) {
    const users = tests.filter((test) => test.path === transcript);
    const isOwn = users.every(({ own }) => own === transcript);
    if (!users.every(({ passed }) => passed) || !(isOwn || isWhole)) continue;
    const used = new Set(users.flatMap(({ answers }) => answers).filter((one) => one.used).map((one) => one.place));
    const known = new Map(users.flatMap(({ answers }) => answers).map(({ place, title }) => [place, title]));
    for (const [place, title] of known) {
      const where = title ? ` (section '${title}')` : "";
      if (!used.has(place)) yield `${place}: no test asks for this answer${where}`;
    }
  }
}

function* filesOf(notes, root, isWhole) {
  const opened = notes.map((note) => note.path);
  const passed = new Set(notes.filter((note) => note.passed).map(({ own }) => own));
  const owners = new Set(notes.flatMap(({ siblings }) => siblings));
  const folders = notes.map(({ own }) => path.posix.dirname(own));
  const places = new Set(isWhole ? folders.map((folder) => path.posix.dirname(folder)) : folders);
  const found = [...places].flatMap((folder) => [...transcriptsIn(root, folder)]);
  for (const file of [...new Set(found)].sort()) {
    const isOpened = opened.some((one) => file === one || file.startsWith(`${one}/`));
    const isJudged = !owners.has(file) || passed.has(file);
    if (!isOpened && isJudged) yield `${file}: no test uses this file`;
  }
}

function* transcriptsIn(root, folder) {
  const place = path.join(root, folder);
  if (!existsSync(place)) return;
  for (const entry of readdirSync(place, { withFileTypes: true })) {
    const name = path.posix.join(folder, entry.name);
    const isHidden = entry.name.startsWith(".") || entry.name === "assets" || entry.name === "README.md";
    if (isHidden) continue;
    if (entry.isDirectory()) yield* transcriptsIn(root, name);
    else if (entry.name.endsWith(".md")) yield name;
  }
}
