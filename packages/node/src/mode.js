// What a run does about its transcripts: the variable `RECHAT`.

const POLICIES = {
  none: "replay",
  new: "record",
  all: "rerecord",
  rewrite: "record",
  verify: "replay",
  accept: "replay",
};

/** The mode of this run. */
export function modeOf(environment = process.env) {
  const mode = environment.RECHAT || "none";
  if (!(mode in POLICIES)) {
    throw new Error(`RECHAT=${mode}: expected ${Object.keys(POLICIES).join(", ")}`);
  }
  return mode;
}

/** What happens in a mode to a request that no transcript answers. */
export function policyOf(mode) {
  return POLICIES[mode];
}

/** Whether a mode asks an upstream for what is saved. */
export function records(mode) {
  return POLICIES[mode] !== "replay";
}
