// A server in a child process. It listens on a free port, says where in its first line, and ends
// with its standard input: however this process ends, the server does too.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { findCommand } from "./command.js";
import { clientEnvironment } from "./environment.js";

const ADDRESS = /^https?:\/\/\S+:\d+/;
const WATCHED = ["--quiet", "--until-eof"];
const LINES_KEPT = 1000;
const PATIENCE = 5_000;

/** Start `rechat replay`, or `rechat record` if `record` names an upstream. */
export async function start(options = {}) {
  const { record = false, port = 0, onMiss, fuzzy, pace, takes } = options;
  const transcripts = [options.transcripts ?? []].flat();
  const given = { port, "on-miss": onMiss, fuzzy, pace, takes };
  let words = ["replay", ...transcripts];
  if (record) {
    if (transcripts.length > 1) throw new Error("rechat records into one folder, not into several");
    given.to = transcripts[0];
    words = ["record", ...(record === true ? [] : [record].flat())];
  }
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  const flags = set.map(([name, value]) => `--${name}=${value}`);
  const needsKey = Boolean(record);
  return launch([...words, ...flags, ...(options.options ?? []), ...WATCHED], { ...options, needsKey });
}

/** Run a serving command, and wait for its address. */
export async function launch(words, { command, cwd, env, timeout = 60_000, needsKey }) {
  const around = { ...process.env, ...env };
  const [program, ...first] = command ? [command].flat() : findCommand(around);
  const token = randomBytes(16).toString("base64url");
  const child = spawn(program, [...first, ...words], {
    cwd,
    env: { ...around, RECHAT_TOKEN: token, NO_COLOR: "1", PYTHONIOENCODING: "utf-8:backslashreplace" },
    stdio: ["pipe", "pipe", "pipe"],
    detached: process.platform !== "win32", // Ctrl-C in a terminal is for this process only
    windowsHide: true,
  });
  const said = [];
  const ended = new Promise((resolve) => child.once("close", (code, signal) => resolve({ code, signal })));
  const failed = new Promise((resolve) => child.once("error", resolve));
  child.stdin.on("error", () => {}); // it has ended already; its exit code tells why
  const keep = (line) => said.push(line) > LINES_KEPT && said.shift();
  createInterface({ input: child.stderr }).on("line", keep);
  const lines = createInterface({ input: child.stdout });
  lines.on("line", keep);
  let alarm;
  const late = new Promise((resolve) => {
    alarm = setTimeout(() => resolve(`no sign after ${timeout / 1000} s`), timeout);
  });
  const spoken = once(lines, "line").then(([line]) => ({ line }));
  const outcome = await Promise.race([
    spoken,
    failed.then((error) => error.message),
    ended.then(ending),
    late,
  ]);
  clearTimeout(alarm);
  const address = outcome.line?.match(ADDRESS)?.[0];
  if (!address) {
    child.kill("SIGKILL");
    await Promise.race([ended, failed]);
    const reason = said.join("\n").replace(/^rechat: /, "").trim();
    throw new Error(`rechat did not start: ${reason || outcome} (${[program, ...first].join(" ")})`);
  }
  said.shift();
  return new Server(address, token, child, ended, said, Boolean(needsKey));
}

function ending({ code, signal }) {
  return signal ? `signal ${signal}` : `exit code ${code}`;
}

/** A running server. */
export class Server {
  #child;
  #ended;
  #isSignalled = false;
  #said;
  #needsKey;

  constructor(url, token, child, ended, said, needsKey) {
    this.url = url;
    this.token = token;
    this.#child = child;
    this.#ended = ended;
    this.#said = said;
    this.#needsKey = needsKey;
  }

  get baseURL() {
    return `${this.url}/v1`;
  }

  get env() {
    return clientEnvironment(this.url, this.token, process.env, this.#needsKey);
  }

  get output() {
    return this.#said.join("\n");
  }

  /** Let this process end without stopping the server first: it ends with the process. */
  unref() {
    for (const one of [this.#child, this.#child.stdin, this.#child.stdout, this.#child.stderr]) one.unref();
    return this;
  }

  /** Stop the server. Throws if it has failed, now or before. */
  async stop() {
    const child = this.#child;
    const signal = (name) => {
      this.#isSignalled = true;
      child.kill(name);
    };
    const ways = [() => child.stdin.end(), () => signal("SIGTERM"), () => signal("SIGKILL")];
    for (const end of ways) {
      end();
      if (await this.#hasEndedWithin(PATIENCE)) break;
    }
    const outcome = await this.#ended;
    const hasFailed = outcome.code || (outcome.signal && !this.#isSignalled);
    if (hasFailed) throw new Error(`rechat ended with ${ending(outcome)}\n${this.output}`.trim());
  }

  async #hasEndedWithin(milliseconds) {
    let alarm;
    const late = new Promise((resolve) => {
      alarm = setTimeout(() => resolve(false), milliseconds);
    });
    const hasEnded = await Promise.race([this.#ended.then(() => true), late]);
    clearTimeout(alarm);
    return hasEnded;
  }

  [Symbol.asyncDispose]() {
    return this.stop();
  }
}
