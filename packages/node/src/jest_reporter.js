// A reporter for Jest: one server for all workers, and the report at the end of their run.
import { summary } from "./notes.js";
import { share } from "./suite.js";

const FILTERS = ["testNamePattern", "onlyChanged", "findRelatedTests", "runTestsByPath", "onlyFailures", "shard"];

export default class RechatReporter {
  #config;
  #options;
  #shared;
  #failure;

  constructor(config, options) {
    this.#config = config;
    this.#options = options;
  }

  async onRunStart() {
    this.#shared = await share(this.#options);
  }

  onRunComplete(_contexts, results) {
    const { root, notes } = this.#shared;
    const { lines, isFailure } = summary(notes, root, this.#isWhole(results));
    if (lines.length) process.stderr.write(`\n${lines.join("\n")}\n`);
    if (isFailure) this.#failure = new Error("rechat: there are transcripts that no test uses");
  }

  getLastError() {
    return this.#failure;
  }

  /** Whether all tests of the project have run, and passed. */
  #isWhole(results) {
    const { testPathPatterns, testPathPattern } = this.#config;
    const named = testPathPatterns?.patterns ?? testPathPattern ?? [];
    const isFiltered = named.length > 0 || FILTERS.some((name) => this.#config[name]);
    return !isFiltered && !results.wasInterrupted && results.numTotalTests === results.numPassedTests && !results.numFailedTestSuites;
  }
}
