// The environment variables that tell API clients which server to use, as `rechat run`
// sets them (rechat/values/client_environment.py; a test compares both).

const WITH_VERSION = ["OPENAI_BASE_URL", "OPENAI_API_BASE"];
const WITHOUT_VERSION = ["ANTHROPIC_BASE_URL", "GOOGLE_GEMINI_BASE_URL", "OLLAMA_HOST"];
const KEYS = ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY"];
const DUMMY_KEY = "rechat-replay-needs-no-key";
const QUIETER = {
  OPENAI_AGENTS_DISABLE_TRACING: "1",
  LITELLM_LOCAL_MODEL_COST_MAP: "True",
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
};
const PROXIES = ["http_proxy", "https_proxy", "all_proxy"];
const DIRECT = ["no_proxy", "NO_PROXY"];
const LOOPBACK = ["localhost", "127.0.0.1", "::1"];

/** The variables to set in addition to those that are present. Dummy keys are set only if no real one is needed. */
export function clientEnvironment(url, token, present, needsKey) {
  const set = { RECHAT_URL: url, RECHAT_TOKEN: token, ...direct(present) };
  for (const name of WITH_VERSION) set[name] = `${url}/v1`;
  for (const name of WITHOUT_VERSION) set[name] = url;
  for (const [name, value] of Object.entries(QUIETER)) {
    if (!(name in present)) set[name] = value;
  }
  if (!needsKey) {
    for (const name of KEYS) if (!present[name]) set[name] = DUMMY_KEY;
  }
  return set;
}

function direct(present) {
  const isProxied = ([name, value]) => PROXIES.includes(name.toLowerCase()) && value;
  if (!Object.entries(present).some(isProxied)) return {};
  const found = DIRECT.map((name) => present[name]).find(Boolean) ?? "";
  const known = found.split(",").map((host) => host.trim()).filter(Boolean);
  const hosts = [...new Set([...known, ...LOOPBACK])].join(",");
  return Object.fromEntries(DIRECT.map((name) => [name, hosts]));
}
