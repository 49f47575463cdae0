// How long ago the answers of a test were recorded. Only the time when an answer was made counts.

const DAY = 86_400;
const UNITS = { h: 3600, d: DAY, "": DAY, w: 7 * DAY };

/** An age such as `90d`, `12w` or `36h` in seconds; undefined if none is given. */
export function secondsOf(age) {
  if (age === undefined) return undefined;
  const found = /^(\d{1,6}) ?([hdw]?)[a-z]*$/.exec(String(age));
  if (!found) throw new Error(`rechat: maxAge ${JSON.stringify(age)}: expected an age such as 90d, 12w or 36h`);
  return Number(found[1]) * UNITS[found[2]];
}

/** Which of the answers that a test used are older than this many seconds, as lines for people. */
export function tooOld(answers, most, now = Date.now() / 1000) {
  return answers
    .filter(({ used, recorded }) => used && recorded && now - recorded > most)
    .map(({ place, recorded }) => `${place}: recorded ${told(now - recorded)} ago, and maxAge is ${told(most)}`);
}

/** The places of the used answers whose age is unknown. */
export function undated(answers) {
  return answers.filter(({ used, undated }) => used && undated).map(({ place }) => place);
}

function told(seconds) {
  if (seconds >= 2 * DAY) return `${Math.floor(seconds / DAY)} days`;
  const hours = Math.floor(seconds / 3600);
  return hours === 1 ? "1 hour" : `${hours} hours`;
}
