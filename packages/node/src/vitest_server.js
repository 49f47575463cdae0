// `globalSetup` of vitest: one server for all test files, which have a process each.
import { share } from "./suite.js";

export default async function setup() {
  await share();
}
