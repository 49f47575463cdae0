// Loaded into Node.js by `rechat run`. Versions that do not read HTTPS_PROXY and NO_PROXY themselves
// (before 22.21 and 24.5) get their connections through the proxy, for `fetch`, `http` and `https`.
"use strict";

const [major, minor] = process.versions.node.split(".").map(Number);
const readsVariables = major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);
const proxy = process.env.HTTPS_PROXY && new URL(process.env.HTTPS_PROXY);

if (proxy && !readsVariables && !process.versions.bun) install();

function install() {
  const http = require("http");
  const https = require("https");
  const net = require("net");
  const tls = require("tls");
  const plainly = http.Agent.prototype.createConnection;
  const securely = https.Agent.prototype.createConnection;
  const names = (process.env.NO_PROXY || "").split(",").map((name) => name.trim()).filter(Boolean);

  const bare = (host) => String(host || "localhost").replace(/^\[|\]$/g, "");

  function isDirect(host) {
    return names.some((entry) => {
      const name = entry.replace(/^\*?\./, "");
      return name === "*" || host === name || host.endsWith("." + name);
    });
  }

  function tunnel(host, port, done) {
    const target = (host.includes(":") ? `[${host}]` : host) + ":" + port;
    const request = http.request({
      createConnection: () => net.connect(proxy.port || 80, bare(proxy.hostname)),
      method: "CONNECT",
      path: target,
      headers: { host: target },
    });
    request.once("error", done);
    request.once("connect", (response, socket) => {
      if (response.statusCode === 200) done(null, socket);
      else done(new Error(`the proxy refused ${target}: ${response.statusCode}`));
    });
    request.end();
  }

  function secure(socket, options, done) {
    const { host, port, path, ...others } = options;
    const wrapped = tls.connect({ ...others, socket });
    wrapped.once("secureConnect", () => done(null, wrapped));
    wrapped.once("error", done);
  }

  http.Agent.prototype.createConnection = function createConnection(options, done) {
    const host = bare(options.host);
    if (!done || options.socketPath || isDirect(host)) return plainly.call(this, options, done);
    tunnel(host, options.port || 80, done);
  };

  https.Agent.prototype.createConnection = function createConnection(options, done) {
    const host = bare(options.host);
    if (!done || options.socketPath || isDirect(host)) return securely.call(this, options, done);
    const servername = net.isIP(host) ? "" : host;
    tunnel(host, options.port || 443, (error, socket) => {
      if (error) done(error);
      else secure(socket, { servername, ...options }, done);
    });
  };

  // `fetch` is that of undici, which Node has inside and loads at the first use.
  const DISPATCHER = Symbol.for("undici.globalDispatcher.1");
  const fetchDirectly = globalThis.fetch;

  function connect({ hostname, port, protocol, servername }, done) {
    const host = bare(hostname);
    const isSecure = protocol === "https:";
    let isDone = false;
    const once = (error, socket) => {
      if (!isDone) done(error, socket);
      isDone = true;
    };
    const opened = (error, socket) => {
      if (error) once(error);
      else if (!isSecure) once(null, socket);
      else secure(socket, { servername: servername || host, ALPNProtocols: ["http/1.1"] }, once);
    };
    const at = port || (isSecure ? 443 : 80);
    if (!isDirect(host)) return tunnel(host, at, opened);
    const socket = net.connect(at, host, () => opened(null, socket));
    socket.once("error", opened);
  }

  if (!fetchDirectly) return;
  globalThis.fetch = function fetch(...words) {
    if (!globalThis[DISPATCHER]) fetchDirectly("data:,").catch(() => {});
    const made = globalThis[DISPATCHER];
    if (made?.constructor.name === "Agent" && !made.isOfRechat) {
      globalThis[DISPATCHER] = Object.assign(new made.constructor({ connect }), { isOfRechat: true });
    }
    return fetchDirectly(...words);
  };
}
