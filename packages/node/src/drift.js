// The answers of a test, requested again from the real upstream: RECHAT=verify.
import { spawn } from "node:child_process";

import { findCommand } from "./command.js";

export const DRIFTS = ["words", "finish", "call", "schema", "expect", "refused", "error"];

/** The answers at some places (`path:line`) that have changed, or that could not be requested: `place`, `kind`, `told`. */
export async function drifted(places, { upstreams, root, around, command }) {
  const chosen = [...new Set(places)].sort().flatMap((place) => ["--place", place]);
  if (!chosen.length) return [];
  const [program, ...first] = command ? [command].flat() : findCommand(around);
  const child = spawn(program, [...first, "verify-tests", ...upstreams, ...chosen], {
    cwd: root,
    env: { ...around, NO_COLOR: "1", PYTHONIOENCODING: "utf-8:backslashreplace" },
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  const said = { stdout: [], stderr: [] };
  for (const [name, chunks] of Object.entries(said)) child[name].on("data", (chunk) => chunks.push(chunk));
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  const text = (name) => Buffer.concat(said[name]).toString("utf8").trim();
  if (code) {
    const reason = text("stderr").replace(/^rechat: /, "") || `exit code ${code}`;
    return [{ place: "not verified", kind: "error", told: reason }];
  }
  return text("stdout").split("\n").filter(Boolean).map((line) => JSON.parse(line));
}
