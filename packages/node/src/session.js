// The session of a test at a server: its own transcripts, policy and order of takes.
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";

import { secondsOf, tooOld, undated } from "./age.js";
import { DRIFTS, drifted } from "./drift.js";
import { clientEnvironment } from "./environment.js";
import { Journal } from "./journal.js";
import { policyOf, records } from "./mode.js";
import { leave } from "./notes.js";
import { told } from "./wording.js";

// `settings` are the options of the test, and what its runner adds: the `mode` of the run, the
// transcript that is its `own` and those of its `siblings`, how it is `rerun`, the `upstreams`, and
// the environment `around` it.
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

  /** The requests so far, and their outcomes. */
  async exchanges() {
    const rows = await this.#journal.exchanges(`session:${this.#name}`);
    return (await this.#journal.inFull(rows, rows.length)).map(exchange);
  }

  /** The requests so far that no transcript answers. */
  async misses() {
    return (await this.exchanges()).filter(({ verdict }) => verdict === "miss");
  }

  /** Close it. Returns what the test should report about its requests; empty if there is nothing. */
  async close(hasPassed) {
    const { own, siblings, unused = "warn" } = this.#settings;
    const note = { path: this.path, own, siblings, unused, old: [], undated: [], unverified: [] };
    let problem = "";
    let isKept = false;
    try {
      problem = (await this.#problem(hasPassed)) || (hasPassed ? await this.#judged(note) : "");
      isKept = hasPassed && !problem;
    } finally {
      const { answers } = await this.#change("close", { keep: isKept });
      leave(this.#place.notes, { ...note, passed: isKept, answers });
    }
    return problem;
  }

  /** The problems of the answers that the test has used: too old, or no longer given by the API. */
  async #judged(note) {
    const { mode, maxAge, tooOld: effect = process.env.CI ? "fail" : "warn" } = this.#settings;
    const most = secondsOf(maxAge);
    const isVerified = mode === "verify";
    if (!isVerified && (most === undefined || mode !== "none")) return "";
    const { answers } = await this.#change("uses", {});
    if (most !== undefined) {
      note.old = tooOld(answers, most);
      note.undated = undated(answers);
      if (note.old.length && effect === "fail") {
        return ["rechat: answers of this test are too old:", ...note.old, this.#again()].join("\n");
      }
    }
    return isVerified ? this.#verified(answers, note) : "";
  }

  async #verified(answers, note) {
    const { around, command, upstreams } = this.#settings;
    const places = answers.filter(({ used }) => used).map(({ place }) => place);
    const found = await drifted(places, { upstreams, around, command, root: this.#place.root });
    const counted = drifts(this.#settings);
    const lines = (isMeant) => found.filter(isMeant).map(({ place, told: reason }) => `${place}: ${reason}`);
    note.unverified = lines(({ kind }) => kind === "unasked");
    const changed = lines(({ kind }) => kind !== "error" && counted.includes(kind));
    const failed = lines(({ kind }) => kind === "error" && counted.includes(kind));
    const words = failed.length ? ["rechat: these answers could not be asked for again:", ...failed] : [];
    if (changed.length) words.push("rechat: these answers have changed:", ...changed, this.#again());
    return words.join("\n");
  }

  #again() {
    return `To record them again:\n  RECHAT=all ${this.#settings.rerun}`;
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
    if (records(this.#settings.mode)) return `The answers belong in ${this.path}.`;
    const isThere = existsSync(path.join(this.#place.root, this.path));
    const missing = isThere ? "" : ", which does not exist yet";
    const { mode, rerun } = this.#settings;
    const words = `To record what is missing in ${this.path}${missing}:\n  RECHAT=new ${rerun}`;
    if (!isThere || mode === "accept") return words;
    return `${words}\nTo keep the nearest answer, with the new question:\n  RECHAT=accept ${rerun}`;
  }

  #change(action, body) {
    return this.#journal.post(`sessions/${this.#name}/${action}`, body);
  }

  /** A new session for a test. Throws if one of its transcripts cannot be read. */
  static async open(place, test, settings) {
    const slug = test.replace(/[^A-Za-z0-9_]+/g, "-").slice(0, 60).replace(/^-+|-+$/g, "");
    const name = `${randomBytes(6).toString("hex")}-${slug}`;
    const transcript = settings.path ?? settings.own;
    const session = new Session(place, name, transcript, settings);
    check(settings);
    const { mode, takes = 1 } = settings;
    const isOwn = !settings.path;
    const beginsAnew = isOwn && (mode === "rewrite" || (mode === "all" && takes > 1));
    const policy = beginsAnew ? "record" : policyOf(mode);
    const wanted = { paths: [transcript], policy, takes, anew: beginsAnew, accepts: mode === "accept" };
    const maxAge = secondsOf(settings.maxAge);
    if (maxAge !== undefined) wanted.max_age = maxAge;
    const { problems } = await session.#change("open", wanted);
    if (problems.length) {
      await session.#change("close", { keep: false });
      throw new Error(["rechat cannot read a transcript:", ...problems].join("\n"));
    }
    return session;
  }
}

const WORDS = { unused: ["ignore", "warn", "fail"], tooOld: ["warn", "fail"], misses: ["fail", "ignore"] };

function check(settings) {
  for (const [name, known] of Object.entries(WORDS)) expect(name, settings[name] ?? known[0], known);
  for (const word of drifts(settings)) expect("drift", word, DRIFTS);
}

function expect(name, value, known) {
  if (!known.includes(value)) throw new Error(`rechat: ${name} ${JSON.stringify(value)}: expected ${known.join(", ")}`);
}

function drifts({ drift = DRIFTS.join() }) {
  return drift.split(/[\s,]+/).filter(Boolean);
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
