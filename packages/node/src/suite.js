// The server of a test run: one that was started for all its processes, or one for this process.
import { newNotes } from "./notes.js";
import { launch } from "./server.js";
import { modeOf, records } from "./mode.js";

// Not RECHAT_…: those variables are settings.
const SHARED = "_RECHAT_FOR_TESTS";
const own = new Map();

/** The APIs to record from. */
export function upstreamsOf(options) {
  const named = options.upstreams ?? process.env.RECHAT_UPSTREAM?.split(/\s+/).filter(Boolean) ?? [];
  return [named].flat();
}

async function begin(upstreams, command) {
  const needsKey = records(modeOf());
  const words = ["serve-tests", ...(needsKey ? ["--record", ...upstreams] : [])];
  const server = (await launch(words, { command, needsKey })).unref();
  return { url: server.url, token: server.token, root: process.cwd() };
}

/** Start a server for the processes of this run, which begin later; returns its address. */
export async function share(options = {}) {
  const shared = { ...(await begin(upstreamsOf(options), options.command)), notes: newNotes() };
  process.env[SHARED] = JSON.stringify(shared);
  return shared;
}

/** Where the server is; it starts with the first test that needs it. */
export function place(options = {}) {
  const shared = process.env[SHARED];
  const isShared = shared && !(options.upstreams && records(modeOf()));
  if (isShared) return Promise.resolve(JSON.parse(shared));
  const upstreams = upstreamsOf(options);
  const key = JSON.stringify(upstreams);
  const { notes } = JSON.parse(shared ?? "{}");
  if (!own.has(key)) own.set(key, begin(upstreams, options.command).then((one) => ({ ...one, notes })));
  return own.get(key);
}

/** Set variables; returns a function that restores them. */
export function setIn(environment, variables) {
  const before = Object.keys(variables).map((name) => [name, environment[name]]);
  Object.assign(environment, variables);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete environment[name];
      else environment[name] = value;
    }
  };
}
