// Vitest tests, each answered from its own transcript.
import path from "node:path";

import { afterEach, beforeEach } from "vitest";

import { clientEnvironment } from "./environment.js";
import { modeOf, records } from "./mode.js";
import { transcriptOf } from "./places.js";
import { Session } from "./session.js";
import { place, setIn, upstreamsOf } from "./suite.js";
import { failure } from "./wording.js";

const PATIENCE = 60_000;
// The environment before the first test of this process, which real upstreams are asked in.
let around;

/** Answer each test of this file, or of the enclosing `describe`, from its transcript. */
export function recorded(options = {}) {
  const opened = new WeakMap();
  const current = new Current();
  beforeEach(async (context) => {
    const { task } = context;
    const server = await place(options);
    const mode = modeOf();
    const file = task.file.filepath;
    const ownOf = (one) => transcriptOf(server.root, file, namesOf(one), options.folder);
    const settings = {
      ...options,
      mode,
      own: ownOf(task),
      siblings: testsOf(task.file).map(ownOf),
      rerun: `npx vitest run ${path.relative(server.root, file).replaceAll(path.sep, "/")}`,
      upstreams: upstreamsOf(options),
      around: (around ??= { ...process.env }),
    };
    const session = await Session.open(server, task.name, settings);
    // Concurrent tests share one environment: a client that reads it is refused.
    const lost = () => clientEnvironment(server.url, server.token, process.env, records(mode));
    const putBack = setIn(process.env, task.concurrent ? lost() : session.env);
    opened.set(task, { session, putBack: task.concurrent ? () => {} : putBack });
    context.rechat = session;
    current.session = task.concurrent ? undefined : session;
  }, PATIENCE);
  afterEach(async ({ task }) => {
    const test = opened.get(task);
    if (!test) return; // it could not be opened, and has failed for that
    opened.delete(task);
    test.putBack();
    const problem = await test.session.close(task.result?.state !== "fail");
    if (problem) throw failure(problem);
  }, PATIENCE);
  return current;
}

/** The session of the running test. */
class Current {
  session;

  get #now() {
    if (!this.session) {
      throw new Error(
        "rechat: no test runs whose session this could be; a test that runs beside others gets " +
          "its own as an argument: test.concurrent(name, async ({ rechat }) => …)",
      );
    }
    return this.session;
  }

  get url() {
    return this.#now.url;
  }

  get baseURL() {
    return this.#now.baseURL;
  }

  get env() {
    return this.#now.env;
  }

  get path() {
    return this.#now.path;
  }

  exchanges() {
    return this.#now.exchanges();
  }

  misses() {
    return this.#now.misses();
  }
}

function namesOf(task) {
  const names = [];
  for (let one = task; one && one !== task.file; one = one.suite) names.unshift(one.name);
  return names;
}

function testsOf(task) {
  return task.type === "test" ? [task] : task.tasks.flatMap(testsOf);
}
