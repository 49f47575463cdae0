import type { Recorded } from "./index.js";

export type { Exchange, Recorded, TestOptions } from "./index.js";

/** A test environment with a session for each test. */
export function withRechat<Base extends new (...given: any[]) => object>(base: Base): Base;

declare const RechatEnvironment: new (...given: any[]) => object;
export default RechatEnvironment;

declare global {
  /** The session of the running test. */
  var rechat: Recorded;
}
