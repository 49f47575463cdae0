"""A target: an endpoint, a model there, its API, and where its key is found."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from rechat.resend.questions.question import TALKING
from rechat.values import BaseUrl
from rechat.values import Headers
from rechat.values import UsageError
from rechat.values import leading_url
from rechat.values import meant_url

_REST = re.compile(r"(?::(?P<model>[^\s,]+))?")
_SETTINGS = ("api", "key_env", "name", "model")
_VARIABLE = re.compile("[A-Za-z_][A-Za-z0-9_]{0,200}")
_ENDS_IN_VERSION = re.compile(r"/v\d+(?:alpha|beta)?\d*\Z")
# The public APIs: by host, the API they speak and the usual variable for the key.
_KNOWN = {
    "api.openai.com": ("", "OPENAI_API_KEY"),
    "api.anthropic.com": ("anthropic.messages", "ANTHROPIC_API_KEY"),
    "generativelanguage.googleapis.com": ("google.gemini", "GEMINI_API_KEY"),
    "openrouter.ai": ("openai.chat", "OPENROUTER_API_KEY"),
}
_ENDPOINTS = {
    "openai.chat": "/v1/chat/completions",
    "openai.responses": "/v1/responses",
    "openai.completions": "/v1/completions",
    "anthropic.messages": "/v1/messages",
    "ollama.chat": "/api/chat",
    "ollama.generate": "/api/generate",
}
_SHORT = {
    "chat": "openai.chat",
    "responses": "openai.responses",
    "completions": "openai.completions",
    "anthropic": "anthropic.messages",
    "gemini": "google.gemini",
    "ollama": "ollama.chat",
}


@dataclass(frozen=True, slots=True)
class Target(BaseUrl):
    """An endpoint and a model. Without `api`, each question is asked in its own; without `model`,
    with the recorded one. The key is in the environment variable `key_env`.
    """

    model: str = ""
    api: str = ""
    key_env: str = ""
    own_name: str = ""

    @property
    def url(self) -> str:
        """Its address, as it was given."""
        return str(self)

    @property
    def name(self) -> str:
        """Its name in reports."""
        return self.own_name or self.model or self.url.partition("://")[2]

    @property
    def spec(self) -> str:
        """The text that `parse_target` reads as this target."""
        more = {"api": self.api, "key_env": self.key_env, "name": self.own_name}
        told = "".join(f",{key}={value}" for key, value in more.items() if value)
        return self.url + (f":{self.model}" if self.model else "") + told

    def path_for(self, api: str, model: str) -> tuple[str, str]:
        """The path and query for a streamed answer in an API."""
        if api == "google.gemini":
            base = self.path if _ENDS_IN_VERSION.search(self.path) else f"{self.path}/v1beta"
            return f"{base}/models/{quote(model, safe='-._~')}:streamGenerateContent", "alt=sse"
        endpoint = _ENDPOINTS[api]
        version, _, rest = endpoint[1:].partition("/")
        if not self.path or (version == "api" and not self.path.endswith("/api")):
            return self.path + endpoint, ""
        if api == "anthropic.messages" and not _ENDS_IN_VERSION.search(self.path):
            return self.path + endpoint, ""
        return f"{self.path}/{rest}", ""

    def headers(self, api: str, key: str) -> Headers:
        """The headers of a request, with the key as the API expects it."""
        own: list[tuple[str, str]] = []
        if api == "anthropic.messages":
            own = [("anthropic-version", "2023-06-01")]
        if key:
            match api:
                case "anthropic.messages":
                    own.append(("x-api-key", key))
                case "google.gemini":
                    own.append(("x-goog-api-key", key))
                case _:
                    own.append(("authorization", f"Bearer {key}"))
        host = self.url.partition("://")[2].partition("/")[0]
        return (
            ("host", host),
            ("content-type", "application/json"),
            ("accept", "text/event-stream, application/json, application/x-ndjson"),
            ("accept-encoding", "identity"),
            ("user-agent", "rechat"),
            *own,
        )


def parse_target(spec: str, known: Iterable[Mapping[str, Any]] = ()) -> Target:
    """The target that `URL[:MODEL][,api=API][,key_env=NAME][,name=NAME]` names, or the name of one
    of the `known` upstreams of the settings. Raises `UsageError`.
    """
    first, *more = spec.split(",")
    if "://" not in first:
        return _changed(_of_table(first, known), more, spec)
    if "@" in first.partition("://")[2].partition("/")[0]:
        raise UsageError("--to: no user or password in the URL; name a variable, key_env=NAME")
    try:
        url, rest = leading_url(first) or (None, "")
    except ValueError as error:
        raise UsageError(f"--to {spec}: {error}") from None
    found = _REST.fullmatch(rest)
    if not url or not found:
        raise UsageError(
            f"--to {spec}: expected a URL such as https://api.openai.com/v1, with :MODEL after it, "
            "or the name of an upstream of the settings"
        )
    target = Target(url.scheme, url.host, url.port, url.path, found["model"] or "")
    return _changed(target, more, spec)


def _of_table(name: str, known: Iterable[Mapping[str, Any]]) -> Target:
    """The upstream with this name."""
    tables = [*known]
    for table in tables:
        if table.get("name") == name:
            target = parse_target(str(table.get("url")))
            model = table.get("rename") or table.get("model") or ""
            is_one = isinstance(model, str) and not re.search(r"[*?\[]", model)
            key = str(table.get("key_env") or "")
            return replace(
                target, own_name=name, model=target.model or (model if is_one else ""), key_env=key
            )
    names = ", ".join(str(table["name"]) for table in tables if table.get("name"))
    meant = meant_url(name)
    raise UsageError(
        f"--to {name}: {f'did you mean {meant}? ' if meant else ''}"
        "expected a URL such as https://api.openai.com/v1, or the name of an "
        f"upstream of the settings{f' ({names})' if names else ', which have none'}"
    )


def _changed(target: Target, words: list[str], spec: str) -> Target:
    """The target with the settings after the commas, and what is known about a public API."""
    told: dict[str, Any] = {}
    for word in words:
        name, is_set, value = word.partition("=")
        if not is_set or name not in _SETTINGS or not value:
            raise UsageError(f"--to {spec}: {name!r} is none of {', '.join(_SETTINGS)}")
        told["own_name" if name == "name" else name] = value
    if "api" in told:
        told["api"] = _SHORT.get(told["api"], told["api"])
        if told["api"] not in TALKING:
            raise UsageError(f"--to {spec}: api is one of {', '.join((*_SHORT, *TALKING))}")
    if not _VARIABLE.fullmatch(told.get("key_env", "X")):
        raise UsageError("--to: key_env is the name of an environment variable, not the key")
    api, key_env = _KNOWN.get(target.host.lower(), ("", ""))
    if target.scheme == "https" and not target.key_env:
        told.setdefault("key_env", key_env)
    if api:
        told.setdefault("api", api)
    return replace(target, **told)
