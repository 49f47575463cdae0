"""An endpoint behind the proxy: how it is named on the command line, and under which path it gets
a request.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Any

from rechat.values import BaseUrl
from rechat.values import UsageError
from rechat.values import default_port
from rechat.values import leading_url
from rechat.values import meant_url
from rechat.values import name_of

DEFAULT_UPSTREAM = "https://api.openai.com/v1"

# [:LOCAL_PORT][:MODEL][*WEIGHT], behind the URL.
_REST = re.compile(
    r"(?::(?P<local>\d+)(?=:|\*|$))?(?::(?P<model>[^\s,]+?))?"
    r"(?:\*(?P<weight>\d{1,9}(?:\.\d{1,9})?))?"
)
_SETTING = re.compile(r"(name|key_env|rename|prefix|client_key|limit)=(.*)", re.DOTALL)
_KEY = re.compile("(key_env=)[^,]*")
_VARIABLE = re.compile("[A-Za-z_][A-Za-z0-9_]{0,200}")
_PREFIX = re.compile("/?[A-Za-z0-9][A-Za-z0-9._~-]{0,200}/?")
_LIMIT = re.compile("[1-9][0-9]{0,6}")
_PATTERN = re.compile(r"[^\s,]{1,200}")
# "me:secret@" before the host.
_USER = re.compile(r"(?<=//)[^/]*@")
_VERSION = re.compile(r"/v\d+(?:beta)?(?=/|$)")
_ENDS_IN_VERSION = re.compile(r"/v\d+(?:alpha|beta)?\d*\Z")
# The clients of Anthropic and Gemini write the version themselves: their base URL ends before it.
_WRITES_VERSION = re.compile(
    r"/v1/messages(?=/|$)|/v\d+(?:beta|alpha)?/(?:models|tunedModels)/[^/]+:"
)


@dataclass(frozen=True, slots=True)
class Upstream(BaseUrl):
    """An endpoint. `path` stands for the client's `/v1`, or before it where clients write the
    version themselves. `local_port`, `model` (names or patterns, with commas between them) and
    `prefix` (the first part of the path) say which requests are meant for it, and `weight` how many
    of them.

    Its key is in the environment variable `key_env`; without one it gets the client's if that is
    meant for it, and always with `client_key`. Its name for the model is `rename`, and it
    takes up to `limit` requests at a time (0: any number).
    """

    local_port: int | None = None
    model: str = ""
    weight: float = 1.0
    name: str = ""
    key_env: str = ""
    client_key: bool = False
    rename: str = ""
    prefix: str = ""
    limit: int = 0

    @property
    def address(self) -> tuple[str, int]:
        """Its host, in one spelling, and its port."""
        return name_of(self.host), self.port

    def rewrite(self, path: str) -> str:
        """Where a request for `path` goes there. Without a path of its own the client's stays as it
        is: `https://host/anthropic` gets `/anthropic/v1/messages`, `https://host/api/v1` gets
        `/api/v1/chat/completions`.
        """
        if not self.path or path == self.path or path.startswith(f"{self.path}/"):
            return path
        if _WRITES_VERSION.match(path) and not _ENDS_IN_VERSION.search(self.path):
            return self.path + path
        return self.path + _VERSION.sub("", path, count=1)

    def is_at(self, scheme: str, host: str, port: int | None) -> bool:
        """Whether this is its address; all names of this machine are one."""
        at = (name_of(host), port or default_port(scheme))
        return (scheme, at) == (self.scheme, self.address)


def parse_upstream(spec: str) -> Upstream:
    """The upstream that `URL[:LOCAL_PORT][:MODEL][*WEIGHT]` names, with more patterns for models
    and settings such as `name=fast` behind commas. Raises `UsageError`.
    """
    if _USER.search(spec):
        raise UsageError(
            f"{_USER.sub('…@', spec)!r}: no user or password in the URL; "
            "the client's own Authorization is passed on"
        )
    first, *more = spec.split(",")
    try:
        url, rest = leading_url(first) or (None, "")
    except ValueError as error:
        raise UsageError(f"{spec!r} is not an upstream: {error}") from None
    match = _REST.fullmatch(rest)
    if not url or not match:
        meant = "" if url else meant_url(spec)
        raise UsageError(
            f"{spec!r} is not an upstream: {f'did you mean {meant}? ' if meant else ''}"
            f"expected a URL such as {DEFAULT_UPSTREAM}, "
            "with [:LOCAL_PORT][:MODEL][*WEIGHT] after it; --to names the folder of transcripts"
        )
    local = int(match["local"][:6]) if match["local"] else None
    if local is not None and not 0 < local < 65536:
        raise UsageError(f"{spec!r} is not an upstream: a port is between 1 and 65535")
    found = Upstream(
        *(url.scheme, url.host, url.port, url.path, local),
        match["model"] or "",
        float(match["weight"] or 1),
    )
    # Whoever puts the key itself there by mistake is not to see it in a log.
    return _with_more(found, more, _KEY.sub(r"\1…", spec))


def _with_more(found: Upstream, more: list[str], spec: str) -> Upstream:
    """An upstream with what stands behind the commas: settings, and patterns for models."""
    patterns = [found.model] if found.model else []
    settings: dict[str, object] = {}
    for word in more:
        setting = _SETTING.fullmatch(word)
        if setting:
            settings[setting[1]] = setting[2]
        elif patterns and word and "=" not in word:
            patterns.append(word)
        else:
            raise UsageError(f"{spec!r} is not an upstream: {word!r} is not a setting of one")
    return with_settings(replace(found, model=",".join(patterns)), settings, spec)


def upstreams_of(
    specs: Sequence[str], settings: Callable[[], Sequence[Mapping[str, object]]]
) -> list[Upstream]:
    """The upstreams that are named, else those of the settings (which are read only then), else
    the default. Raises `UsageError`.
    """
    found = [parse_upstream(spec) for spec in specs] or [from_settings(one) for one in settings()]
    return found or [parse_upstream(DEFAULT_UPSTREAM)]


def from_settings(settings: Mapping[str, object]) -> Upstream:
    """The upstream of a table of the settings: `url`, `model` (a pattern, or a list of them) and
    the others by their names. Raises `UsageError`.
    """
    more = dict(settings)
    url, model = more.pop("url", None), more.pop("model", "")
    if not isinstance(url, str) or "," in url or "://" not in url:
        raise UsageError("upstream: each needs a url, such as " + DEFAULT_UPSTREAM)
    patterns = model if isinstance(model, list) else [model] if model else []
    for pattern in patterns:
        if not isinstance(pattern, str) or not _PATTERN.fullmatch(pattern):
            raise UsageError(f"{url!r} is not an upstream: model = {pattern!r} has no meaning")
    found = parse_upstream(url)
    patterns = [found.model] * bool(found.model) + patterns
    return with_settings(replace(found, model=",".join(patterns)), more, url)


def with_settings(upstream: Upstream, settings: Mapping[str, object], spec: str) -> Upstream:
    """An upstream with settings by their names, as texts or as TOML has them. Raises `UsageError`
    for one that is none or has no meaning; `spec` says where it stands.
    """
    checked: dict[str, Any] = {}
    for name, value in settings.items():
        match name, value:
            case "name" | "rename", str() if value and value.isprintable():
                checked[name] = value
            case "key_env", str() if _VARIABLE.fullmatch(value):
                checked[name] = value
            case "prefix", str() if _PREFIX.fullmatch(value):
                checked[name] = value.strip("/")
            case "weight", int() | float() if value >= 0:
                checked[name] = float(value)
            case "limit", int() | str() if _LIMIT.fullmatch(str(value)):
                checked[name] = int(value)
            case "port", int() if 0 < value < 65536:
                checked["local_port"] = value
            case "client_key", True | False | "true" | "false":
                checked[name] = value in (True, "true")
            case "key_env", _:
                raise UsageError(
                    f"{spec!r} is not an upstream: key_env is the name of an environment variable"
                )
            case _:
                raise UsageError(f"{spec!r} is not an upstream: {name} = {value!r} has no meaning")
    found: Upstream = replace(upstream, **checked)
    if not found.weight:
        raise UsageError(f"{spec!r} is not an upstream: its weight is 0")
    if found.key_env and found.client_key:
        raise UsageError(f"{spec!r} is not an upstream: either key_env or client_key")
    return found
