// A test environment for Jest in which each test is answered from its own transcript.
import { AsyncLocalStorage } from "node:async_hooks";
import path from "node:path";

import jestNode from "jest-environment-node";

import { modeOf } from "./mode.js";
import { transcriptOf } from "./places.js";
import { Session } from "./session.js";
import { place, setIn, upstreamsOf } from "./suite.js";
import { failure } from "./wording.js";

/** The environment `Base`, with a session for each test: `rechat` is a global. */
export function withRechat(Base) {
  return class RechatEnvironment extends Base {
    #options;
    #file;
    #siblings;
    #session;
    #putBack = () => {};
    // The sessions of concurrent tests: by test, and that of the test whose code is running.
    #opened = new Map();
    #beside = new AsyncLocalStorage();

    constructor(config, context) {
      super(config, context);
      this.#options = config.projectConfig.testEnvironmentOptions.rechat ?? {};
      this.#file = context.testPath;
    }

    async handleTestEvent(event, state) {
      await super.handleTestEvent?.(event, state);
      if (event.name === "run_start") await this.#prepare(state.rootDescribeBlock);
      if (event.name === "test_started" && !event.test.concurrent) await this.#begin(event.test);
      if (event.name === "test_done") await this.#end(event.test);
    }

    async #prepare(root) {
      const tests = testsOf(root);
      this.#siblings = tests;
      const now = () => this.#beside.getStore()?.session ?? this.#session;
      Object.defineProperty(this.global, "rechat", { configurable: true, get: now });
      const concurrent = tests.filter((test) => test.concurrent && test.fn);
      if (!concurrent.length) return;
      // Not within the timeout of a test. If it fails to start, each test reports the reason.
      await place(this.#options).catch(() => {});
      const { process } = this.global;
      process.env = several(process.env, () => this.#beside.getStore()?.env);
      for (const test of concurrent) {
        const { fn } = test;
        test.fn = async (...given) => {
          const session = await this.#open(test);
          const env = { ...process.env, ...session.env };
          return this.#beside.run({ session, env }, fn, ...given);
        };
      }
    }

    async #open(test) {
      const options = this.#options;
      const server = await place(options);
      const ownOf = (one) => transcriptOf(server.root, this.#file, namesOf(one), options.folder);
      const file = path.relative(server.root, this.#file).replaceAll(path.sep, "/");
      const settings = {
        ...options,
        mode: modeOf(),
        own: ownOf(test),
        siblings: this.#siblings.map(ownOf),
        rerun: `npx jest ${file}`,
        upstreams: upstreamsOf(options),
        around: { ...this.global.process.env },
      };
      try {
        const session = await Session.open(server, test.name, settings);
        this.#opened.set(test, session);
        return session;
      } catch (error) {
        throw failure(error.message);
      }
    }

    async #begin(test) {
      try {
        this.#session = await this.#open(test);
      } catch (error) {
        test.errors.push(error); // and the test does not run
        return;
      }
      this.#putBack = setIn(this.global.process.env, this.#session.env);
    }

    async #end(test) {
      const session = this.#opened.get(test);
      if (!session) return;
      this.#opened.delete(test);
      if (session === this.#session) {
        this.#session = undefined;
        this.#putBack();
      }
      const problem = await session.close(!test.errors.length);
      if (problem) test.errors.push(failure(problem));
    }
  };
}

/** An environment that is separate for the code of each concurrent test. */
function several(shared, own) {
  const here = () => own() ?? shared;
  return new Proxy(shared, {
    get: (_, name) => here()[name],
    set: (_, name, value) => Reflect.set(here(), name, value),
    has: (_, name) => name in here(),
    deleteProperty: (_, name) => Reflect.deleteProperty(here(), name),
    ownKeys: () => Reflect.ownKeys(here()),
    getOwnPropertyDescriptor: (_, name) => Reflect.getOwnPropertyDescriptor(here(), name),
    defineProperty: (_, name, property) => Reflect.defineProperty(here(), name, property),
  });
}

function testsOf(block) {
  return block.type === "describeBlock" ? block.children.flatMap(testsOf) : [block];
}

function namesOf(test) {
  const names = [];
  for (let one = test; one.parent; one = one.parent) names.unshift(one.name);
  return names;
}

// The exports of a CommonJS module depend on how it is loaded.
export default withRechat(jestNode.TestEnvironment ?? jestNode.default ?? jestNode);
