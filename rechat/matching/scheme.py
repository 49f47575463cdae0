"""Which requests are the same: one key for all spellings of a conversation, and patterns where a
person asked for them.

Rules (design, section 4):

1. The whole conversation counts, and the settings; `NEVER` counts in none, `ignore:` adds to it.
2. Only matching normalises: key order, number spelling, `"text"` and one text part, null and
   absent, an empty setting (`tools: []`) and none, the spacing inside `arguments`, the order of
   the query's parameters, and `cache_control` marks do not count.
3. What a model said counts by its text, refusal and calls (name, arguments). Clients send back more
   or less of the rest (reasoning, annotations, a call's `parsed_arguments`), so in the history that
   does not count.
4. The ids of calls only tell which result belongs to which call: so does the number of the call in
   its message, and clients that mint their own ids, or have none, ask the same. Results that
   follow each other count in the order of their calls: tools that run side by side end as they may.
5. A transcript that names no API answers all: it is compared with the settings in the words of Chat
   Completions (`Request.common`), and `developer` is `system`; the `detail` of a picture, which
   some cannot say, does not count.
6. A key is a chain: one digest after each message, so a conversation of t turns costs t steps, not
   t squared.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from dataclasses import replace

from rechat.dialects import read_chat_message
from rechat.matching import wildcards
from rechat.matching.normalise import Noise
from rechat.values import Call
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import Media
from rechat.values import Message
from rechat.values import Opaque
from rechat.values import Part
from rechat.values import Reasoning
from rechat.values import Refusal
from rechat.values import Remembered
from rechat.values import Request
from rechat.values import Text
from rechat.values import assets
from rechat.values import jsontext

NEVER = frozenset(
    {
        "client_metadata",
        "keep_alive",
        "metadata",
        "prompt_cache_key",
        "prompt_cache_options",
        "prompt_cache_retention",
        "safety_identifier",
        "service_tier",
        "store",
        "stream",
        "stream_options",
        "user",
    }
)
_MARKS = frozenset({"cache_control", "prompt_cache_breakpoint"})
# A field of a schema may have the name of a mark; then its value is a schema.
_SCHEMA_TYPES = ("string", "number", "integer", "boolean", "object", "array", "null")
# A setting of such a value says no more than an absent one.
_EMPTY: tuple[Json, ...] = (None, [], {})
# Where null is a value, in JSON schemas; elsewhere it says no more than an absent key.
_NULLABLE = frozenset({"const", "default"})
# What answers carry and clients may or may not send back.
_AFTERTHOUGHTS = frozenset(
    {
        "annotations",
        "channel",
        "citations",
        "extra_content",
        "parsed",
        "provider_metadata",
        "provider_specific_fields",
        "reasoning_details",
        "thinking_blocks",
    }
)
# What says in one API or another which call a result belongs to.
_RESULT_NAMES = frozenset({"tool_call_id", "name", "tool_name"})
SYSTEM_ROLES = ("system", "developer")


def meaningful(settings: JsonObject, ignore: Iterable[str] = ()) -> JsonObject:
    """The settings that count: without nulls, empty ones, marks, what never counts and what is
    ignored (by name or dotted path).
    """
    kept = {
        key: plain
        for key, value in settings.items()
        if key not in NEVER and key not in _MARKS and (plain := _plain(value)) not in _EMPTY
    }
    for path in ignore:
        *outer, last = path.split(".")
        scope: Json = kept
        for key in outer:
            scope = scope.get(key) if isinstance(scope, dict) else None
        if isinstance(scope, dict):
            scope.pop(last, None)
    return kept


def listed_names(settings: JsonObject, ignore: tuple[str, ...] = ()) -> frozenset[str]:
    """The settings that a person listed, the empty ones too: `tools: []` asks for no tools."""
    empty = {name for name, value in settings.items() if value in _EMPTY and value is not None}
    return frozenset(meaningful(settings, ignore)) | (empty - NEVER - {*ignore})


def spelled_query(query: str) -> str:
    """The parameters of a query in one order; those of one name stay in theirs."""
    return "&".join(sorted(query.split("&"), key=lambda item: item.partition("=")[0]))


def _is_mark(key: str, value: Json) -> bool:
    is_schema = isinstance(value, dict) and value.get("type") in _SCHEMA_TYPES
    return key in _MARKS and not is_schema


def _plain(value: Json) -> Json:
    """The value without marks and nulls."""
    match value:
        case dict():
            return {
                key: _plain(item)
                for key, item in value.items()
                if not _is_mark(key, item) and (item is not None or key in _NULLABLE)
            }
        case list():
            return [_plain(item) for item in value]
        case _:
            return value


def canonical_message(
    message: Message, write_text: Callable[[str], bytes] = jsontext.canonical
) -> bytes:
    """One JSON text for all spellings of a message, in UTF-8. `write_text` writes a content that is
    one text.
    """
    fields = _canonical_fields(message) if message.fields else {}
    calls = [_canonical_call(call) for call in message.parts_of(Call)] if message.parts else []
    if message.role == "assistant":
        fields = {key: value for key, value in fields.items() if key not in _AFTERTHOUGHTS}
        if sound := _sound(message):
            fields["audio"] = sound
        if isinstance(raw := fields.get("tool_calls"), list):
            calls += map(_raw_call, raw)
            del fields["tool_calls"]
    content = _canonical_content(message) if message.parts else message.body
    if calls and content == "":
        content = None
    # Written out: most messages have a text and nothing else, and each request has all of them.
    return b'{"calls":[%b],"content":%b%b%b,"refusal":%b,"role":%b}' % (
        b",".join(calls),
        write_text(content) if isinstance(content, str) else jsontext.canonical(content),
        b',"fields":%b' % jsontext.canonical(fields) if fields else b"",
        _reasoning(message),
        _refusal(message) if message.parts else b'""',
        jsontext.canonical(message.role),
    )


def _canonical_fields(message: Message) -> JsonObject:
    return {
        key: _plain(value)
        for key, value in message.fields.items()
        if value is not None and value != [] and key not in _MARKS
    }


def _reasoning(message: Message) -> bytes:
    if message.role == "assistant":
        return b""
    if not message.parts:
        return b',"reasoning":[]'
    thoughts = jsontext.canonical([part.text for part in message.parts_of(Reasoning)])
    return b',"reasoning":%b' % thoughts


def _refusal(message: Message) -> bytes:
    return jsontext.canonical("".join([part.text for part in message.parts_of(Refusal)]))


def _sound(message: Message) -> JsonObject:
    """The id of a spoken answer: clients send back no more of it."""
    audio = message.fields.get("audio")
    found = [part.fields for part in message.parts_of(Media) if part.kind == "audio"]
    found += [audio] if isinstance(audio, dict) else []
    return {"id": found[0].get("id", "")} if found else {}


def _canonical_content(message: Message) -> Json:
    listed: list[Json] = []
    for part in map(_without_marks, message.parts):
        match part:
            case Text(text) if message.role == "assistant":
                listed.append(text)
            case Text(text, fields):
                extra = _plain(fields)
                listed.append([text, extra] if extra else text)
            case Media("audio") if message.role == "assistant":
                pass
            case Media(kind, url, fields):
                inline = assets.split_data_url(url)
                listed.append(
                    {
                        "kind": kind,
                        "url": assets.digest(inline[1]) if inline else url,
                        "fields": _plain(fields),
                    }
                )
            case Opaque(value):
                listed.append({"opaque": _plain(value)})
    if not listed:
        return message.body
    return listed[0] if len(listed) == 1 and isinstance(listed[0], str) else listed


def _without_marks(part: Part) -> Part:
    """The part that a mark kept from being read."""
    match part:
        case Opaque(dict() as value) if not _MARKS.isdisjoint(value):
            return read_chat_message({"role": "user", "content": [_plain(value)]}).parts[0]
        case _:
            return part


def _canonical_call(call: Call) -> bytes:
    is_function = call.kind == "function"
    arguments = _arguments(call.arguments) if is_function else jsontext.canonical(call.arguments)
    return b'["%b",%b,%b]' % (call.kind.encode(), jsontext.canonical(call.name), arguments)


def _canonical_arguments(text: str) -> bytes:
    """The arguments of a call as JSON if they are, whatever their spelling, and else as a text."""
    try:
        value = jsontext.parse(text, unique=True)
    except JsonError:
        return jsontext.canonical(text)
    return jsontext.canonical({"json": value})


_arguments = Remembered(_canonical_arguments, 1 << 21)


def _raw_call(value: Json) -> bytes:
    """A call to which an SDK added fields of its own; any other value as it is."""
    match value:
        case {
            "id": str(call_id),
            "type": "function",
            "function": {"name": str(name), "arguments": str(arguments)},
        }:
            return _canonical_call(Call(name, call_id, arguments))
    return jsontext.canonical({"raw": _plain(value)})


class Numbering:
    """Puts numbers in the place of the ids of calls, message after message."""

    def __init__(self) -> None:
        self._numbers: dict[str, str] = {}
        self._results = 0

    def __call__(self, messages: tuple[Message, ...]) -> tuple[Message, ...]:
        """The takes of one message, with the number of the call for its id. A result whose id no
        call has is that of the next call.
        """
        if any(message.parts_of(Call) for message in messages):
            self._numbers = {
                call.id: str(number)
                for message in reversed(messages)
                for number, call in enumerate(message.parts_of(Call), 1)
            }
            self._results = 0
        return tuple(self._result(message) for message in messages)

    def _result(self, message: Message) -> Message:
        if message.role != "tool":
            return message
        self._results += 1
        call_id = message.fields.get("tool_call_id")
        number = self._numbers.get(call_id) if isinstance(call_id, str) and call_id else None
        fields = {key: value for key, value in message.fields.items() if key not in _RESULT_NAMES}
        fields["tool_call_id"] = number or str(self._results)
        return Message(message.role, message.body, message.parts, fields, message.without)


def in_call_order[T](items: Iterable[T], message_of: Callable[[T], Message]) -> Iterator[T]:
    """What stands for messages in one spelling, with the results of each turn in the order of their
    calls.
    """
    results: list[T] = []
    for item in items:
        if message_of(item).role == "tool":
            results.append(item)
            continue
        if results:
            yield from sorted(results, key=lambda result: _number_of(message_of(result)))
            results = []
        yield item
    yield from sorted(results, key=lambda result: _number_of(message_of(result)))


def _number_of(result: Message) -> int:
    return int(str(result.fields["tool_call_id"]))


@dataclass(frozen=True, slots=True)
class Scheme:
    """What of a request is compared: all of it, or only the settings that a file lists.

    `api` is the only one whose requests are compared; empty is every one. `names` None is all
    settings. `has_system` false leaves system messages out, since the file has
    none; so does `has_query` with the query string, unless all counts.
    """

    names: frozenset[str] | None
    has_system: bool = True
    ignore: tuple[str, ...] = ()
    has_query: bool = False
    api: str = ""
    normalise: tuple[str, ...] = ()

    @property
    def is_exact(self) -> bool:
        """Whether everything counts."""
        return self.names is None

    @property
    def strength(self) -> int:
        """How many fields are compared; more is better."""
        return len(self.names or ()) + self.has_system + self.has_query + bool(self.api)

    @property
    def counts_query(self) -> bool:
        """Whether the query string is compared."""
        return self.is_exact or self.has_query

    def takes(self, request: Request) -> bool:
        """Whether a request speaks the API that this is about."""
        return self.api in ("", request.api)

    def settings_of(self, request: Request) -> JsonObject:
        """The settings of a request in the words that the file uses."""
        return request.settings if self.api or request.common is None else request.common

    def spelling(
        self, opening: Iterable[Message]
    ) -> Callable[[tuple[Message, ...]], tuple[Message, ...]]:
        """What brings a conversation that begins so into one spelling, message after message (each
        with its takes): with numbers for the ids of calls, and without noise.
        """
        noise, numbering = Noise(self.normalise, opening), Numbering()
        return lambda messages: noise(numbering(messages))

    def spelled(self, request: Request) -> tuple[Message, ...]:
        """The conversation of a request in one spelling."""
        numbered = request.once("numbered", lambda: _numbered(request.messages))
        return Noise(self.normalise, request.messages)(numbered)

    def start(self, settings: JsonObject, query: str) -> bytes:
        """The digest before the first message."""
        return self._start(meaningful(settings, self.ignore), query)

    def _start(self, counted: JsonObject, query: str) -> bytes:
        if self.names is not None:
            counted = {name: counted[name] for name in self.names if name in counted}
        return _digest(b"", jsontext.canonical([counted, self._query(query)]))

    def _query(self, query: str) -> str:
        return spelled_query(query) if self.counts_query else ""

    def key(self, request: Request) -> bytes:
        """The digest of a whole request."""
        return self.chain(request)[-1]

    def chain(self, request: Request) -> tuple[bytes, ...]:
        """The digest before the first message of a request, and those after each message."""
        return request.once(self, lambda: tuple(self._chain(request)))

    def _chain(self, request: Request) -> Iterator[bytes]:
        digest = self._start_of(request)
        yield digest
        for message in self.spelled(request):
            digest = self.step(digest, message)
            yield digest

    def _start_of(self, request: Request) -> bytes:
        """The digest before the first message, which no rule of `normalise:` changes."""
        settings = self.settings_of(request)
        counted = request.once(
            ("meaningful", self.ignore, settings is request.settings),
            lambda: meaningful(settings, self.ignore),
        )
        return request.once(
            ("start", self.names, self.ignore, self.api, self.counts_query),
            lambda: self._start(counted, request.query),
        )

    def counts(self, message: Message) -> bool:
        """Whether a message is compared at all."""
        if message.role in self.ignore:
            return False
        return self.has_system or message.role not in SYSTEM_ROLES

    def step(self, before: bytes, message: Message) -> bytes:
        """The digest after one more message, which has been spelled."""
        if not self.counts(message):
            return before
        return _digest(before, canonical_message(self._compared(message), _brief))

    def role(self, message: Message) -> str:
        """The role of a message as it is compared."""
        is_developer = message.role == "developer" and not self.is_exact
        return "system" if is_developer else message.role

    def canonical(self, message: Message) -> bytes:
        """One text for all spellings of a message."""
        return canonical_message(self._compared(message))

    def _compared(self, message: Message) -> Message:
        """What of a message is compared."""
        role = self.role(message)
        if role != message.role:
            message = replace(message, role=role)
        if message.parts and not self.is_exact and not self.api:
            message = replace(message, parts=tuple(map(_without_detail, message.parts)))
        return message


def _numbered(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """The messages with numbers for the ids of calls, results in the order of their calls."""
    number = Numbering()
    numbered = (number((message,))[0] for message in messages)
    return tuple(in_call_order(numbered, lambda message: message))


def _without_detail(part: Part) -> Part:
    match part:
        case Media("image", url, {"detail": _, **others}):
            return Media("image", url, others)
        case _:
            return part


def _digest(before: bytes, text: bytes) -> bytes:
    return hashlib.blake2b(before + text, digest_size=16).digest()


def _brief(text: str) -> bytes:
    """What a digest has of a text: JSON that no other text has, and that is short."""
    return jsontext.canonical(text) if len(text) < _LONG else _digest_of(text)


def _digest_text(text: str) -> bytes:
    digest = hashlib.blake2b(jsontext.canonical(text), digest_size=16).hexdigest()
    return b'{"digest":"%b"}' % digest.encode()


_LONG = 200
_digest_of = Remembered(_digest_text, 1 << 24)


@dataclass(frozen=True, slots=True)
class TextPattern:
    """A hand-written text that stands for many. `literals` counts the characters that are meant as
    they are.
    """

    tokens: tuple[wildcards.Token, ...]
    literals: int
    names: tuple[str, ...]

    def match(self, text: str) -> dict[str, str] | None:
        """What the holes caught; None if the text does not match."""
        return wildcards.match(self.tokens, text)


def compile_pattern(text: str) -> TextPattern:
    """The pattern that a text after `### user, like` describes."""
    tokens = wildcards.tokens_of(text)
    literals = sum(len(token) for token in tokens if isinstance(token, str))
    return TextPattern(tokens, literals, tuple(dict.fromkeys(wildcards.names_of(tokens))))


def fill(text: str, holes: dict[str, str]) -> str:
    """The text with `{{name}}` replaced by what the request had there; names that were not caught
    stay.
    """
    return (
        re.sub(r"\{\{(\w+)\}\}", lambda hole: holes.get(hole[1], hole[0]), text) if holes else text
    )
