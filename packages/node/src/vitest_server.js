// `globalSetup` for Vitest: one server for all test files, which have a process each, and the report
// at the end of their run.
import { summary } from "./notes.js";
import { share } from "./suite.js";

export default async function setup(project) {
  const { root, notes } = await share();
  return () => {
    const { lines, isFailure } = summary(notes, root, isWhole(project?.vitest));
    if (lines.length) console.error(`\n${lines.join("\n")}`);
    if (isFailure) process.exitCode = 1;
  };
}

/** Whether all tests of the project have run, and passed. */
function isWhole(vitest) {
  if (!vitest || vitest.config.testNamePattern || vitest.config.shard || vitest.config.changed) return false;
  if (vitest.filenamePattern?.length || vitest.state.getUnhandledErrors().length) return false;
  const hasPassed = (task) =>
    task.mode === "run" && task.result?.state === "pass" && (task.tasks ?? []).every(hasPassed);
  return vitest.state.getFiles().every(hasPassed);
}
