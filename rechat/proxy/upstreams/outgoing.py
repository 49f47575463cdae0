"""What an upstream gets of a request: its own key, or the client's if that is meant for it, and the
model under the name that it has there.

The credentials of a client are meant for one address: that of the first upstream of its route which
has no key of its own. No other one gets them, unless it is told so with `client_key`; nor does that
one get a key that tells by its look that another provider gave it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote
from urllib.parse import unquote

import msgspec
from mitmproxy import http
from mitmproxy.net.http import url

from rechat.proxy.upstreams.upstream import Upstream
from rechat.values import UsageError

_NAMES = frozenset({"apikey", "openai-organization", "openai-project"})
# How the names of all others end: `x-api-key`, `cf-aig-authorization`, `ocp-apim-subscription-key`.
_ENDS = re.compile(
    r"(?:\A|[-_.])(?:key|token|secret|auth|authorization|cookie|password|credentials?|sig|signature)\Z"
)
_NO_CREDENTIALS = frozenset(
    {"idempotency-key", "x-idempotency-key", "sec-websocket-key", "page_token", "next_page_token"}
)
_KEY_HEADERS = ("api-key", "x-api-key", "x-goog-api-key")
# Clients in browsers, whose web sockets have no headers, send their keys as a protocol.
_PROTOCOLS = "sec-websocket-protocol"
_KEY_PROTOCOL = re.compile(r"(?:\A|,)[ \t]*openai-[^,]*?(?:key|organization|project)\.[^,]*")
# How the keys of some providers begin, and where these are. Others (a gateway, this machine) may be
# meant to get any of them.
_GIVEN_BY = {
    "sk-ant-": ("anthropic.com",),
    "sk-or-": ("openrouter.ai",),
    "sk-proj-": ("openai.com",),
    "sk-svcacct-": ("openai.com",),
    "sk-admin-": ("openai.com",),
    "AIza": ("googleapis.com",),
    "gsk_": ("groq.com",),
    "xai-": ("x.ai",),
    "pplx-": ("perplexity.ai",),
    "hf_": ("huggingface.co",),
    "csk-": ("cerebras.ai",),
    "nvapi-": ("nvidia.com",),
    "fw_": ("fireworks.ai",),
    "tgp_v1_": ("together.xyz", "together.ai"),
}
_WITH_ENDPOINTS = ("openai.", "anthropic.", "mistral.")
_ENDPOINT = re.compile(
    r"/(?:chat/completions|completions|embeddings|responses(?:/[^/]*){0,2}|messages(?:/[^/]*)?)\Z"
)
_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])


@dataclass(frozen=True, slots=True)
class Original:
    """A request as its client made it; `body` is unpacked, `api` and `model` are what it asks."""

    path: str
    headers: http.Headers
    content: bytes
    body: bytes
    api: str
    model: str

    @classmethod
    def of(cls, request: http.Request, body: bytes, api: str, model: str) -> "Original":
        """The request before anything was changed."""
        content = request.raw_content or b""
        return cls(request.path, request.headers.copy(), content, body, api, model)


def write(
    request: http.Request,
    original: Original,
    upstream: Upstream,
    path: str,
    key: str,
    *,
    is_home: bool,
) -> None:
    """Make a request what an upstream is to get at a path. `key` is its own (empty if it has none),
    and the client's stay in only if `is_home`, and if they are not another provider's.
    """
    request.headers = original.headers.copy()
    request.raw_content = original.content
    if key or not is_home:
        _take_away(request.headers)
        path = _without_keys(path)
    elif not upstream.client_key:
        for name in foreign(original.headers, upstream):
            del request.headers[name]
        path = _without_keys(path, upstream.host)
    if key:
        name = _key_header(original)
        request.headers[name] = f"Bearer {key}" if name == "authorization" else key
    if upstream.rename:
        path = _renamed_path(path, original.model, upstream.rename)
        body = _renamed(original.body, upstream.rename)
        if body is not None:
            request.headers.pop("content-encoding", None)
            request.content = body
    request.path = path
    request.scheme = upstream.scheme
    request.host = upstream.host
    request.port = upstream.port
    if "host" in request.headers:  # mitmproxy leaves out the brackets of IPv6
        request.headers["host"] = _host_and_port(request)


def _host_and_port(request: http.Request) -> str:
    """The host as it is named in a head, without the port that is usual."""
    host = f"[{request.host}]" if ":" in request.host else request.host
    return url.hostport(request.scheme, host, request.port)


def usual_path(path: str, api: str) -> str:
    """A path of a public API as any upstream has it: each host has another one before its
    endpoints, as in `/openai/v1/chat/completions`.
    """
    bare, mark, query = path.partition("?")
    found = _ENDPOINT.search(bare) if api.startswith(_WITH_ENDPOINTS) else None
    return f"/v1{found[0]}{mark}{query}" if found else path


def credentials(headers: http.Headers) -> tuple[tuple[str, str], ...]:
    """The headers of a request that say in whose name it is, in the order of their names."""
    named = ((name.lower(), value) for name, value in headers.items(multi=True))
    return tuple(sorted(each for each in named if _is_credential(each[0]) or each[0] == _PROTOCOLS))


def foreign(headers: http.Headers, upstream: Upstream) -> list[str]:
    """The names of the credentials that tell that another provider than this one gave them."""
    return [
        name
        for name, value in headers.items()
        if _is_credential(name.lower()) and _is_foreign(value, upstream.host)
    ]


def _is_foreign(credential: str, host: str) -> bool:
    key = credential.rpartition(" ")[2]
    own = next((given for begin, given in _GIVEN_BY.items() if key.startswith(begin)), None)
    if own is None or _is_in(host, own):
        return False
    return any(_is_in(host, others) for others in _GIVEN_BY.values())


def _is_in(host: str, domains: Sequence[str]) -> bool:
    return any(f".{host.lower()}".endswith(f".{domain}") for domain in domains)


def name_host(request: http.Request) -> None:
    """Have a request name its host in its first line, as a proxy on the way wants it: it would take
    one that does not for its own. Behind TLS it has a tunnel.
    """
    request.authority = ""
    if request.scheme == "http":
        request.http_version = "HTTP/1.1"
        request.authority = _host_and_port(request)


def _take_away(headers: http.Headers) -> None:
    """Take the credentials away."""
    for name in [name for name in headers if _is_credential(name.lower())]:
        headers.pop(name, None)
    if protocols := headers.pop(_PROTOCOLS, ""):
        left = _KEY_PROTOCOL.sub("", protocols).lstrip(", ")
        headers.update({_PROTOCOLS: left} if left else {})


def _is_credential(name: str) -> bool:
    return name not in _NO_CREDENTIALS and (name in _NAMES or bool(_ENDS.search(name)))


def _without_keys(path: str, host: str = "") -> str:
    """A path without the parameters of its query that are credentials; with a host, without those
    that another provider gave.
    """
    bare, mark, query = path.partition("?")
    parameters = [each for each in query.split("&") if each]

    def goes(parameter: str) -> bool:
        name, _, value = parameter.partition("=")
        is_credential = _is_credential(unquote(name).lower())
        return is_credential and (not host or _is_foreign(unquote(value), host))

    left = [each for each in parameters if not goes(each)]
    if len(left) == len(parameters):
        return path
    return bare + (mark + "&".join(left) if left else "")


def home_of(fitting: Sequence[Upstream]) -> tuple[str, int] | None:
    """The address that the client's credentials are meant for; None if all have their own."""
    return next((one.address for one in fitting if not one.key_env), None)


