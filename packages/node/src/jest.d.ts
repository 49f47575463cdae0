import type { Recorded } from "./index.js";

export type { Exchange, Recorded, TestOptions } from "./index.js";

/** An environment of tests, with a session for each. */
export function withRechat<Base extends new (...given: any[]) => object>(base: Base): Base;

declare const RechatEnvironment: new (...given: any[]) => object;
export default RechatEnvironment;

declare global {
  /** The session of the test that runs. */
  var rechat: Recorded;
}
