"""How a request differs from a recorded one, in the words of the conversation."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from itertools import zip_longest

from rechat.explain.linediff import DiffLine
from rechat.explain.linediff import lines_of
from rechat.explain.lookalikes import characters_that_differ
from rechat.explain.pairs import Pair
from rechat.explain.pairs import pairs
from rechat.explain.sides import NAMELESS
from rechat.explain.sides import Sides
from rechat.explain.wording import lines_that_differ
from rechat.explain.wording import spaces_that_differ
from rechat.explain.wording import tools_that_differ
from rechat.explain.wording import values_that_differ
from rechat.explain.wording import where_it_fails
from rechat.explain.wording import words_that_differ
from rechat.matching import Exchange
from rechat.matching import Scheme
from rechat.matching import Step
from rechat.matching import spelled_query
from rechat.matching import spelled_steps
from rechat.values import Call
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import Media
from rechat.values import Message
from rechat.values import Part
from rechat.values import Refusal
from rechat.values import Request
from rechat.values import assets
from rechat.values import jsontext

_WIDTH = 60
_SIGNS = str.maketrans({" ": "·", "\u00a0": "⍽", "\t": "→", "\r": "␍"})
_LONGEST_URL = 80
# How many differing messages are listed, since people read no more, and how many are counted.
_LISTED = 20
_COUNTED = 100


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. `reason` is a line for people; `recorded` and `asked` are the two texts, or
    empty.
    """

    reason: str
    recorded: str = ""
    asked: str = ""

    def lines(self) -> tuple[DiffLine, ...]:
        """The two texts line by line, with the changed words marked; empty if the reason says it
        all.
        """
        return lines_of(self.recorded, self.asked)


def readable(message: Message) -> str:
    """A message as text, for comparison and display: its words, calls and attachments."""
    if not message.parts and not message.fields:
        return message.body or ""
    lines = [message.text] if message.text else []
    lines += [f"refusal: {part.text}" for part in message.parts_of(Refusal)]
    lines += [f"[{part.kind} {_address(part.url)}]" for part in message.parts_of(Media)]
    lines += [f"call {call.name} {call.arguments}" for call in message.parts_of(Call)]
    lines += [
        f"{key}: {_shown(value)}"
        for key, value in message.fields.items()
        if value is not None and value != []
    ]
    return "\n".join(lines)


def _address(url: str) -> str:
    """The URL; a long one is shortened and identified by a digest."""
    if len(url) <= _LONGEST_URL:
        return url
    return f"{url[:_LONGEST_URL]}… {assets.digest(url.encode('utf-8', 'backslashreplace'))}"


def differences(
    exchange: Exchange, scheme: Scheme, request: Request, sides: Sides = NAMELESS
) -> list[Difference]:
    """Why a request does not match an exchange, settings first. If many messages differ, the first
    ones are listed, followed by the number of the others.
    """
    settings = _settings(exchange, scheme, request, sides)
    return [*settings, *_messages(scheme, *_counting(exchange, scheme, request), sides)]


def count_differences(exchange: Exchange, scheme: Scheme, request: Request) -> int:
    """How many settings and messages differ, up to about a hundred. Describing the differences
    takes several times longer.
    """
    steps, messages = _counting(exchange, scheme, request)
    settings = sum(1 for _ in _settings(exchange, scheme, request, NAMELESS))
    if _place_of_disorder(scheme, steps, messages) is not None:
        return settings + 1
    return settings + len(_differing(scheme, steps, messages))


def _differing(scheme: Scheme, steps: Sequence[Step], messages: Sequence[Message]) -> list[Pair]:
    differing = (pair for pair in pairs(scheme, steps, messages) if not pair.is_same)
    return [*islice(differing, _COUNTED)]


def _counting(
    exchange: Exchange, scheme: Scheme, request: Request
) -> tuple[list[Step], list[Message]]:
    """The steps and the messages that count, as they are spelled by the scheme."""
    steps = [step for step in spelled_steps(scheme, exchange) if scheme.counts(step.message)]
    messages = [message for message in scheme.spelled(request) if scheme.counts(message)]
    return steps, messages


def _settings(
    exchange: Exchange, scheme: Scheme, request: Request, sides: Sides
) -> Iterator[Difference]:
    opening = [step.message for step in exchange.steps]
    recorded = scheme.counted(exchange.section.settings, opening)
    asked = scheme.counted(scheme.settings_of(request), request.messages)
    if exchange.choices:
        recorded = recorded | {"n": exchange.choices}
        asked = asked | {"n": scheme.settings_of(request).get("n", 1)}
    names = [*recorded, *(name for name in asked if name not in recorded)]
    for name in names:
        ours, theirs = recorded.get(name), asked.get(name)
        if jsontext.canonical(ours) != jsontext.canonical(theirs):
            yield from _setting(name, ours, theirs, sides)
    queries = [exchange.section.options.query, request.query]
    if scheme.counts_query and len({*map(spelled_query, queries)}) > 1:
        yield Difference(sides.apart(repr(queries[0]), repr(queries[1]), "query"))


