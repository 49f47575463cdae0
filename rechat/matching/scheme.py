"""Which requests are the same: one key for all spellings of a conversation, and patterns where a
person asked for them.

Rules (design, section 4):

1. The whole conversation counts, and the settings; `NEVER` counts in none, `ignore:` adds to it.
2. Only matching normalises: key order, number spelling, `"text"` and one text part, null and
   absent, an empty setting (`tools: []`) and none, the spacing inside `arguments`, the order of
   the query's parameters and of the tools, and `cache_control` marks do not count.
3. What a model said counts by its text, refusal and calls (name, arguments). Clients send back more
   or less of the rest (reasoning, annotations, a call's `parsed_arguments`), so in the history that
   does not count.
4. The ids of calls only tell which result belongs to which call: so does the number of the call in
   its message, and clients that mint their own ids, or have none, ask the same. Results that
   follow each other count in the order of their calls: tools that run side by side end as they may.
5. A transcript that names no API answers all: it is compared with the settings in the words of Chat
   Completions (`Request.common`, and one name for the limit of tokens), and `developer` is
   `system`. What some APIs cannot say does not count: the `detail` of a picture, the name of a
   file, whether a text of the model is a refusal, and system messages where there are no roles.
6. What changes the settings on the way (`configuration_update` of Responses) counts, unless it says
   those again that hold: clients put that in when they ask again.
7. A key is a chain: one digest after each message, so a conversation of t turns costs t steps, not
   t squared.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from dataclasses import replace
from typing import Self

from rechat.matching.normalise import Noise
from rechat.matching.numbering import Numbering
from rechat.matching.numbering import in_call_order
from rechat.matching.numbering import numbered
from rechat.matching.settings import in_common
from rechat.matching.settings import meaningful
from rechat.matching.settings import spelled_query
from rechat.matching.spelling import canonical_message
from rechat.values import JsonObject
from rechat.values import Media
from rechat.values import Message
from rechat.values import Part
from rechat.values import Refusal
from rechat.values import Remembered
from rechat.values import Request
from rechat.values import Text
from rechat.values import jsontext

SYSTEM_ROLES = ("system", "developer")


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

    def heard_from(self, request: Request) -> Self:
        """What is compared with this request: where its API knows no roles, a file for every API
        is asked without its system messages.
        """
        can_say = request.has_roles or self.api or self.is_exact or not self.has_system
        return self if can_say else replace(self, has_system=False)

    def settings_of(self, request: Request) -> JsonObject:
        """The settings of a request in the words that the file uses."""
        return request.settings if self.api or request.common is None else request.common

    def worded(self, settings: JsonObject) -> JsonObject:
        """Settings under the names by which they are compared: a file that lists some for every API
        has one name for each.
        """
        return settings if self.api or self.is_exact else in_common(settings)

    def spelling(
        self, settings: JsonObject, opening: Iterable[Message]
    ) -> Callable[[tuple[Message, ...]], tuple[Message, ...]]:
        """What brings a conversation that begins so into one spelling, message after message (each
        with its takes): with numbers for the ids of calls, and without noise.
        """
        noise, numbering = Noise(self.normalise, opening), Numbering(settings)
        return lambda messages: noise(numbering(messages))

    def spelled(self, request: Request) -> tuple[Message, ...]:
        """The conversation of a request in one spelling."""
        return Noise(self.normalise, request.messages)(self._numbered(request))

    def with_originals(self, request: Request) -> Iterator[tuple[Message, Message]]:
        """The same, each message with the one that was sent."""
        noise, number = Noise(self.normalise, request.messages), Numbering(request.settings)
        both = ((number((message,))[0], message) for message in request.messages)
        for spelled, message in in_call_order(both, lambda pair: pair[0]):
            yield noise.of(spelled), message

    def _numbered(self, request: Request) -> tuple[Message, ...]:
        return request.once("numbered", lambda: numbered(request.messages, request.settings))

    def start(self, settings: JsonObject, query: str, opening: Iterable[Message]) -> bytes:
        """The digest before the first message of a conversation that begins so."""
        return self._start(self.counted(settings, opening), query)

    def counted(self, settings: JsonObject, opening: Iterable[Message]) -> JsonObject:
        """What of the settings of a conversation that begins so is compared."""
        noise = Noise(self.normalise, opening)
        return self._compared_settings(meaningful(settings, self.ignore), noise)

    def _compared_settings(self, counted: JsonObject, noise: Noise) -> JsonObject:
        if self.names is not None:
            worded = self.worded(counted)
            counted = {name: value for name, value in worded.items() if name in self.names}
        if self.normalise and "tools" in counted:
            counted = {**counted, "tools": noise.described(counted["tools"])}
        return counted

    def _start(self, counted: JsonObject, query: str) -> bytes:
        return _digest(b"", jsontext.canonical([counted, self._query(query)]))

    def _query(self, query: str) -> str:
        return spelled_query(query) if self.counts_query else ""

    def key(self, request: Request) -> bytes:
        """The digest of a whole request."""
        return self.chain(request)[-1]

    def without_roles(self, start: bytes) -> bytes:
        """The digest before the first message where there are no roles to say the system messages
        in; no request with roles has it.
        """
        return _digest(start, b"without roles")

    def chain(self, request: Request) -> tuple[bytes, ...]:
        """The digest before the first message of a request, and those after each message."""
        return request.once(self, lambda: tuple(self._chain(request)))

    def _chain(self, request: Request) -> Iterator[bytes]:
        noise = Noise(self.normalise, request.messages)
        digest = self._start_of(request, noise)
        if self.heard_from(request) is not self:
            digest = self.without_roles(digest)
        yield digest
        for message in self._numbered(request):
            if self.counts(message):
                digest = _digest(digest, self._counted(message, noise))
            yield digest

    def _counted(self, message: Message, noise: Noise) -> bytes:
        """What a digest has of a numbered message. Turns share it, and so do sets of rules that
        find no noise in the message.
        """
        name, way = noise.hear(message), (self.is_exact, bool(self.api))

        def spelled() -> bytes:
            quiet = noise.heard(message)
            if quiet is message and name:
                return message.once((None, way), lambda: self._brief(message))
            return self._brief(quiet)

        return message.once((name, way), spelled)

    def _brief(self, message: Message) -> bytes:
        return canonical_message(self._compared(message), _brief)

    def _start_of(self, request: Request, noise: Noise) -> bytes:
        settings = self.settings_of(request)
        counted = request.once(
            ("meaningful", self.ignore, settings is request.settings),
            lambda: meaningful(settings, self.ignore),
        )
        return request.once(
            ("start", self.names, self.ignore, self.api, self.counts_query, self.normalise),
            lambda: self._start(self._compared_settings(counted, noise), request.query),
        )

    def counts(self, message: Message) -> bool:
        """Whether a message is compared at all."""
        if not message.role or message.role in self.ignore:
            return False
        return self.has_system or message.role not in SYSTEM_ROLES

    def step(self, before: bytes, message: Message) -> bytes:
        """The digest after one more message, which has been spelled."""
        if not self.counts(message):
            return before
        return _digest(before, self._brief(message))

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
            message = replace(message, parts=tuple(map(_in_every_api, message.parts)))
        return message


def _in_every_api(part: Part) -> Part:
    """The part without what some API cannot say."""
    match part:
        case Media(kind, url, fields) if fields:
            return Media(kind, url)
        case Refusal(text):
            return Text(text)
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
