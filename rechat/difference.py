"""What sets a request apart from a recorded one, in the words of the conversation."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rechat import assets, jsontext
from rechat.exchanges import Exchange, Step, spelled_steps
from rechat.jsontext import Json
from rechat.matching import Scheme, canonical_message, meaningful, spelled_query
from rechat.model import Call, Media, Message, Refusal, Request

_WIDTH = 60
_LONGEST_URL = 80


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs. `reason` is a line for people; `recorded` and `asked` are the two
    texts, empty where there is none.
    """

    reason: str
    recorded: str = ""
    asked: str = ""

    def diff(self) -> str:
        """The two texts as a unified diff, recorded first; empty if the reason says it all."""
        if not self.recorded and not self.asked:
            return ""
        lines = difflib.unified_diff(
            self.recorded.split("\n"), self.asked.split("\n"), "recorded", "asked", n=2, lineterm=""
        )
        return "\n".join(lines)


def readable(message: Message) -> str:
    """A message as text, for comparing and for showing: its words, calls and attachments."""
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
    """The URL; a long one is cut, and a digest says which it is."""
    if len(url) <= _LONGEST_URL:
        return url
    return f"{url[:_LONGEST_URL]}… {assets.digest(url.encode('utf-8', 'backslashreplace'))}"


def differences(exchange: Exchange, scheme: Scheme, request: Request) -> list[Difference]:
    """What keeps a request from matching an exchange, settings first."""
    steps = [step for step in spelled_steps(scheme, exchange.steps) if scheme.counts(step.message)]
    messages = [message for message in scheme.spelled(request.messages) if scheme.counts(message)]
    return [*_settings(exchange, scheme, request), *_messages(scheme, steps, messages)]


def _settings(exchange: Exchange, scheme: Scheme, request: Request) -> Iterator[Difference]:
    recorded = meaningful(exchange.section.settings, scheme.ignore)
    asked = meaningful(scheme.settings_of(request), scheme.ignore)
    names = [*recorded, *(name for name in asked if name not in recorded)]
    for name in names:
        if scheme.names is not None and name not in scheme.names:
            continue
        ours, theirs = recorded.get(name), asked.get(name)
        if jsontext.canonical(ours) != jsontext.canonical(theirs):
            yield _setting(name, ours, theirs)
    queries = [exchange.section.options.query, request.query]
    if scheme.counts_query and len({*map(spelled_query, queries)}) > 1:
        yield Difference("query " + " ≠ ".join(map(repr, queries)))


def _setting(name: str, ours: Json, theirs: Json) -> Difference:
    texts = [_shown(ours), _shown(theirs)]
    if texts[0] == texts[1]:
        texts = [jsontext.dump_visible(value) for value in (ours, theirs)]
    shown = " ≠ ".join(texts)
    if len(shown) <= _WIDTH:
        return Difference(f"{name} {shown}")
    texts = [
        jsontext.dump_visible(value, jsontext.INDENTED) if value is not None else ""
        for value in (ours, theirs)
    ]
    return Difference(f"{name} differs", *texts)


def _shown(value: Json) -> str:
    match value:
        case None:
            return "nothing"
        case str() if value.strip():
            return jsontext.dump_visible(value)[1:-1]
        case _:
            return jsontext.dump_visible(value)


def _messages(
    scheme: Scheme, steps: Sequence[Step], messages: Sequence[Message]
) -> Iterator[Difference]:
    ours = [scheme.canonical(step.message) for step in steps]
    theirs = [scheme.canonical(message) for message in messages]
    for position, step in enumerate(steps[: len(theirs)]):
        if theirs[position] in map(scheme.canonical, step.messages):
            ours[position] = theirs[position]
    for kind, i, j, k, m in difflib.SequenceMatcher(
        None, ours, theirs, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            continue
        paired = min(j - i, m - k)
        for offset in range(paired):
            yield _changed(
                steps[i + offset].message, messages[k + offset], k + offset, len(messages)
            )
        for step in steps[i + paired : j]:
            yield Difference(
                f"the {step.message.role} message {_quoted(step.message)} is missing",
                readable(step.message),
            )
        for message in messages[k + paired : m]:
            yield Difference(
                f"one more {message.role} message, {_quoted(message)}", "", readable(message)
            )


def _changed(ours: Message, theirs: Message, position: int, count: int) -> Difference:
    where = f"message {position + 1} of {count}"
    if ours.role != theirs.role:
        return Difference(
            f"{where} is from {theirs.role}, not {ours.role}", readable(ours), readable(theirs)
        )
    recorded, asked = readable(ours), readable(theirs)
    if recorded.split() == asked.split() and recorded != asked:
        return Difference(
            f"the {ours.role} message ({where}) differs in white space",
            _visible(recorded),
            _visible(asked),
        )
    if recorded == asked:
        recorded, asked = canonical_message(ours), canonical_message(theirs)
    pairs = zip(recorded.split("\n"), asked.split("\n"), strict=False)
    line = next((number for number, (a, b) in enumerate(pairs, 1) if a != b), 0)
    at = f" in line {line}" if line and "\n" in recorded + asked else ""
    return Difference(f"the {ours.role} message ({where}) differs{at}", recorded, asked)


def _visible(text: str) -> str:
    """The text with its white space shown: `·` for a space that ends a line, `→` for a tab, `␍` for
    a carriage return.
    """
    lines = text.replace("\t", "→").replace("\r", "␍").split("\n")
    return "\n".join(line.rstrip(" ") + "·" * (len(line) - len(line.rstrip(" "))) for line in lines)


def _quoted(message: Message) -> str:
    return repr(_shortened(" ".join(readable(message).split()), 40))


def _shortened(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