def _setting(name: str, ours: Json, theirs: Json, sides: Sides) -> Iterator[Difference]:
    told, old, new = tools_that_differ(ours, theirs, sides) if name == "tools" else ([], [], [])
    if told:
        yield Difference("; ".join(told), *(_indented(side) if side else "" for side in (old, new)))
        return
    plain = [_shown(ours), _shown(theirs)]
    if plain[0] == plain[1]:
        plain = [jsontext.dump_visible(value) for value in (ours, theirs)]
    if sum(map(len, plain)) < _WIDTH:
        yield Difference(sides.apart(plain[0], plain[1], name))
        return
    values = values_that_differ({name: ours}, {name: theirs}, sides)
    yield Difference(values or f"{name} differs", _indented(ours), _indented(theirs))


def _indented(value: Json) -> str:
    return "" if value is None else jsontext.dump_visible(value, jsontext.INDENTED)


def _shown(value: Json) -> str:
    match value:
        case None:
            return "nothing"
        case str() if value.strip():
            return jsontext.dump_visible(value)[1:-1]
        case _:
            return jsontext.dump_visible(value)


def _messages(
    scheme: Scheme, steps: Sequence[Step], messages: Sequence[Message], sides: Sides
) -> Iterator[Difference]:
    if order := _order(scheme, steps, messages, sides):
        yield order
        return
    differing = _differing(scheme, steps, messages)
    for pair in differing[:_LISTED]:
        match pair:
            case Pair(int(step), int(message)):
                ours, theirs = steps[step], messages[message]
                place = f"message {message + 1} of {len(messages)}"
                yield _changed(scheme, ours, theirs, place, sides)
            case Pair(int(step)):
                lost = steps[step].message
                told = f"the {lost.role} message {_quoted(lost)} is missing"
                yield Difference(told, readable(lost))
            case Pair(message=int(message)):
                more = messages[message]
                told = f"one more {more.role} message, {_quoted(more)}"
                yield Difference(told, "", readable(more))
    unlisted = len(differing) - _LISTED
    if unlisted > 0:
        least = "at least " if len(differing) == _COUNTED else ""
        yield Difference(f"… and {least}{unlisted} more messages that differ")


def _order(
    scheme: Scheme, steps: Sequence[Step], messages: Sequence[Message], sides: Sides
) -> Difference | None:
    """The difference of the same messages in another order."""
    at = _place_of_disorder(scheme, steps, messages)
    if at is None:
        return None
    both = steps[at].message, messages[at]
    told = sides.apart(*(f"{message.role} {_quoted(message)}" for message in both))
    spoken = ["\n\n".join(map(readable, side)) for side in ([s.message for s in steps], messages)]
    reason = f"the messages come in another order from message {at + 1} on: {told}"
    return Difference(reason, *spoken)


def _place_of_disorder(
    scheme: Scheme, steps: Sequence[Step], messages: Sequence[Message]
) -> int | None:
    """Where the order of the same messages begins to differ; None if it does not."""
    ours = [scheme.canonical(step.message) for step in steps]
    theirs = [scheme.canonical(message) for message in messages]
    if ours == theirs or sorted(ours) != sorted(theirs):
        return None
    return next(at for at, (old, new) in enumerate(zip(ours, theirs, strict=True)) if old != new)


def _changed(scheme: Scheme, step: Step, theirs: Message, place: str, sides: Sides) -> Difference:
    """How two messages in the same position differ."""
    ours = step.message
    where = _where(ours, place)
    recorded, asked = readable(ours), readable(theirs)
    if ours.role != theirs.role:
        told = f"{where} is from {theirs.role}, not {ours.role}"
        return Difference(told, recorded, asked)
    if step.pattern == "like":
        fails = where_it_fails(ours.text, theirs.text, sides)
        return Difference(f"{where} is not like that: {fails}", recorded, asked)
    if recorded.split() == asked.split() and recorded != asked:
        at = _line_that_differs(recorded, asked)
        old, new = _visible(recorded), _visible(asked)
        _, line, other = _first_that_differ(old, new)
        spaces = spaces_that_differ(line, other, sides)
        return Difference(f"{where} differs only in white space{at}: {spaces}", old, new)
    if characters := characters_that_differ(recorded, asked):
        at = _line_that_differs(recorded, asked)
        told = f"{where} looks the same and has other characters{at}: {sides.apart(*characters)}"
        return Difference(told, recorded, asked)
    told = "; ".join((*_text(ours, theirs, where, sides), *_parts(ours, theirs, place, sides)))
    if not told:
        # Only what `readable` omits can differ.
        canonical = [jsontext.parse(scheme.canonical(message)) for message in (ours, theirs)]
        values = values_that_differ(canonical[0], canonical[1], sides)
        told = f"{where} differs" + (f" in {values}" if values else "")
        if recorded == asked:
            recorded, asked = map(_indented, canonical)
    return Difference(told, recorded, asked)


