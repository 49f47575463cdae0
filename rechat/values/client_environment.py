"""The environment variables that tell API clients which server to use."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from urllib.parse import urlsplit

from rechat.values.addresses.base_url import leading_url
from rechat.values.addresses.base_url import name_of

# The address with /v1 and without, as each client expects it (docs of the clients, November 2026).
WITH_VERSION = ("OPENAI_BASE_URL", "OPENAI_API_BASE")
WITHOUT_VERSION = ("ANTHROPIC_BASE_URL", "GOOGLE_GEMINI_BASE_URL", "OLLAMA_HOST")
PROVIDERS = {
    "api.openai.com": WITH_VERSION,
    "api.anthropic.com": ("ANTHROPIC_BASE_URL",),
    "generativelanguage.googleapis.com": ("GOOGLE_GEMINI_BASE_URL",),
    "ollama.com": ("OLLAMA_HOST",),
}
_PROVIDERS_OF = {name: host for host, names in PROVIDERS.items() for name in names}
KEYS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY")
DUMMY_KEY = "rechat-replay-needs-no-key"
# Turn off telemetry, which would bypass the proxy or fail offline.
QUIETER = {
    "OPENAI_AGENTS_DISABLE_TRACING": "1",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
}


_PROXIES = ("http_proxy", "https_proxy", "all_proxy")
_DIRECT = ("no_proxy", "NO_PROXY")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def client_environment(
    url: str,
    token: str,
    present: Mapping[str, str],
    *,
    needs_key: bool,
    hosts: Collection[str] = (),
) -> dict[str, str]:
    """The variables to set, in addition to those present, so that a program's clients use the
    server at `url`. Dummy keys are set only if the program has none and needs none. If a proxy is
    set, it is bypassed for addresses of this machine.

    `hosts` are the server's upstreams. If all of them are providers' own hosts, or those that
    clients use by default, the clients of all other providers are left alone: their keys are not
    for these hosts.
    """
    asked = {name: {host, _host(present.get(name, ""))} for name, host in _PROVIDERS_OF.items()}
    is_known = bool(hosts) and set().union(*asked.values()) >= set(hosts)
    others = {name for name, known in asked.items() if is_known and not known & set(hosts)}
    defaults = dict(QUIETER) if needs_key else QUIETER | dict.fromkeys(KEYS, DUMMY_KEY)
    # A secret that is missing in CI is an empty key.
    held = {name for name, value in present.items() if value or name not in KEYS}
    base_urls = dict.fromkeys(WITH_VERSION, f"{url}/v1") | dict.fromkeys(WITHOUT_VERSION, url)
    return {
        **{name: value for name, value in base_urls.items() if name not in others},
        "RECHAT_URL": url,
        "RECHAT_TOKEN": token,
        **_direct(present),
        **{name: value for name, value in defaults.items() if name not in held},
    }


def need_key(upstreams: Iterable[str]) -> bool:
    """Whether one of these upstreams, as the command line names them, is asked with the key of the
    client: not one that has its own (`key_env`), and servers of this machine take any. Without
    upstreams the default one is asked.
    """
    named = [*upstreams]
    return not named or not all(",key_env=" in one or _is_here(one) for one in named)


def _is_here(upstream: str) -> bool:
    with suppress(ValueError):
        url, _ = leading_url(upstream) or (None, "")
        return url is not None and name_of(url.host) == "localhost"
    return False


def base_url_of(present: Mapping[str, str]) -> str:
    """The base URL that OpenAI's clients are set to use; empty if there is none."""
    return next((present[name] for name in WITH_VERSION if present.get(name)), "")


def _host(url: str) -> str:
    with suppress(ValueError):
        return urlsplit(url if "://" in url else f"//{url}").hostname or ""
    return ""


def _direct(present: Mapping[str, str]) -> dict[str, str]:
    """The variables that make clients bypass a proxy for addresses of this machine."""
    if not any(name.lower() in _PROXIES and value for name, value in present.items()):
        return {}
    found = next((present[name] for name in _DIRECT if present.get(name)), "")
    known = [host.strip() for host in found.split(",") if host.strip()]
    hosts = ",".join(dict.fromkeys([*known, *_LOOPBACK]))
    return dict.fromkeys(_DIRECT, hosts)
