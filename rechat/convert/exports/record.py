"""What is exported: a question with its answer, and the public URL of each API."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from rechat.dialects import DIALECTS
from rechat.dialects import Dialect
from rechat.values import AnyAnswer
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Request
from rechat.values import jsontext

BY_NAME: dict[str, Dialect] = {dialect.name: dialect for dialect in DIALECTS}
"""The APIs by their names."""

_ENDPOINTS = {
    "openai.chat": "https://api.openai.com/v1/chat/completions",
    "openai.responses": "https://api.openai.com/v1/responses",
    "openai.completions": "https://api.openai.com/v1/completions",
    "anthropic.messages": "https://api.anthropic.com/v1/messages",
    "ollama.chat": "http://localhost:11434/api/chat",
    "ollama.generate": "http://localhost:11434/api/generate",
}
_GEMINI = "https://generativelanguage.googleapis.com/v1beta/models/"


@dataclass(frozen=True, slots=True)
class Record:
    """A question and an answer to it. `conversation` names the section that it is in, `is_last`
    tells whether it is the last there; `given` has the numbers (from 0) of those messages of the
    model that were given.
    """

    name: str
    conversation: str
    request: Request
    answer: AnyAnswer
    is_last: bool = True
    given: frozenset[int] = frozenset()


def body_of(request: Request) -> JsonObject:
    """The request body, in its own API."""
    body = jsontext.parse(BY_NAME[request.api].write_request(request))
    assert isinstance(body, dict)
    return body


def url_of(request: Request) -> str:
    """The public API's URL for it."""
    if request.api == "google.gemini":
        return f"{_GEMINI}{quote(request.model, safe='-._~')}:generateContent"
    query = f"?{request.query}" if request.query else ""
    return _ENDPOINTS[request.api] + query


def lines(rows: Iterable[Json]) -> str:
    """A line of JSON for each row."""
    return "".join(f"{jsontext.dump(row)}\n" for row in rows)


def document(value: Json) -> str:
    """A file of JSON."""
    return jsontext.dump(value, jsontext.INDENTED) + "\n"
