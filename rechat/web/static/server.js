// Talking to the proxy. A saved session has no server: it brings its exchanges along.

import { $ } from "./dom.js";

const token = document.querySelector('meta[name="rechat-token"]')?.content ?? "";
export const saved = $("session") ? JSON.parse($("session").textContent) : null;

export async function call(path, options = {}) {
  const response = await fetch(`/_rechat/${path}`, {
    ...options,
    headers: { "x-rechat-token": token, ...(options.body ? { "content-type": "application/json" } : {}) },
  });
  if (!response.ok) {
    const told = await response.json().catch(() => ({}));
    throw Object.assign(new Error(told.error ?? `status ${response.status}`), { told, status: response.status });
  }
  return response;
}

export const get = async (path) => (await call(path)).json();
export const post = async (path, value) =>
  (await call(path, { method: "POST", body: JSON.stringify(value ?? {}) })).json();

// The events of a stream, read by hand: `EventSource` cannot send the token.
export async function* events(path, signal) {
  const response = await call(path, { signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    let end;
    while ((end = text.indexOf("\n\n")) >= 0) {
      yield Object.fromEntries(
        text.slice(0, end).split("\n").map((line) => {
          const at = line.indexOf(": ");
          return [line.slice(0, at), line.slice(at + 2)];
        }),
      );
      text = text.slice(end + 2);
    }
  }
}
