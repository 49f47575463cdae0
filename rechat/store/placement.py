"""Where a recorded answer goes: the smallest change of the folder that includes it.

1. A blank that waits for this very request is filled.
2. A request that was answered already gets its answer replaced (`rerecord`), or another take, or
   nothing at all if the new answer says the same: then the file's bytes stay.
3. A request that continues from the end of a recorded section is appended to it.
4. Anything else is a new file, or if everything goes into one file, a new section of it. What the
   client sent as the assistant's words is `given` there, since no upstream answered it here.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace
from typing import Literal

from rechat.format import Edit
from rechat.format import Turn
from rechat.format import rewriting
from rechat.format import writer
from rechat.index import Index
from rechat.matching import Exchange
from rechat.matching import Scheme
from rechat.matching import canonical_message
from rechat.matching import in_force
from rechat.matching import is_result
from rechat.matching import meaningful
from rechat.matching import needed
from rechat.matching import normalise
from rechat.values import CHAT
from rechat.values import RAW
from rechat.values import ROLES
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import Call
from rechat.values import Entry
from rechat.values import ErrorAnswer
from rechat.values import Given
from rechat.values import HttpResponse
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Options
from rechat.values import Reply
from rechat.values import Request
from rechat.values import Section
from rechat.values import in_enclosed
from rechat.values import made_at
from rechat.values import told_by_api

_SLUG_LENGTH = 40
# What programs put before the words of a person.
_LEADS = frozenset({"new task:", "question:", "query:", "task:", "user:"})
# A longer line adds nothing to a slug.
_BEGINNING = 1000
_TITLE_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Recording:
    """What is to be saved: the request, its answer (None is a blank for a person to fill), a remark
    for people (how long it took), the original response, if its bytes are to be kept too, and the
    day (empty if unknown). An existing answer that was made before `renews` (in seconds since 1970)
    is replaced by one that says the same.
    """

    request: Request
    answer: AnyAnswer | None
    note: str = ""
    wire: HttpResponse | None = None
    day: str = ""
    renews: float = 0.0


@dataclass(frozen=True, slots=True)
class NewFile:
    """A new file."""

    path: str


@dataclass(frozen=True, slots=True)
class NewSection:
    """A new section at the end of a file, which may be new itself."""

    path: str
    title: str


@dataclass(frozen=True, slots=True)
class Append:
    """The end of a section that has the first `count` messages of the request already."""

    path: str
    section: Section
    count: int


@dataclass(frozen=True, slots=True)
class Put:
    """An entry of a section: in its place, or after it as another take."""

    path: str
    section: Section
    position: int
    how: Literal["in place", "behind"]


@dataclass(frozen=True, slots=True)
class Ask:
    """An answer of a section that gets another question: these turns and settings."""

    path: str
    section: Section
    position: int
    turns: tuple[Turn, ...]
    settings: JsonObject


@dataclass(frozen=True, slots=True)
class Say:
    """An answer of a section whose text is edited: the old text and the new one."""

    path: str
    section: Section
    line: int
    before: str
    after: str


type Place = NewFile | NewSection | Append | Put | Ask | Say


def is_worth_saving(answer: AnyAnswer) -> bool:
    """Whether an answer is one that the endpoint would give again."""
    return not isinstance(answer, ErrorAnswer) or answer.is_lasting


def can_ask(request: Request) -> bool:
    """Whether a request can be written down with a blank for its answer, which only chat APIs
    can.
    """
    return all(message.role in ROLES for message in request.messages)


def is_poll(request: Request) -> bool:
    """Whether a request may have a different answer each time: it queries (`GET`) something that
    progresses by itself, such as a batch. While recording it is always forwarded.
    """
    return request.api == RAW and request.settings.get("method") == "GET"


def place(
    index: Index, recording: Recording, *, replaces: bool, takes: int, file: str = ""
) -> Place | None:
    """Where a recording goes; None if the folder contains it already. `file` is the one for
    everything new, if there is one.
    """
    request = recording.request
    for hit in index.candidates(request):
        if hit.is_same:
            if recording.answer is None:
                return None
            if is_poll(request) and not replaces:
                return _place_poll(hit.exchange, recording.answer)
            return _place_in(hit.exchange, recording, replaces=replaces, takes=takes)
    going_on = index.section_to_continue(request)
    if going_on and not _has_too_few_rules(going_on[1], request):
        return Append(*going_on)
    if file:
        return NewSection(file, _title(request, {one.title for one in index.sections(file)}))
    return NewFile(file_name(request))


def needed_by(request: Request) -> tuple[str, ...]:
    """The rules for values that vary that a request needs."""
    return needed(request.messages, request.settings.get("tools"))


def _has_too_few_rules(section: Section, request: Request) -> bool:
    """Whether a section was recorded before its conversation needed the rules for agents, since
    results of commands appeared only later.
    """
    options = section.options
    is_early = options.match == "exact" and options.normalise in ((), ("dates",))
    return is_early and request.follows is None and needed_by(request) == normalise.RULES


def _place_in(
    exchange: Exchange, recording: Recording, *, replaces: bool, takes: int
) -> Place | None:
    path, section = exchange.path, exchange.section
    for position, reply in zip(exchange.positions, exchange.replies, strict=True):
        if reply.answer is None:
            return Put(path, section, position, "in place")
    if replaces:
        first = exchange.replies[0]
        is_fresh = (made_at(first) or 0.0) >= recording.renews
        if is_fresh and says_the_same(first.answer, recording.answer):
            return None
        return Put(path, section, exchange.positions[0], "in place")
    if len(exchange.replies) < takes:
        return Put(path, section, exchange.positions[-1], "behind")
    return None


def _place_poll(exchange: Exchange, answer: AnyAnswer) -> Place | None:
    """Another take, unless nothing has changed since the last one."""
    last = exchange.replies[-1]
    if last.answer == answer:
        return None
    how: Literal["in place", "behind"] = "behind" if last.answer else "in place"
    return Put(exchange.path, exchange.section, exchange.positions[-1], how)


def says_the_same(old: AnyAnswer | None, new: AnyAnswer | None) -> bool:
    """Whether two answers differ only in what is different each time: ids, times, counts."""
    match old, new:
        case Answer(), Answer():
            return list(_sense(old)) == list(_sense(new))
        case _:
            return old == new


def _sense(answer: Answer) -> Iterator[tuple[bytes, object]]:
    for choice in answer.choices:
        message = choice.message
        parts = [replace(part, id="") if isinstance(part, Call) else part for part in message.parts]
        nameless = replace(message, parts=tuple(parts))
        yield canonical_message(nameless), choice.fields.get("finish_reason")


def key_of(request: Request) -> tuple[str, tuple[str, ...], bytes]:
    """A key that is equal for requests that one recording answers."""
    return request.once("recording", lambda: _key_of(request))


def _key_of(request: Request) -> tuple[str, tuple[str, ...], bytes]:
    scheme = Scheme(None, api=request.api, normalise=in_force(needed_by(request)))
    return request.api, scheme.normalise, scheme.key(request)


def edit(source: str, at: Place, recording: Recording) -> Edit:
    """The change of the source that saves the recording; `source` is empty for a new file."""
    request, answer, note = recording.request, recording.answer, recording.note
    day = "" if told_by_api(answer) else recording.day
    match at:
        case Ask(_, section, _, turns, settings):
            return rewriting.ask(source, section, turns, settings)
        case Say(_, section, line, before, after):
            return Edit(rewriting.say(source, section, line, before, after), {})
        case NewFile() | NewSection():
            api = "" if request.api == CHAT else request.api
            options = Options("exact", query=request.query, api=api, normalise=needed_by(request))
            entries: list[Entry] = [*map(given_of, request.messages), Reply(answer, recorded=day)]
            if isinstance(at, NewFile):
                return writer.new_file(settings_of(request), options, entries, note)
            section = Section(at.title, settings_of(request), tuple(entries), options)
            return writer.add_section(source, section, note)
        case Append(_, section, count):
            asked = map(given_of, request.messages[count:])
            more: list[Entry] = [*asked, Reply(answer, recorded=day)]
            return writer.append(source, section, more, note)
        case Put(_, section, position, "in place") if answer:
            return writer.replace(source, section, position, answer, note, day)
        case Put(_, section, position):
            last = section.entries[position]
            take = last.take if isinstance(last, Reply) else 0
            reply = Reply(answer, take + 1, recorded=day)
            return writer.insert(source, section, position, [(reply, note)])


def given_of(message: Message) -> Given:
    """A message of a request as a file has it: without the empty fields that SDKs send back with an
    answer.
    """
    fields = {
        key: value for key, value in message.fields.items() if value is not None and value != []
    }
    return Given(replace(message, fields=fields, without=()))


def settings_of(request: Request) -> JsonObject:
    """The settings as a file has them: verbatim, but without what never counts; the model first."""
    counted = meaningful(request.settings)
    settings = {key: value for key, value in request.settings.items() if key in counted}
    return {key: settings[key] for key in sorted(settings, key=lambda key: key != "model")}


def file_name(request: Request) -> str:
    """The name of a conversation's file: what the person asked (or the endpoint), and six hex
    digits of the first request.
    """
    known = unicodedata.normalize("NFKD", _topic(request)[:_BEGINNING])
    plain = known.encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    slug = words[:_SLUG_LENGTH].rstrip("-") or "conversation"
    api = [] if request.api == CHAT else [request.api]
    told = map(canonical_message, request.messages)
    asked = [*api, meaningful(request.settings), request.query, *told]
    return f"{slug}-{hashlib.sha256(repr(asked).encode()).hexdigest()[:6]}.md"


def _title(request: Request, taken: set[str]) -> str:
    """The title of a section: the person's question, as far as a heading can express it."""
    words = " ".join(re.sub(r"[^\w ,.?!'-]+", " ", _topic(request)[:_BEGINNING]).split())
    if len(words) > _TITLE_LENGTH:
        words = words[:_TITLE_LENGTH].rpartition(" ")[0] or words[:_TITLE_LENGTH]
    title, number = words or "Conversation", 2
    while title in taken:
        title = f"{words or 'Conversation'} ({number})"
        number += 1
    return title


def _topic(request: Request) -> str:
    """The line that best describes what a request is about."""
    # The question is last: after examples, and after what a program says about itself.
    texts = [message.text for message in reversed(request.messages) if message.role == "user"]
    texts = [text for text in texts if not is_result(text)]
    texts += [message.text for message in request.messages if message.role == "input"]
    if request.api == RAW:
        texts = [f"{request.settings['method']} {request.settings['path']}"]
    # Without what a program puts around a person's words: "<environment_context>…".
    said = [in_enclosed(text, lambda _: "") for text in texts]
    lines = (line.strip() for text in [*said, *texts] for line in text.splitlines())
    return next((line for line in lines if line and line.lower() not in _LEADS), "")
