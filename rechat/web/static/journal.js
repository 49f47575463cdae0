// The exchanges: loaded with the newest first, kept up to date, found by words.

import { $ } from "./dom.js";
import { MOST, data, emit, view } from "./model.js";
import { events, get, saved } from "./server.js";

const FIRST = 200;
const MORE = 2500;
let stream = null;

export async function load() {
  if (saved) {
    data.rows = matching(saved, view.query);
    emit("rows", { isOther: true });
    return;
  }
  const query = view.query;
  const find = async (more) => {
    const { exchanges, latest } = await get(`exchanges?q=${encodeURIComponent(query)}&brief=1&${more}`);
    return { exchanges: whole(exchanges), latest };
  };
  const found = await find(`limit=${FIRST}`);
  if (query !== view.query) return;
  data.rows = found.exchanges;
  data.latest = found.latest;
  emit("rows", { isOther: true });
  listen(query, found.latest);
  let older = found.exchanges;
  while (older.length && data.rows.length < MOST) {
    const limit = Math.min(MORE, MOST - data.rows.length);
    older = (await find(`before=${older[0].number}&limit=${limit}`)).exchanges;
    if (query !== view.query) return;
    data.rows = [...older, ...data.rows];
    emit("rows", {});
  }
}

// An entry is sent once for all its rows, which share its texts here.
export const whole = ({ entries, numbers, at, us, of }) =>
  numbers.map((number, row) => ({ number, at: new Date(at[row]).toISOString(), ms: us[row] / 1000, ...entries[of[row]] }));

async function listen(query, after) {
  const mine = new AbortController();
  stream?.abort();
  stream = mine;
  while (!mine.signal.aborted) {
    try {
      for await (const event of events(`events?q=${encodeURIComponent(query)}&brief=1&after=${after}`, mine.signal)) {
        if (mine.signal.aborted) return;
        if (event.id) after = Number(event.id);
        if (event.event === "rows") add(whole(JSON.parse(event.data)));
        if (event.event === "state") take(JSON.parse(event.data));
        if (event.event === "arriving") {
          data.arriving = JSON.parse(event.data);
          emit("arriving");
        }
      }
    } catch {
      if (mine.signal.aborted) return;
    }
    data.state.isAway = true;
    emit("state", {});
    await new Promise((done) => setTimeout(done, 1000));
  }
}

// The oldest make room for new ones.
function add(added) {
  data.rows.push(...added);
  const dropped = data.rows.splice(0, Math.max(0, data.rows.length - MOST));
  emit("rows", { added, dropped });
}

function take(told) {
  const isOther = told.version !== data.state.version;
  data.state = told;
  data.latest = told.latest;
  emit("state", { isOther });
}

// In a saved session, words are searched in all of an exchange.
function matching(all, query) {
  const terms = query.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter((one) =>
    terms.every((term) => {
      const isNot = term.startsWith("-") && term.length > 1;
      const [name, value] = /^-?[a-z]+:/.test(term) ? term.slice(Number(isNot)).split(/:(.*)/s) : ["", term.slice(Number(isNot))];
      const text = name && name in one ? String(one[name]) : JSON.stringify(one);
      return text.toLowerCase().includes(name && !(name in one) ? term : value) !== isNot;
    }),
  );
}

let typing = 0;
export function filter(query) {
  view.query = query;
  $("filter").value = query;
  clearTimeout(typing);
  typing = setTimeout(() => emit("filter"), 120);
}
