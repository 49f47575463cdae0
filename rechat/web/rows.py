"""What the page and the API show of an entry: a row of the list, or everything."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from datetime import datetime

from rechat.dialects import DIALECTS
from rechat.dialects import Dialect
from rechat.explain import Difference
from rechat.explain import readable
from rechat.format import item_of
from rechat.observe import JournalEntry
from rechat.observe import Logged
from rechat.observe import said
from rechat.store import NewFile
from rechat.store import Recording
from rechat.store import placement
from rechat.values import CHAT
from rechat.values import Answer
from rechat.values import Call
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import Media
from rechat.values import Message
from rechat.values import Opaque
from rechat.values import Reasoning
from rechat.values import RechatError
from rechat.values import Request
from rechat.values import assets
from rechat.values import jsontext
from rechat.web.rendering import html_of

type Prices = Mapping[str, tuple[float, float]]
"""The price of a million input and output tokens of a model."""

_WORDS = 160
_SHOWN = 200_000
# The page shows only image types that cannot contain scripts.
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


def row(logged: Logged, prices: Prices | None = None) -> JsonObject:
    """A row of the list."""
    return _when(logged) | _what(logged.entry, prices)


def rows(found: Sequence[Logged], prices: Prices | None = None) -> list[Json]:
    """Rows of the list. Hits with the same answer share an entry, which is converted once."""
    known: dict[int, JsonObject] = {}
    made: list[Json] = []
    for logged in found:
        what = known.get(id(logged.entry))
        if what is None:
            what = known[id(logged.entry)] = _what(logged.entry, prices)
        made.append(_when(logged) | what)
    return made


def _when(logged: Logged) -> JsonObject:
    return {
        "number": logged.number,
        "at": datetime.fromtimestamp(logged.at, UTC).isoformat(timespec="milliseconds"),
        "ms": round(logged.milliseconds, 1),
    }


def _what(entry: JournalEntry, prices: Prices | None) -> JsonObject:
    words = entry.first_words
    shown: JsonObject = {
        "verdict": entry.verdict,
        "target": entry.target,
        "model": entry.model,
        "api": entry.request.api if entry.request else "",
        "words": words if len(words) <= _WORDS else words[: _WORDS - 1] + "…",
    }
    counted = entry.answer.tokens if isinstance(entry.answer, Answer) else None
    if counted:
        shown["tokens"] = list(counted)
        price = (prices or {}).get(entry.model)
        if price:
            shown["cost"] = round(sum(map(float.__mul__, map(float, counted), price)) / 1e6, 8)
    if len(entry.times) > 1:
        shown["first"] = round(entry.times[0][0], 1)
    if entry.place:
        shown["place"] = entry.place
    if entry.rule:
        shown["rule"] = entry.rule
    if entry.session:
        shown["session"] = entry.session
    if entry.reason:
        shown["reason"] = entry.reason
    if entry.upstream:
        shown |= {"upstream": entry.upstream, "attempts": entry.attempts}
    if entry.miss and entry.miss.nearest and entry.miss.nearest.differences:
        shown["differs"] = entry.miss.nearest.differences[0].reason
    return shown


def details(logged: Logged, url: str, prices: Prices | None = None) -> JsonObject:
    """Everything about an entry. `url` is the address of the proxy, for commands that repeat the
    request.
    """
    entry = logged.entry
    request = entry.request
    asked = _asked(request) if request else ""
    nearest = entry.miss.nearest if entry.miss else None
    return row(logged, prices) | {
        "settings": request.settings if request else {},
        "messages": [_message(message) for message in request.messages] if request else [],
        "answer": [_message(message) for message in said(entry.answer)],
        "headers": [list(header) for header in entry.headers],
        "answer_headers": [list(header) for header in entry.answer_headers],
        "times": [[round(at, 2), size] for at, size in entry.times],
        "request": asked,
        "response": _answered(entry, request) if request else "",
        "nearest": f"{nearest.exchange.path}:{nearest.exchange.line}" if nearest else "",
        "differences": [_difference(found) for found in nearest.differences] if nearest else [],
        "can_answer": entry.verdict in ("miss", "held")
        and request is not None
        and placement.can_ask(request),
        "curl": _curl(entry, url, asked),
        "python": _python(entry, url, asked),
        "markdown": _markdown(entry),
    }


def _message(message: Message) -> JsonObject:
    return {"role": message.role, "blocks": list(_blocks(message)), "raw": readable(message)}


def _blocks(message: Message) -> Iterator[JsonObject]:
    """The parts of a message, in reading order."""
    for thought in message.parts_of(Reasoning):
        if thought.text:
            yield {"kind": "reasoning", "text": thought.text}
    text = message.text
    if text:
        yield {"kind": "text", "text": text, "html": html_of(text)}
    for media in message.parts_of(Media):
        yield _media(media)
    for call in message.parts_of(Call):
        yield {"kind": "call", "name": call.name, "text": _pretty(call.arguments)}
    for opaque in message.parts_of(Opaque):
        yield _item(opaque.value)
    if not text and not message.parts:
        rest = readable(message)
        if rest:
            yield {"kind": "json", "text": rest}


def _item(value: Json) -> JsonObject:
    """A call of a tool of the server by what it was asked, its result by what it gave; any other
    item as its JSON.
    """
    item = item_of(value)
    if not item:
        return {"kind": "json", "text": jsontext.dump_visible(value, jsontext.INDENTED)}
    if item.text is None:
        text = jsontext.dump_visible(item.fields, jsontext.INDENTED)
        return {"kind": "call", "name": item.name, "text": text}
    kind = assets.type_of_base64(item.text)
    if kind in _PICTURES:
        return _media(Media("image", f"data:{kind};base64,{item.text}"))
    return {"kind": "call", "name": item.name, "text": item.text}


def _media(media: Media) -> JsonObject:
    inline = assets.split_data_url(media.url)
    if not inline:
        return {"kind": "media", "text": f"[{media.kind} {media.url[:500]}]"}
    kind, content = inline
    block: JsonObject = {"kind": "media", "text": f"[{media.kind} {kind}, {len(content):,} bytes]"}
    if kind in _PICTURES and len(media.url) < _SHOWN:
        block["picture"] = media.url
    return block


def _difference(found: Difference) -> JsonObject:
    return {
        "reason": found.reason,
        "recorded": found.recorded,
        "asked": found.asked,
        "lines": [
            {"kind": line.kind, "pieces": [[text, marked] for text, marked in line.pieces]}
            for line in found.lines()
        ],
    }


def _pretty(text: str) -> str:
    try:
        return jsontext.dump_visible(jsontext.parse(text), jsontext.INDENTED)
    except JsonError:
        return text


def _asked(request: Request) -> str:
    """The body that repeats the request, in the words of its API."""
    return _readable(_dialect(request).write_request(request))


def _answered(entry: JournalEntry, request: Request) -> str:
    if entry.answer is None:
        return ""
    plain = replace(request, stream=False, variant="")
    response = _dialect(request).write_answer(entry.answer, plain)
    return _readable(response.body)


def _readable(body: bytes) -> str:
    """A body as people read it: JSON is indented, bytes are counted."""
    try:
        return _pretty(body.decode("utf-8"))[:_SHOWN]
    except UnicodeDecodeError:
        return f"{len(body):,} bytes"


def _dialect(request: Request) -> Dialect:
    return next(dialect for dialect in DIALECTS if dialect.name == request.api)


def _address(entry: JournalEntry, url: str) -> tuple[str, str]:
    method, _, target = entry.target.partition(" ")
    return method, url + target


def _curl(entry: JournalEntry, url: str, asked: str) -> str:
    method, address = _address(entry, url)
    if not asked:
        return f"curl -X {method} {shlex.quote(address)}"
    body = shlex.quote(asked)
    return f"curl {shlex.quote(address)} -H 'content-type: application/json' -d {body}"


def _python(entry: JournalEntry, url: str, asked: str) -> str:
    method, address = _address(entry, url)
    value: Json = None
    try:
        value = jsontext.parse(asked)
    except JsonError:
        sent = f"{method!r}, {address!r}, content={asked!r}"
        return f"import httpx\n\nprint(httpx.request({sent}).text)\n"
    if entry.request and entry.request.api == CHAT and isinstance(value, dict):
        return (
            "import json\n\nfrom openai import OpenAI\n\n"
            f'client = OpenAI(base_url="{url}/v1", api_key="any")\n'
            f"asked = json.loads({asked!r})\n"
            "print(client.chat.completions.create(**asked))\n"
        )
    return (
        "import json\n\nimport httpx\n\n"
        f"asked = json.loads({asked!r})\n"
        f"print(httpx.request({method!r}, {address!r}, json=asked).text)\n"
    )


def _markdown(entry: JournalEntry) -> str:
    """The exchange as a transcript of its own; a miss has an empty answer."""
    if not entry.request:
        return ""
    try:
        at = NewFile(placement.file_name(entry.request))
        return placement.edit("", at, Recording(entry.request, entry.answer)).source
    except RechatError:
        return ""
