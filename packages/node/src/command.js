// How rechat, a Python program, is started on this machine.
import { spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";

const isWindows = process.platform === "win32";
const HAS_RECHAT = "import importlib.util as u, sys; sys.exit(u.find_spec('rechat') is None)";

/** The command and its first arguments: `rechat`, Python with the package, or `uvx`. */
export function findCommand(environment = process.env) {
  const rechat = onPath("rechat", environment);
  if (rechat) return [rechat];
  for (const name of isWindows ? ["python", "py"] : ["python3", "python"]) {
    const python = onPath(name, environment);
    const found = python && spawnSync(python, ["-P", "-c", HAS_RECHAT], { env: environment });
    // -P: modules in the working folder (a `random.py`) must not shadow others.
    if (found && found.status === 0) return [python, "-P", "-m", "rechat"];
  }
  const uvx = onPath("uvx", environment);
  if (uvx) return [uvx, "rechat"];
  throw new Error(
    "rechat is not installed: there is no `rechat` in PATH, no python3 that has it, and no `uvx`. " +
      "Install it with `uv tool install rechat`, `pipx install rechat` or `pip install rechat`, " +
      'or name it: start({ command: [".venv/bin/rechat"] })',
  );
}

function onPath(name, environment) {
  // On Windows, anything but an .exe can only be started by a shell.
  const file = isWindows ? `${name}.exe` : name;
  const folders = (environment.PATH ?? environment.Path ?? "").split(path.delimiter);
  return folders.filter(Boolean).map((folder) => path.join(folder, file)).find(isProgram);
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