def _text(ours: Message, theirs: Message, where: str, sides: Sides) -> Iterator[str]:
    recorded, asked = ours.text, theirs.text
    if recorded == asked:
        return
    lines = lines_that_differ(recorded, asked)
    if lines:
        yield f"{where} {lines}"
        return
    at = _line_that_differs(recorded, asked)
    _, old, new = _first_that_differ(recorded, asked)
    yield f"{where} differs{at}: {words_that_differ(old, new, sides)}"


def _line_that_differs(recorded: str, asked: str) -> str:
    """`in line 2`; empty for single-line texts."""
    if "\n" not in recorded + asked:
        return ""
    number, _, _ = _first_that_differ(recorded, asked)
    return f" in line {number}"


def _first_that_differ(recorded: str, asked: str) -> tuple[int, str, str]:
    """The number of the first line in which two texts differ, and that line of each; empty past the
    end of a text.
    """
    pairs = zip_longest(recorded.split("\n"), asked.split("\n"))
    for number, (old, new) in enumerate(pairs, 1):
        if old != new:
            return number, old or "", new or ""
    raise ValueError("the texts are the same")


def _where(ours: Message, place: str) -> str:
    return f"the {ours.role} message ({place})"


def _parts(ours: Message, theirs: Message, place: str, sides: Sides) -> Iterator[str]:
    """The differences other than the text: calls, pictures, fields."""
    where = _where(ours, place)
    both = [[*map(repr, message.parts)] for message in (ours, theirs)]
    if both[0] != both[1] and sorted(both[0]) == sorted(both[1]):
        kinds = (", ".join(map(_kind, message.parts)) for message in (ours, theirs))
        yield f"{where} has its parts in another order: {sides.apart(*kinds)}"
        return
    for old, new in zip_longest(ours.parts_of(Call), theirs.parts_of(Call)):
        yield from _call(old, new, place, sides)
    for media, other in zip_longest(ours.parts_of(Media), theirs.parts_of(Media)):
        yield from _media(media, other, where, sides)
    if values := values_that_differ(ours.fields, theirs.fields, sides):
        yield f"{where} differs in {values}"


def _kind(part: Part) -> str:
    match part:
        case Call(name=name):
            return f"call {name}"
        case Media(kind=kind):
            return kind
        case _:
            return type(part).__name__.lower()


def _call(ours: Call | None, theirs: Call | None, place: str, sides: Sides) -> Iterator[str]:
    match ours, theirs:
        case Call(name), None:
            yield f"the call {name} ({place}) is missing"
        case None, Call(name):
            yield f"one more call, {name} ({place})"
        case Call(name), Call(other) if name != other:
            yield f"a call of {other}, not {name} ({place})"
        case Call(name, arguments=old), Call(arguments=new) if old != new:
            with suppress(JsonError):
                values = values_that_differ(jsontext.parse(old), jsontext.parse(new), sides)
                if values:
                    yield f"the call {name} ({place}) differs in {values}"
                return
            yield f"the call {name} ({place}) differs: {words_that_differ(old, new, sides)}"


def _media(ours: Media | None, theirs: Media | None, where: str, sides: Sides) -> Iterator[str]:
    match ours, theirs:
        case Media(kind), None:
            yield f"the {kind} of {where} is missing"
        case None, Media(kind):
            yield f"{where} has one more {kind}"
        case Media(kind, old), Media(_, new) if old != new:
            found = [*dict.fromkeys(map(_size, (old, new)))]
            sizes = sides.apart(*found) if len(found) == 2 else found[0]
            yield f"the {kind} of {where} is another one: {sizes}"
        case Media(kind, fields=old), Media(fields=new):
            if values := values_that_differ(old, new, sides):
                yield f"the {kind} of {where} differs in {values}"


def _size(url: str) -> str:
    inline = assets.split_data_url(url)
    return f"{inline[0]}, {len(inline[1]):,} bytes" if inline else _address(url)


def _visible(text: str) -> str:
    """The text with visible white space: `·` for a space, `⍽` for a no-break space, `→` for a tab,
    `␍` for a carriage return, `
    ` for the end of a line.
    """
    return text.translate(_SIGNS).replace("\n", "⏎\n")


def _quoted(message: Message) -> str:
    return repr(_shortened(" ".join(readable(message).split()), 40))


def _shortened(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
