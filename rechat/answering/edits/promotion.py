"""A recording that becomes a file as a person would have written it: what was said, without what an
API adds to it, and with no more settings than are wanted. It answers all APIs then.

What it answers stays the same: the new text is asked the recorded questions before it is written.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path

from rechat.answering.edits.edited_answer import ConflictError
from rechat.answering.edits.whole_file import known_path
from rechat.dialects import portable
from rechat.format import source
from rechat.format import writer
from rechat.index import Index
from rechat.matching import exchanges_of
from rechat.store import Rewrite
from rechat.store import Store
from rechat.store import check_text
from rechat.store import content_of
from rechat.store import placement
from rechat.store import put_in_place
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import Choice
from rechat.values import Entry
from rechat.values import Given
from rechat.values import Options
from rechat.values import RechatError
from rechat.values import Reply
from rechat.values import Request
from rechat.values import Section
from rechat.values import Transcript

_NAME = re.compile(r"[^./\\:*?\"<>|\x00-\x1f][^/\\:*?\"<>|\x00-\x1f]{0,200}\.md")
# How answers end that say all that they have to say.
_USUAL = ("stop", "tool_calls", "function_call")


@dataclass(frozen=True, slots=True)
class Promoted:
    """Where the conversation stands now, and what it says there."""

    path: str
    source: str


def promote(store: Store, name: str, to: str, kept: Collection[str] = ()) -> Promoted:
    """Write the recorded file `name` as one written by hand, named `to` in the same folder, with
    those of its settings that are `kept`. Raises `RechatError` if it cannot be written so,
    `ConflictError` if it changes meanwhile, and `OSError` if the disk says no. Then nothing was
    written.
    """
    path = known_path(store, name)
    target = path.with_name(to) if _NAME.fullmatch(to) else path
    if to and (target.name != to or target not in store.touched([target])):
        raise RechatError(f"{to!r} is not the name of a transcript in the folder of {name}")
    if target != path and target.exists():
        raise RechatError(f"{target.as_posix()} is there already: choose another name")
    raw = content_of(path)
    text = source.decode(raw)
    sections = store.index.sections(path.as_posix())
    _check(name, text, sections)
    written = _written(target, sections, kept, store)
    change = Rewrite(path, raw, written.encode())
    if not put_in_place(store.home, change, target):
        raise ConflictError(f"{name} is being changed: nothing was written", None)
    store.reload(path)
    store.reload(target)
    return Promoted(target.as_posix(), written)


def _check(name: str, text: str, sections: tuple[Section, ...]) -> None:
    if not sections or any(one.options.match != "exact" for one in sections):
        raise RechatError(f"{name} is no recording: it was written by hand already")
    if notes := writer.notes(text):
        first = notes[0].splitlines()[0][:60]
        raise RechatError(f"{name} has words beside its messages, which would be lost: {first!r}")


def _written(
    target: Path, sections: tuple[Section, ...], kept: Collection[str], store: Store
) -> str:
    """The new source, for all APIs, or if it does not answer the same then, for its own."""
    problem = ""
    for keeps_api in (False, True):
        plain = tuple(_plain(one, kept, keeps_api=keeps_api) for one in sections)
        text = _source(plain)
        checked = check_text(target, text, store.roots)
        problem = next((one.message for one in checked.findings if one.level == "error"), "")
        index = Index(explains=False)
        index.put(target.as_posix(), Transcript(checked.sections))
        if not problem and all(_answers(index, one) for one in sections):
            return text
    raise RechatError(f"written by hand it would not answer the same: {problem or 'kept as it is'}")


def _source(sections: tuple[Section, ...]) -> str:
    """What is linked from the recording stays where it is: the folder is the same."""
    first, *more = sections
    if not more and not first.title:
        return writer.new_file(first.settings, first.options, first.entries).source
    text = ""
    for section in sections:
        text = writer.add_section(text, section).source
    return text


def _plain(section: Section, kept: Collection[str], *, keeps_api: bool) -> Section:
    settings = {name: value for name, value in section.settings.items() if name in kept}
    own = section.options
    api = section.api if keeps_api else ""
    options = Options("listed", own.takes, api=api, delay=own.delay, pace=own.pace)
    return Section(section.title, settings, tuple(map(_entry, section.entries)), options)


def _entry(entry: Entry) -> Entry:
    match entry:
        case Given():
            return entry
        case Reply(answer, take):
            return Reply(_by_hand(answer) if answer else None, take)


def _by_hand(answer: AnyAnswer) -> AnyAnswer:
    """An answer as a person writes it: only an unusual end is said."""
    match portable(answer):
        case Answer(choices):
            return Answer(tuple(map(_choice, choices)))
        case other:
            return other


def _choice(choice: Choice) -> Choice:
    is_usual = choice.fields.get("finish_reason") in (None, *_USUAL)
    return replace(choice, fields={}) if is_usual else choice


def _answers(index: Index, recorded: Section) -> bool:
    """Whether the questions of a recording get its answers."""
    return all(_finds(index, request, reply) for request, reply in _asked(recorded))


def _asked(section: Section) -> Iterator[tuple[Request, Reply]]:
    for exchange in exchanges_of("", section):
        messages = tuple(step.message for step in exchange.steps)
        asked = Request(section.settings, messages, query=section.options.query, api=section.api)
        yield from ((asked, reply) for reply in exchange.answered)


def _finds(index: Index, request: Request, reply: Reply) -> bool:
    assert reply.answer
    wanted = _by_hand(reply.answer)
    found = [one.answer for hit in index.candidates(request)[:1] for one in hit.exchange.answered]
    return any(placement.says_the_same(answer, wanted) for answer in found)
