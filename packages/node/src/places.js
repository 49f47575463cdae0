// Where the transcript of a test is: `tests/chat.test.js`, "plans › asks the tool" has
// `tests/transcripts/chat.test/plans.asks-the-tool.md`.
import { createHash } from "node:crypto";
import path from "node:path";

const PLAIN = /^[A-Za-z0-9_=,[\] ]+$/;
const ODD = /[^\w.=,[\]]+/g;
const MOST = 100;

/** The path of a test's transcript, relative to `root`; `names` are those of its suites and the test itself. */
export function transcriptOf(root, file, names, folder = "") {
  const relative = path.relative(root, file);
  if (relative.startsWith("..") || path.isAbsolute(relative)) {
    throw new Error(`rechat: ${file} is not below ${root}, where the tests were started`);
  }
  const { dir, name } = path.parse(relative);
  const place = folder ? path.join(folder, dir) : path.join(dir, "transcripts");
  return path.join(place, name, `${fileName(names)}.md`).replaceAll(path.sep, "/");
}

/** The name as a file name. A digest keeps names distinct that would be equal after replacements. */
function fileName(names) {
  const plain = names.join(".").replace(ODD, "-").slice(0, MOST).replace(/^[-.]+|[-.]+$/g, "");
  const isSame = names.every((name) => PLAIN.test(name) && name.trim() === name && !name.includes("  "));
  if (isSame && names.join(".").length <= MOST) return plain;
  const digest = createHash("sha256").update(names.join("\0")).digest("hex").slice(0, 6);
  return `${plain}-${digest}`;
}
