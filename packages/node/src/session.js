// The session of a test at a server: transcripts, a policy and an order of takes of its own.
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";

import { clientEnvironment } from "./environment.js";
import { Journal } from "./journal.js";
import { told } from "./wording.js";

const POLICIES = { none: "replay", new: "record", all: "rerecord", rewrite: "record", accept: "replay" };

/** The mode of this run: the variable `RECHAT`. */
export function modeOf(environment = process.env) {
  const mode = environment.RECHAT || "none";
  if (!(mode in POLICIES)) {
    throw new Error(`RECHAT=${mode}: expected ${Object.keys(POLICIES).join(", ")}`);
  }
  return mode;
}

/** Whether a mode asks an upstream. */
export function records(mode) {
  return POLICIES[mode] !== "replay";
}

export class Session {
  #journal;
  #name;
  #place;
  #settings;

  constructor(place, name, transcript, settings) {
    this.path = transcript;
    this.url = `${place.url}/_rechat/s/${name}`;
    this.baseURL = `${this.url}/v1`;
    const own = clientEnvironment(this.url, place.token, process.env, records(settings.mode));
    this.env = { ...own, RECHAT_URL: place.url };
    this.#journal = new Journal(place.url, place.token);
    this.#name = name;
    this.#place = place;
    this.#settings = settings;
  }

  /** What was asked so far, and what became of it. */
  async exchanges() {
    const rows = await this.#journal.exchanges(`session:${this.#name}`);
    return (await this.#journal.inFull(rows, rows.length)).map(exchange);
  }

  /** What was asked so far that no transcript answers. */
  async misses() {
    return (await this.exchanges()).filter(({ verdict }) => verdict === "miss");
  }

  /** Close it. What the test is to be told of its requests; empty if there is nothing. */
  async close(hasPassed) {
    let problem = "";
    try {
      problem = await this.#problem(hasPassed);
    } finally {
      await this.#change("close", { keep: hasPassed && !problem });
    }
    return problem;
  }

  async #problem(hasPassed) {
    const rows = await this.#journal.exchanges(`session:${this.#name}`);
    const missed = rows.filter(({ verdict }) => verdict === "miss");
    const isJudged = this.#settings.misses !== "ignore";
    if (missed.length && (isJudged || !hasPassed)) {
      const hides = hasPassed ? " requests of this test, which hides that" : "";
      const misses = told(await this.#journal.inFull(missed));
      return `rechat: no transcript answers${hides}\n${misses}\n\n${this.#remedy()}`;
    }
    const failed = unanswered(rows);
    if (isJudged && hasPassed && failed.length) {
      const lines = failed.map(({ words, reason }) => `  ${words}: ${reason ?? ""}`);
      return ["rechat: nothing was recorded for requests of this test, which hides that:", ...lines].join("\n");
    }
    return "";
  }

  #remedy() {
    if (records(this.#settings.mode)) return `The answers belong into ${this.path}.`;
    const isThere = existsSync(path.join(this.#place.root, this.path));
    const missing = isThere ? "" : ", which does not exist yet";
    const { mode, command } = this.#settings;
    const words = `To record what is missing in ${this.path}${missing}:\n  RECHAT=new ${command}`;
    if (!isThere || mode === "accept") return words;
    return `${words}\nTo keep the nearest answer, with the new question:\n  RECHAT=accept ${command}`;
  }

  #change(action, body) {
    return this.#journal.post(`sessions/${this.#name}/${action}`, body);
  }

  /** A new session for a test. An error if a transcript of it cannot be read. */
  static async open(place, test, settings) {
    const slug = test.replace(/[^A-Za-z0-9_]+/g, "-").slice(0, 60).replace(/^-+|-+$/g, "");
    const name = `${randomBytes(6).toString("hex")}-${slug}`;
    const transcript = settings.path ?? settings.own;
    const session = new Session(place, name, transcript, settings);
    const { mode, takes = 1 } = settings;
    const isOwn = !settings.path;
    const beginsAnew = isOwn && (mode === "rewrite" || (mode === "all" && takes > 1));
    const policy = beginsAnew ? "record" : POLICIES[mode];
    const wanted = { paths: [transcript], policy, takes, anew: beginsAnew, accepts: mode === "accept" };
    const { problems } = await session.#change("open", wanted);
    if (problems.length) {
      await session.#change("close", { keep: false });
      throw new Error(["rechat cannot read a transcript:", ...problems].join("\n"));
    }
    return session;
  }
}

function unanswered(rows) {
  const asked = ({ target, model, words }) => JSON.stringify([target, model, words]);
  const isAnswered = ({ verdict }) => verdict === "hit" || verdict === "recorded";
  const answered = new Set(rows.filter(isAnswered).map(asked));
  return rows.filter((row) => row.verdict === "failed" && !answered.has(asked(row)));
}

function exchange(details) {
  const { verdict, api, model, words: question, place = "", reason = "", settings } = details;
  const blocks = details.answer.flatMap((message) => message.blocks);
  const answer = blocks.filter(({ kind }) => kind === "text").map(({ text }) => text).join("\n");
  return { verdict, api, model, question, answer, place, reason, settings };
}
