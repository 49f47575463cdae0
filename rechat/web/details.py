"""Everything about one entry, as the page and the API show it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from rechat.explain import Difference
from rechat.explain import readable
from rechat.format import item_of
from rechat.observe import JournalEntry
from rechat.observe import Logged
from rechat.observe import Prices
from rechat.observe import said
from rechat.store import placement
from rechat.values import AnyAnswer
from rechat.values import Call
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import Media
from rechat.values import Message
from rechat.values import Opaque
from rechat.values import Reasoning
from rechat.values import Refusal
from rechat.values import Request
from rechat.values import assets
from rechat.values import jsontext
from rechat.web import copies
from rechat.web.rendering import html_of
from rechat.web.rows import row
from rechat.web.tools import failed

_SHOWN = 200_000
# At most this many messages are always shown in full.
_FEW = 6
_WORDS = 160
# The maximum length of Base64 text of a picture or a sound that is shown.
_LARGEST = 4_000_000
# The page shows only image types that cannot contain scripts.
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


def details(
    logged: Logged, url: str, prices: Prices | None = None, *, is_brief: bool = False
) -> JsonObject:
    """Everything about an entry. `url` is the address of the proxy, for commands that repeat the
    request. If `is_brief`, messages before the newest ones are only a line each.
    """
    entry = logged.entry
    request = entry.request
    nearest = entry.miss.nearest if entry.miss else None
    messages = request.messages if request else ()
    can_ask = request is not None and placement.can_ask(request)
    opens_at = newest_of(messages) if is_brief else 0
    return row(logged, prices) | {
        "settings": request.settings if request else {},
        "messages": [
            *(_in_a_line(message) for message in messages[:opens_at]),
            *map(shown_message, messages[opens_at:]),
        ],
        "answer": [shown_message(message) for message in said(entry.answer)],
        "headers": [list(header) for header in entry.headers],
        "answer_headers": [list(header) for header in entry.answer_headers],
        "times": [[round(at, 2), size] for at, size in entry.times],
        "request": readable_body(copies.body_of(request)) if request else "",
        "response": _answered(entry, request) if request else "",
        "nearest": f"{nearest.exchange.path}:{nearest.exchange.line}" if nearest else "",
        "differences": [shown_difference(found) for found in nearest.differences]
        if nearest
        else [],
        "can_ask": can_ask,
        "can_answer": entry.verdict in ("miss", "held") and can_ask,
        **copies.all_of(entry, url),
    }


def newest_of(messages: Sequence[Message]) -> int:
    """Where the newest part of a conversation begins: at the last message of a person, or, if much
    has happened since, at the last thing that the model did.
    """
    if len(messages) <= _FEW:
        return 0
    user = _last(messages, lambda message: message.role == "user")
    if len(messages) - user <= _FEW:
        return user
    return _last(messages, lambda message: message.role == "assistant")


def _last(messages: Sequence[Message], holds: Callable[[Message], bool]) -> int:
    return max((at for at, message in enumerate(messages) if holds(message)), default=0)


def _in_a_line(message: Message) -> JsonObject:
    """An earlier message, summarised in a line."""
    calls: list[Json] = [call.name for call in message.parts_of(Call)]
    return {
        "role": message.role,
        "is_short": True,
        "calls": calls,
        "words": " ".join(message.text[: 4 * _WORDS].split())[:_WORDS],
        "size": len(message.text) + sum(len(call.arguments) for call in message.parts_of(Call)),
    } | _of_a_result(message)


def shown_message(message: Message) -> JsonObject:
    """A message with its parts as blocks, in reading order."""
    return {
        "role": message.role,
        "blocks": list(_blocks(message)),
        "raw": readable(message),
        "size": len(message.text),
    } | _of_a_result(message)


def _of_a_result(message: Message) -> JsonObject:
    """Which tool call a message is the result of, and whether it failed."""
    if message.role not in ("tool", "function"):
        return {}
    found: JsonObject = {"failed": failed(message)}
    for key, name in (("tool_call_id", "id"), ("name", "name")):
        if isinstance(value := message.fields.get(key), str):
            found[name] = value
    return found


def _blocks(message: Message) -> Iterator[JsonObject]:
    for thought in message.parts_of(Reasoning):
        if thought.text:
            yield {"kind": "reasoning", "text": thought.text}
    text = message.text
    if text:
        yield {"kind": "text", "text": text, "html": html_of(text)}
    for refusal in message.parts_of(Refusal):
        yield {"kind": "refusal", "text": refusal.text}
    for media in message.parts_of(Media):
        yield _media(media)
    for call in message.parts_of(Call):
        yield {"kind": "call", "name": call.name, "id": call.id, "text": _pretty(call.arguments)}
    for opaque in message.parts_of(Opaque):
        yield _item(opaque.value)
    if not text and not message.parts:
        rest = readable(message)
        if rest:
            yield {"kind": "json", "text": rest}


def _item(value: Json) -> JsonObject:
    """A server tool's call as its query, its result as its output; any other item as its JSON."""
    item = item_of(value)
    if not item:
        return {"kind": "json", "text": jsontext.dump_visible(value, jsontext.INDENTED)}
    if item.text is None:
        text = jsontext.dump_visible(item.fields, jsontext.INDENTED)
        return {"kind": "call", "name": item.name, "id": "", "text": text}
    kind = assets.type_of_base64(item.text)
    if kind in _PICTURES:
        return _media(Media("image", f"data:{kind};base64,{item.text}"))
    return {"kind": "call", "name": item.name, "id": "", "text": item.text}


