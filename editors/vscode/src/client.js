// A language client over pipes: JSON-RPC with its Content-Length, independent of VS Code.
"use strict";

const { spawn } = require("node:child_process");

const END = Buffer.from("\r\n\r\n");

/** Starts a server. `on` has the callbacks for its notifications (`tell(method, params)`) and its end (`end`). */
class Client {
  #child;
  #bytes = Buffer.alloc(0);
  #asked = new Map();
  #count = 0;
  #on;
  #said = "";
  #hasEnded = false;

  constructor([program, ...words], cwd, on) {
    this.#on = on;
    this.#child = spawn(program, words, { cwd, stdio: "pipe", windowsHide: true });
    this.#child.stdin.on("error", () => {}); // it has ended; `close` tells
    this.#child.stdout.on("data", (bytes) => this.#take(bytes));
    this.#child.stderr.setEncoding("utf8").on("data", (text) => {
      this.#said = (this.#said + text).slice(-10_000);
    });
    this.#child.once("error", (error) => this.#end(error.message));
    this.#child.once("close", (code) => this.#end(this.#said.trim() || `exit code ${code}`));
  }

  /** The result of a request. */
  ask(method, params) {
    if (this.#hasEnded) return Promise.reject(new Error("the language server has ended"));
    const id = ++this.#count;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#send({ id, method, params });
    });
  }

  tell(method, params) {
    if (!this.#hasEnded) this.#send({ method, params });
  }

  /** Shut it down as the protocol requires. */
  async stop() {
    if (this.#hasEnded) return;
    const closed = new Promise((resolve) => this.#child.once("close", resolve));
    const alarm = setTimeout(() => this.#child.kill(), 3_000);
    await this.ask("shutdown", null).catch(() => {});
    this.tell("exit", null);
    await closed;
    clearTimeout(alarm);
  }

  #send(message) {
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
    this.#child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.#child.stdin.write(body);
  }

  #take(bytes) {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    for (;;) {
      const end = this.#bytes.indexOf(END);
      if (end < 0) return;
      const length = Number(/content-length: *(\d+)/i.exec(this.#bytes.toString("latin1", 0, end))?.[1]);
      const start = end + END.length;
      if (!Number.isInteger(length)) {
        this.#child.kill();
        return;
      }
      if (this.#bytes.length < start + length) return;
      const message = JSON.parse(this.#bytes.toString("utf8", start, start + length));
      this.#bytes = this.#bytes.subarray(start + length);
      this.#hear(message);
    }
  }

  #hear({ id, method, params, result, error }) {
    if (method !== undefined) {
      this.#on.tell(method, params);
      if (id !== undefined) this.#send({ id, result: null });
      return;
    }
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    if (error) asked?.reject(new Error(error.message));
    else asked?.resolve(result);
  }

  #end(reason) {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const { reject } of this.#asked.values()) reject(new Error(reason));
    this.#asked.clear();
    this.#on.end(reason);
  }
}

module.exports = { Client };
