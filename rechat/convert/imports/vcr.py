"""Cassettes of VCR.py, as pytest-recording, pydantic-ai and cassetter write them too: YAML, JSON or
TOML.

A body is `string` (text, or bytes), `parsed_body` beside it, or `{type: json, content: …}`; that of
a request by aiohttp is the value that the program passed. Streams are one string: when their chunks
arrived is unknown.
"""

import base64
import tomllib
from binascii import Error as Base64Error
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from rechat.convert.found import Found
from rechat.convert.found import Left
from rechat.convert.found import Source
from rechat.convert.wire import exchange_of
from rechat.convert.wire import pairs_of
from rechat.values import jsontext

# The keys of an object that stores a body; any other object is the body itself.
_STORED = frozenset(("string", "base64_string", "type", "content"))


def is_cassette(document: object) -> bool:
    """Whether a document is a cassette."""
    return isinstance(document, dict) and isinstance(document.get("interactions"), list)


def parse(content: bytes) -> Any:
    """The YAML document; no objects are ever constructed. Raises `ValueError`."""
    try:
        return YAML(typ="safe").load(content)
    except (YAMLError, UnicodeDecodeError, RecursionError) as error:
        first = str(error).strip().partition("\n")[0]
        raise ValueError(f"is not YAML that can be read: {first}") from None


def parse_toml(content: bytes) -> Any:
    """The TOML document, as cassetter writes it too. Raises `ValueError`."""
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"is not TOML that can be read: {error}") from None


def read(source: Source, document: Any) -> Iterator[Found]:
    """The exchanges of a cassette."""
    for number, one in enumerate(document["interactions"], 1):
        place = f"{source.name}#{number}"
        match one:
            case {"request": dict(asked), "response": dict(said)}:
                yield _exchange(place, asked, said, one.get("recorded_at"))
            case _:
                yield Left(place, "has no request and response")


def _exchange(place: str, asked: dict[str, Any], said: dict[str, Any], at: object) -> Found:
    status = said.get("status")
    code = status.get("code") if isinstance(status, dict) else said.get("status_code", status)
    try:
        request = _asked_body(asked)
        response = _body(said)
    except (Base64Error, ValueError, TypeError) as error:
        return Left(place, f"has a body that cannot be read: {error}")
    if not isinstance(code, int):
        return Left(place, "has no status")
    uri = str(asked.get("uri", asked.get("url", "")))
    return exchange_of(
        place,
        (str(asked.get("method", "GET")), uri, pairs_of(asked.get("headers")), request),
        (code, pairs_of(said.get("headers")), response),
        of_a_test=True,
        at=at,
    )


def _asked_body(asked: dict[str, Any]) -> bytes:
    """The body of a request, also as passed to aiohttp's `json=`."""
    match asked.get("body"):
        case dict(value) if value and not value.keys() & _STORED:
            return jsontext.dump(value).encode("utf-8", "surrogatepass")
    return _body(asked)


def _body(message: dict[str, Any]) -> bytes:
    """The body of a request or response, in any of the ways it is stored."""
    if message.get("parsed_body") is not None and not message.get("body"):
        return jsontext.dump(message["parsed_body"]).encode("utf-8", "surrogatepass")
    match message.get("body", message.get("content")):
        case None:
            return b""
        case str(text):
            return text.encode("utf-8", "surrogatepass")
        case bytes(content) | {"string": bytes(content)}:
            return content
        case {"type": "json", "content": value}:
            return jsontext.dump(value).encode("utf-8", "surrogatepass")
        case {"base64_string": str(text)} | {"type": "base64" | "binary", "content": str(text)}:
            return base64.b64decode(text)
        case {"string": str(text)} | {"content": str(text)}:
            return text.encode("utf-8", "surrogatepass")
        case dict(empty) if not any(empty.values()):
            return b""
    raise ValueError("it is none of the known kinds")