def keys_of(upstreams: Sequence[Upstream], environment: Mapping[str, str]) -> dict[str, str]:
    """The keys, by the variables that hold them. Raises `UsageError` for one that is not set, or
    that no header can hold.
    """
    keys = {one.key_env: environment.get(one.key_env, "") for one in upstreams if one.key_env}
    for name, key in keys.items():
        if not key or not key.isascii() or not key.isprintable():
            what = "cannot be the key of an upstream" if key else "is not set"
            raise UsageError(f"the environment variable {name} (key_env) {what}")
    return keys


def _key_header(original: Original) -> str:
    """The header that this API has its keys in."""
    if original.api.startswith("anthropic."):
        return "x-api-key"
    if original.api.startswith("gemini."):
        return "x-goog-api-key"
    return next((name for name in _KEY_HEADERS if name in original.headers), "authorization")


def _renamed(body: bytes, model: str) -> bytes | None:
    """A JSON body with another model; None if it names none. All else stays as it was spelled."""
    try:
        fields = _FIELDS.decode(body)
    except (msgspec.MsgspecError, RecursionError):
        return None
    if "model" not in fields:
        return None
    fields["model"] = msgspec.Raw(msgspec.json.encode(model))
    return msgspec.json.encode(fields)


def _renamed_path(path: str, model: str, name: str) -> str:
    """A path that names the model (`/models/NAME:generateContent`, `/deployments/NAME/…`) with the
    other name.
    """
    if not model:
        return path
    asked = f"(?:{re.escape(model)}|{re.escape(quote(model, safe=''))})"
    place = re.compile(rf"(?<=/models/){asked}(?=[:/?]|\Z)|(?<=/deployments/){asked}(?=[/?]|\Z)")
    return place.sub(lambda _: quote(name, safe="/"), path, count=1)
