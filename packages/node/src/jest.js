// A test environment of Jest in which each test is answered from a transcript of its own.
import path from "node:path";

import jestNode from "jest-environment-node";

import { transcriptOf } from "./places.js";
import { Session, modeOf } from "./session.js";
import { place, setIn } from "./suite.js";

/** The environment `Base`, with a session for each test: `rechat` is a global. */
export function withRechat(Base) {
  return class RechatEnvironment extends Base {
    #options;
    #file;
    #session;
    #putBack = () => {};

    constructor(config, context) {
      super(config, context);
      this.#options = config.projectConfig.testEnvironmentOptions.rechat ?? {};
      this.#file = context.testPath;
    }

    async handleTestEvent(event, state) {
      await super.handleTestEvent?.(event, state);
      if (event.name === "test_started") await this.#begin(event.test);
      if (event.name === "test_done") await this.#end(event.test);
    }

    async #begin(test) {
      const options = this.#options;
      const server = await place(options);
      const own = transcriptOf(server.root, this.#file, namesOf(test), options.folder);
      const file = path.relative(server.root, this.#file).replaceAll(path.sep, "/");
      const settings = { ...options, mode: modeOf(), own, command: `npx jest ${file}` };
      try {
        this.#session = await Session.open(server, test.name, settings);
      } catch (error) {
        test.errors.push(told(error.message)); // and the test does not run
        return;
      }
      this.#putBack = setIn(this.global.process.env, this.#session.env);
      this.global.rechat = this.#session;
    }

    async #end(test) {
      const session = this.#session;
      if (!session) return;
      this.#session = undefined;
      this.#putBack();
      delete this.global.rechat;
      const problem = await session.close(!test.errors.length);
      if (problem) test.errors.push(told(problem));
    }
  };
}

function namesOf(test) {
  const names = [];
  for (let one = test; one.parent; one = one.parent) names.unshift(one.name);
  return names;
}

function told(problem) {
  const error = new Error(problem);
  error.stack = problem; // the place where this is made says nothing
  return error;
}

// What a CommonJS module gives depends on who loads it.
export default withRechat(jestNode.TestEnvironment ?? jestNode.default ?? jestNode);
