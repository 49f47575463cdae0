// The state of the page: where the reader is, and the known exchanges.

import { kept } from "./dom.js";

export const MOST = 10_000;
const url = new URL(location.href);

export const view = {
  tab: url.searchParams.get("tab") ?? "exchanges",
  query: url.searchParams.get("q") ?? "",
  open: Number(url.searchParams.get("open")) || 0,
  part: url.searchParams.get("part") ?? "conversation",
  file: url.searchParams.get("file") ?? "",
  raw: false,
  grouped: kept("grouped") !== "no",
  sort: "",
  isUp: false,
};

export const data = {
  rows: [], // the oldest first
  latest: 0,
  arriving: [], // whose answers are on their way, with numbers below zero
  current: null,
  state: { policy: "", answers: 0, files: 0, held: [], folder: "", version: 0 },
};

const listeners = new Map();

export function on(name, does) {
  listeners.set(name, [...(listeners.get(name) ?? []), does]);
}

export function emit(name, value) {
  for (const does of listeners.get(name) ?? []) does(value);
}

// The address of the page says where the reader is.
export function remember() {
  const params = new URLSearchParams();
  if (view.query) params.set("q", view.query);
  if (view.tab !== "exchanges") params.set("tab", view.tab);
  if (view.tab === "transcripts" && view.file) params.set("file", view.file);
  if (view.tab === "exchanges" && view.open) params.set("open", view.open);
  const text = params.toString();
  if (location.protocol !== "file:") history.replaceState(null, "", text ? `/?${text}` : "/");
}

export const isWaiting = (row) => row.verdict === "held" && data.state.held.includes(row.place);
