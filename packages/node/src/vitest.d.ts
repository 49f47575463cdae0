import "vitest";

import type { Recorded, TestOptions } from "./index.js";

export type { Exchange, Recorded, TestOptions } from "./index.js";

/** Answer each test of this file, or of the enclosing `describe`, from its transcript. */
export function recorded(options?: TestOptions): Recorded;

declare module "vitest" {
  export interface TestContext {
    /** The session of the test, where `recorded()` was called. */
    rechat: Recorded;
  }
}
