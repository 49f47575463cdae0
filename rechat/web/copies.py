"""An exchange in forms to copy: commands that repeat the request and run as they are, a transcript,
JSON.
"""

import base64
import shlex
from dataclasses import replace

from rechat.dialects import DIALECTS
from rechat.dialects import Dialect
from rechat.observe import JournalEntry
from rechat.store import NewFile
from rechat.store import Recording
from rechat.store import placement
from rechat.values import CHAT
from rechat.values import Headers
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import RechatError
from rechat.values import Request
from rechat.values import header
from rechat.values import jsontext

_JSON = "application/json"
# On Linux an argument may have at most 128 KB. This does not apply to `printf`, since shells have
# it built in.
_LONGEST = 100_000
_TIMEOUT = 600


def all_of(entry: JournalEntry, url: str) -> JsonObject:
    """All forms by name; `url` is the address of the proxy."""
    return {
        "curl": curl(entry, url),
        "python": python(entry, url),
        "markdown": markdown(entry),
        "json": json_of(entry),
    }


def dialect_named(api: str) -> Dialect:
    """The dialect of an API."""
    return next(dialect for dialect in DIALECTS if dialect.name == api)


def body_of(request: Request) -> bytes:
    """The body that repeats a request, in the format of its API."""
    return dialect_named(request.api).write_request(request)


def _address(entry: JournalEntry, url: str) -> tuple[str, str]:
    method, _, target = entry.target.partition(" ")
    return method, url + target


def _sent(entry: JournalEntry) -> tuple[Headers, bytes]:
    """The headers and the body that repeat the request."""
    body = body_of(entry.request) if entry.request else b""
    kind = [] if header(entry.headers, "content-type") or not body else [("content-type", _JSON)]
    return (*kind, *entry.headers), body


def curl(entry: JournalEntry, url: str) -> str:
    """A command for a POSIX shell. A binary body goes through `base64`, a long one through a
    pipe.
    """
    method, address = _address(entry, url)
    headers, body = _sent(entry)
    # Brackets in a URL would be a range for curl.
    literal = ["--globoff"] if set(address) & set("[]{}") else []
    words = ["curl", *literal, *_method(method, has_body=bool(body)), address]
    for name, value in headers if body else ():
        words += ["-H", f"{name}: {value}"]
    command = shlex.join(words)
    if not body:
        return command
    text = body.decode("utf-8", "replace")
    if text.encode() != body or "\0" in text:
        packed = base64.b64encode(body).decode()
        return f"printf %s {packed} | base64 -d | {command} --data-binary @-"
    if len(body) > _LONGEST:
        return f"printf %s {shlex.quote(text)} | {command} --data-binary @-"
    return f"{command} --data-raw {shlex.quote(text)}"


def _method(method: str, *, has_body: bool) -> list[str]:
    """The method, where curl would not guess it; with `-X HEAD` it would wait for a body."""
    match method:
        case "POST" if has_body:
            return []
        case "GET" if not has_body:
            return []
        case "HEAD" if not has_body:
            return ["--head"]
    return ["-X", method]


def python(entry: JournalEntry, url: str) -> str:
    """A program: with OpenAI's client for its chat, else with httpx."""
    method, address = _address(entry, url)
    headers, body = _sent(entry)
    value: Json = None
    try:
        value = jsontext.parse(body.decode("utf-8"))
    except (JsonError, UnicodeDecodeError):
        more = f", content={body!r}, headers={dict(headers)!r}" if body else ""
        asks = f"httpx.request({method!r}, {address!r}{more}, timeout={_TIMEOUT})"
        return f"import httpx\n\nprint({asks}.text)\n"
    asked = f"asked = json.loads({jsontext.dump(value)!r})\n"
    if entry.request and entry.request.api == CHAT and isinstance(value, dict):
        return _with_openai(address.removesuffix("/chat/completions"), value, asked)
    return (
        f"import json\n\nimport httpx\n\n{asked}"
        f"headers = {dict(headers)!r}\n"
        f"answer = httpx.request(\n    {method!r}, {address!r}, json=asked, headers=headers, "
        f"timeout={_TIMEOUT}\n)\nprint(answer.text)\n"
    )


def _with_openai(base: str, value: JsonObject, asked: str) -> str:
    """With `extra_body`, so that fields which only this endpoint knows are sent too."""
    is_stream = value.get("stream") is True
    shown = "for chunk in answer:\n    print(chunk)\n" if is_stream else "print(answer)\n"
    return (
        "import json\n\nfrom openai import OpenAI\n\n"
        f"client = OpenAI(base_url={base!r}, api_key='any')\n"
        f"{asked}"
        "answer = client.chat.completions.create(\n"
        f"    model={value.get('model')!r}, messages=[], stream={is_stream}, extra_body=asked\n"
        f")\n{shown}"
    )


def json_of(entry: JournalEntry) -> str:
    """The request and the response, each as JSON, or as its text if it is none."""
    response = b""
    if entry.request and entry.answer is not None:
        plain = replace(entry.request, stream=False, variant="")
        response = dialect_named(plain.api).write_answer(entry.answer, plain).body
    told: JsonObject = {"request": _value(_sent(entry)[1]), "response": _value(response)}
    return jsontext.dump_visible(told, jsontext.INDENTED)


def _value(body: bytes) -> Json:
    text = body.decode("utf-8", "replace")
    try:
        return jsontext.parse(text) if text else None
    except JsonError:
        return text


def markdown(entry: JournalEntry) -> str:
    """The exchange as a separate transcript; a miss has an empty answer."""
    if not entry.request:
        return ""
    try:
        at = NewFile(placement.file_name(entry.request))
        return placement.edit("", at, Recording(entry.request, entry.answer)).source
    except RechatError:
        return ""
