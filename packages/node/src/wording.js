// What a failing test reports about its requests.

const SHOWN = 5;
const SIGNS = { same: " ", recorded: "-", asked: "+", gap: "…" };

/** The misses in the words of the conversation: a line for each, then its differences. */
export function told(misses) {
  const more = misses.length - SHOWN;
  const lines = misses.slice(0, SHOWN).flatMap(linesOf);
  return [...lines, ...(more > 0 ? [`… and ${more} more`] : [])].join("\n");
}

function linesOf(miss) {
  const head = `${miss.model || miss.target}  ${miss.words}`;
  if (!miss.differences.length) return [head, `  ${miss.reason}`];
  const differences = miss.differences.flatMap(({ reason, lines }) => [
    `  ${reason}`,
    ...lines.map(({ kind, pieces }) => `    ${SIGNS[kind]}${pieces.map(([text]) => text).join("")}`),
  ]);
  return [head, `  nearest ${miss.nearest}`, ...differences];
}

/** An error without a stack: where it is thrown means nothing. */
export function failure(words) {
  const error = new Error(words);
  error.stack = words;
  return error;
}
