// Notes that the tests of a run, each in its own process, leave for the report at its end: one line of a file each.
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { modeOf, records } from "./mode.js";
import { unusedIn } from "./unused.js";

const RECORD = "To record all answers of the tests again: RECHAT=all";
const DROP =
  "To drop them, remove files and sections by hand, or record the tests again from the start: RECHAT=rewrite";

/** A file for the notes of a run. */
export function newNotes() {
  return path.join(mkdtempSync(path.join(os.tmpdir(), "rechat-")), "notes.jsonl");
}

/** Leave a note, if there is a reader. */
export function leave(file, note) {
  if (file) appendFileSync(file, `${JSON.stringify(note)}\n`);
}

/** The report at the end of a run, as lines, and whether it is a failure; the notes are removed. */
export function summary(file, root, isWhole) {
  const notes = notesIn(file);
  rmSync(path.dirname(file), { recursive: true, force: true });
  const asked = notes.filter(({ unused }) => unused !== "ignore");
  const unused = records(modeOf()) || !asked.length ? [] : unusedIn(notes, root, isWhole);
  const undated = [...new Set(notes.flatMap((note) => note.undated))].sort();
  const sections = [
    ["old answers", notes.flatMap((note) => note.old), RECORD],
    ["answers without an age", undated.length ? [withoutAge(undated)] : [], ""],
    ["answers that cannot be verified", notes.flatMap((note) => note.unverified), ""],
    ["unused transcripts", unused, DROP],
  ];
  const lines = sections.flatMap(([title, found, remedy]) =>
    found.length ? [`rechat: ${title}`, ...new Set(found).values(), remedy].filter(Boolean) : [],
  );
  return { lines, isFailure: unused.length > 0 && asked.some((note) => note.unused === "fail") };
}

function notesIn(file) {
  try {
    return readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
  } catch (error) {
    if (error.code === "ENOENT") return []; // no test has asked
    throw error;
  }
}

function withoutAge([first, ...others]) {
  const of = others.length ? `for ${others.length + 1} answers, the first ${first}` : `for ${first}`;
  return (
    `maxAge says nothing ${of}: neither the file nor the API says when it was recorded ` +
    "(rechat writes it where the API does not: RECHAT=all)"
  );
}
