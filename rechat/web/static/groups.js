// The lines of the list: exchanges as they are, or the turns of a conversation under one line.

// Exchanges that belong together, the oldest first: those that continue one conversation; one that
// starts again is a new conversation, unless the one before failed. Groups grow as exchanges arrive.
export class Conversations {
  found = [];
  #latest = new Map();
  #of = new Map();

  add(rows) {
    for (const row of rows) {
      const name = row.thread ? `${row.session ?? ""} ${row.thread}` : "";
      let group = name ? this.#latest.get(name) : null;
      if (group && (row.turn > 0 || isRetried(group.rows[group.rows.length - 1]))) {
        group.rows.push(row);
      } else {
        group = { key: `g${row.number}`, name, rows: [row], line: null };
        this.found.push(group);
        if (name) this.#latest.set(name, group);
      }
      this.#of.set(row, group);
    }
  }

  // The oldest exchanges are dropped.
  drop(rows) {
    for (const row of rows) {
      const group = this.#of.get(row);
      this.#of.delete(row);
      group.rows.shift();
      if (!group.rows.length && this.#latest.get(group.name) === group) this.#latest.delete(group.name);
    }
    this.found = this.found.filter((group) => group.rows.length);
  }
}

const isRetried = (row) => row.turn === 0 && ["failed", "held", "miss", "failover"].includes(row.tone);

// The lines from the top: the newest conversation first, and its turns in order of arrival if it is
// open.
export function linesOf(rows, conversations, { grouped, sort, isUp, opened }) {
  if (sort) return sorted(rows, sort, isUp);
  const lines = [];
  if (!grouped) {
    for (let at = rows.length - 1; at >= 0; at--) lines.push(one(rows[at], 1));
    return lines;
  }
  const { found } = conversations;
  for (let at = found.length - 1; at >= 0; at--) {
    const group = found[at];
    if (group.rows.length === 1) {
      lines.push(one(group.rows[0], 1));
      continue;
    }
    group.line ??= { key: group.key, group, level: 1 };
    lines.push(group.line);
    if (opened.has(group.key)) for (const row of group.rows) lines.push(one(row, 2));
  }
  return lines;
}

// A line is created once for each exchange and cached on it: there are 10,000, and 2,000 may arrive in a second.
const LINES = [Symbol("line"), Symbol("line in its conversation")];
const one = (row, level) => (row[LINES[level - 1]] ??= { key: `r${row.number}`, row, level });

const VALUES = {
  time: (row) => row.number,
  verdict: (row) => row.word,
  status: (row) => row.status ?? 0,
  model: (row) => row.model,
  api: (row) => row.api,
  words: (row) => row.words.toLowerCase(),
  tokens: (row) => (row.tokens ? row.tokens[0] + row.tokens[1] : -1),
  cost: (row) => row.cost ?? -1,
  ms: (row) => row.ms,
};

export function sorted(rows, name, isUp) {
  const value = VALUES[name];
  const sign = isUp ? 1 : -1;
  return [...rows]
    .sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      return x < y ? -sign : x > y ? sign : b.number - a.number;
    })
    .map((row) => one(row, 1));
}

// The summary of a whole conversation.
export function summary(group) {
  const { rows } = group;
  const sum = (value) => rows.reduce((total, row) => total + (value(row) ?? 0), 0);
  const tools = rows.flatMap((row) => row.tools ?? []);
  const first = rows[0];
  const last = rows[rows.length - 1];
  const start = Date.parse(first.at) - first.ms;
  return {
    first, last, start,
    span: Date.parse(last.at) - start,
    worst: rows.find((row) => row.tone === "failed") ?? rows.find((row) => ["miss", "held"].includes(row.tone)) ?? last,
    tools: tools.length,
    failed: tools.filter((tool) => tool.failed).map((tool) => tool.name),
    asked: sum((row) => row.tokens?.[0]),
    said: sum((row) => row.tokens?.[1]),
    cost: sum((row) => row.cost),
  };
}