def _media(media: Media) -> JsonObject:
    inline = assets.split_data_url(media.url)
    if not inline:
        return {"kind": "media", "text": f"[{media.kind} {media.url[:500]}]"}
    kind, content = inline
    block: JsonObject = {"kind": "media", "text": f"[{media.kind} {kind}, {len(content):,} bytes]"}
    if len(media.url) < _LARGEST:
        if kind in _PICTURES:
            block["picture"] = media.url
        elif kind.startswith("audio/"):
            block["sound"] = media.url
    return block


def shown_difference(found: Difference) -> JsonObject:
    """A difference, with its lines side by side."""
    return {
        "reason": found.reason,
        "recorded": found.recorded,
        "asked": found.asked,
        "lines": list(_lines(found)),
    }


def answers_difference(one: AnyAnswer | None, other: AnyAnswer | None) -> JsonObject | None:
    """How two answers differ, for display; None if they are the same, or one is missing."""
    if one is None or other is None:
        return None
    before, after = ("\n\n".join(map(readable, said(answer))) for answer in (one, other))
    return shown_difference(Difference("", before, after)) if before != after else None


def _lines(found: Difference) -> Iterator[JsonObject]:
    """The lines of a difference; a gap has the unchanged lines that it hides."""
    old = found.recorded.split("\n")
    at, is_sure = 0, True
    for line in found.lines():
        pieces: list[Json] = [[text, marked] for text, marked in line.pieces]
        shown: JsonObject = {"kind": line.kind, "pieces": pieces}
        if line.kind == "gap":
            is_sure = is_sure and line.skipped > 0
            hidden: list[Json] = [*old[at : at + line.skipped]] if is_sure else []
            shown["hidden"] = hidden
            at += line.skipped
        elif line.kind != "asked":
            at += 1
        yield shown


def _pretty(text: str) -> str:
    try:
        return jsontext.dump_visible(jsontext.parse(text), jsontext.INDENTED)
    except JsonError:
        return text


def _answered(entry: JournalEntry, request: Request) -> str:
    if entry.answer is None:
        return ""
    plain = replace(request, stream=False, variant="")
    response = copies.dialect_named(request.api).write_answer(entry.answer, plain)
    return readable_body(response.body)


def readable_body(body: bytes) -> str:
    """A body for display: JSON is indented, bytes are counted."""
    try:
        return _pretty(body.decode("utf-8"))[:_SHOWN]
    except UnicodeDecodeError:
        return f"{len(body):,} bytes"
