// The folder of transcripts at a glance: how old its answers are, which files nothing asked for.

import { button, count, h } from "./dom.js";
import { emit } from "./model.js";
import { panel, ranks, sum } from "./ranks.js";

const DAY = 86_400;
const AGES = [[1, "changed today"], [7, "in the last week"], [30, "in the last month"], [90, "in the last three months"], [365, "in the last year"], [Infinity, "longer ago"]];

export function folder(files, now = Date.now() / 1000) {
  if (!files.length) return panel("The folder", h("p", { class: "dim" }, "There are no transcripts yet."));
  const answers = sum(files, (file) => file.answers);
  const used = files.filter((file) => file.requests).length;
  const broken = files.filter((file) => file.findings.some((finding) => finding.level === "error")).length;
  const found = sum(files, (file) => file.findings.length);
  return panel("The folder",
    h("p", {}, `${count(answers, "answer")} in ${count(files.length, "file")}. ${used.toLocaleString()} used by this session, ${(files.length - used).toLocaleString()} not.`,
      broken ? h("span", { class: "failed" }, ` ${broken.toLocaleString()} broken.`) : "", found > broken ? ` ${count(found, "finding")}.` : ""),
    ranks(ages(files, now), (value) => value.toLocaleString(), () => emit("tab", "transcripts")),
    h("p", {}, button("Transcripts", () => emit("tab", "transcripts"))));
}

// How many answers are in files of each age.
export function ages(files, now) {
  let from = 0;
  return AGES.map(([days, name]) => {
    const there = files.filter((file) => (now - file.changed) / DAY >= from && (now - file.changed) / DAY < days);
    from = days;
    return [name, sum(there, (file) => file.answers)];
  }).filter(([, number]) => number);
}
