// The mode of a run: the variable `RECHAT`.

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

/** The policy of a mode for requests that no transcript answers. */
export function policyOf(mode) {
  return POLICIES[mode];
}

/** Whether a mode asks an upstream. */
export function records(mode) {
  return POLICIES[mode] !== "replay";
}
