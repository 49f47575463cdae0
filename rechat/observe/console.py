"""The terminal output: a line for each request, the conversation, and problems.

Text from models and clients is untrusted: it is shown as plain text, never as markup, and control
characters are made visible, so that an answer cannot overwrite the screen.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from rich.console import Console as Terminal
from rich.console import Group
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from rechat.explain import SIGNS as LINE_SIGNS
from rechat.explain import Difference
from rechat.explain import DiffLine
from rechat.explain import Fragment
from rechat.explain import readable
from rechat.observe.entry import JournalEntry
from rechat.observe.entry import said
from rechat.observe.reporter import Savings
from rechat.observe.signs import SIGNS
from rechat.observe.signs import sign_of
from rechat.observe.signs import status_of
from rechat.store import Change
from rechat.store import Problem
from rechat.values import Call
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import Media
from rechat.values import Message
from rechat.values import Reasoning
from rechat.values import assets
from rechat.values import jsontext

_TONES = {
    "hit": "bold green",
    "recorded": "bold blue",
    "forwarded": "bold cyan",
    "miss": "bold yellow",
    "held": "bold magenta",
    "failed": "bold red",
    "failover": "bold yellow",
}
_STYLES = {"same": "dim", "recorded": "red", "asked": "green", "gap": "dim"}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_WORDS = 48
# Lines shown of each message; the file has the rest.
_SHOWN = 4000
_VALUE = 200
# Unchanged characters that are shown on each side of a change in a long line.
_AROUND = 60


def visible(text: str) -> str:
    """The text with its control characters made visible: `␛[31m` cannot colour anything."""
    return _CONTROL.sub(_picture, text)


def _in_one_line(text: str) -> str:
    """The text as a part of a line: names of files and models may hold line breaks as well."""
    return visible(text).replace("\n", "␊")


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


class Console:
    """Writes entries to a terminal, a pipe or a log: one line each, and at a terminal also the new
    part of the conversation. `verbose` shows whole conversations everywhere, `quiet` only problems,
    on `talk`.
    """

    def __init__(
        self,
        results: Terminal,
        talk: Terminal,
        *,
        quiet: bool = False,
        verbose: bool = False,
        diff: bool = False,
    ) -> None:
        self._results = results
        self._talk = talk
        self._quiet = quiet
        self._verbose = verbose
        self._diff = diff

    def wants(self, entry: JournalEntry) -> bool:
        """Whether a request is shown. That a file was given another question is always told."""
        is_problem = entry.verdict in ("failed", "failover", "miss", "held")
        return not self._quiet or is_problem or entry.rule == "accepted"

    def entry(self, entry: JournalEntry) -> None:
        """Show one request, unless `wants` says no."""
        if not self.wants(entry):
            return
        if self._quiet:
            self._talk.print(self._line(entry), soft_wrap=True)
            return
        self._results.print(self._line(entry), soft_wrap=True)
        if self._verbose or self._results.is_terminal:
            self._results.print(self._conversation(entry))
        if self._diff:
            self._results.print(_differences(entry), soft_wrap=True)

    def dropped(self, count: int) -> None:
        """Say how many requests came too fast to be shown."""
        if not self._quiet:
            self._talk.print(Text(f"… {count:,} more requests", style="dim"), soft_wrap=True)

    def summary(self, counts: Mapping[str, int], saved: Savings) -> None:
        """Print the totals at the end."""
        told = totals(counts)
        if self._quiet or not told:
            return
        spared = [f"{saved.milliseconds / 1000:.1f} s"] * (saved.milliseconds >= 50)
        spared += [f"{saved.tokens:,} tokens"] * bool(saved.tokens)
        line = told + (f"; {' and '.join(spared)} saved" if spared else "")
        self._talk.print(Text(line, style="dim"), soft_wrap=True)

    def change(self, change: Change) -> None:
        """Show that a transcript was reloaded, or why that failed."""
        if change.problem:
            self.problem(change.problem)
        elif not self._quiet:
            what = "gone" if change.is_gone else "reloaded"
            self._talk.print(
                Text(_in_one_line(f"{change.path} {what}"), style="dim"), soft_wrap=True
            )

    def warn(self, text: str) -> None:
        """Show a warning."""
        self._talk.print(Text(visible(text), style="yellow"), soft_wrap=True)

    def problem(self, problem: Problem) -> None:
        """Show a problem of a transcript."""
        self._talk.print(Text(_in_one_line(str(problem)), style="red"), soft_wrap=True)

    def _line(self, entry: JournalEntry) -> Text:
        words = entry.first_words
        short = words if len(words) <= _WORDS else words[: _WORDS - 1] + "…"
        sign, status = sign_of(entry), status_of(entry)
        line = Text().append(f"{sign.mark} {sign.word:<9}", style=_TONES[sign.tone])
        place = f"{entry.place} ({entry.rule})" if entry.rule else entry.place
        cells = [
            (str(status) if status >= 400 else "", "red"),
            (_in_one_line(entry.model or entry.target), "bold"),
            (_in_one_line(short), ""),
            (f"{entry.tokens} tokens" if entry.tokens else "", "dim"),
            (f"{entry.milliseconds:.0f} ms" if entry.milliseconds else "", "dim"),
            (_in_one_line(_upstream(entry)), "dim"),
            (_in_one_line(place), _linked(entry.place)),
            (_in_one_line(entry.reason), "yellow"),
        ]
        for text, style in cells:
            if text:
                line.append("  ").append(text, style=style)
        return line

    def _conversation(self, entry: JournalEntry) -> Group:
        """The new messages of a request, from the last user message on, and the answer."""
        messages = entry.request.messages if entry.request else ()
        start = (
            0
            if self._verbose
            else max(
                (at for at, message in enumerate(messages) if message.role == "user"), default=0
            )
        )
        shown = (*messages[start:], *said(entry.answer))
        return Group(*(_message(one, thinks=self._verbose) for one in shown))


def totals(counts: Mapping[str, int]) -> str:
    """How many requests there were, of which kinds, and how many of them were hits; empty if there
    was none.
    """
    told = [
        f"{sign.mark} {counts[sign.word]:,} {sign.word}" for sign in SIGNS if counts.get(sign.word)
    ]
    if not told:
        return ""
    count = sum(number for name, number in counts.items() if name != "failover")
    noun = "request" if count == 1 else "requests"
    rate = f"{100 * counts.get('hit', 0) // count} % hits" if count else ""
    return f"{count:,} {noun}, {rate}: {', '.join(told)}" if count else ", ".join(told)


def _linked(place: str) -> str:
    """The style of a place: terminals that know links (OSC 8) open the file at its line."""
    path, _, line = place.rpartition(":")
    if not path or not line.isdecimal():
        return "dim"
    return f"dim link {Path(path).absolute().as_uri()}#{line}"


def _upstream(entry: JournalEntry) -> str:
    """Who answered, and as which of those that were asked."""
    return f"{entry.upstream} (attempt {entry.attempts})" if entry.attempts > 1 else entry.upstream


def _differences(entry: JournalEntry) -> Group:
    """The differences from the nearest transcript; the reason is already in the line."""
    near = entry.miss.nearest if entry.miss else None
    found = [diff_text(difference) for difference in near.differences] if near else []
    return Group(*filter(None, found))


def differences_view(differences: Iterable[Difference]) -> Group:
    """All differences: for each its reason, then its lines."""
    shown: list[Text] = []
    for difference in differences:
        shown.append(Text(f"  {visible(difference.reason)}"))
        if text := diff_text(difference):
            shown.append(text)
    return Group(*shown)


def _pieces(line: DiffLine) -> Iterator[Fragment]:
    """The pieces of a line; of a long one that has changed, only what is around the changes."""
    is_changed = any(changed for _, changed in line.pieces)
    for number, (text, changed) in enumerate(line.pieces):
        if changed or not is_changed or len(text) <= 2 * _AROUND:
            yield text, changed
            continue
        before = text[:_AROUND] if number else ""
        after = text[-_AROUND:] if number < len(line.pieces) - 1 else ""
        yield f"{before}…{after}", False


def diff_text(difference: Difference) -> Text:
    """The lines of a difference, with the changed words marked if there are colours."""
    shown = Text()
    for line in difference.lines():
        style = _STYLES[line.kind]
        shown.append(f"    {LINE_SIGNS[line.kind]}", style=style)
        for text, is_changed in _pieces(line):
            shown.append(visible(text), style=f"{style} reverse" if is_changed else style)
        shown.append("\n")
    shown.rstrip()
    return shown


def _told(message: Message) -> str:
    """A message as people read it: calls in the form of code, pictures by type and size."""
    kept = tuple(part for part in message.parts if not isinstance(part, Call | Media))
    words = readable(replace(message, parts=kept, fields={}))
    media = [_media(part) for part in message.parts_of(Media)]
    calls = [f"{call.name}({_arguments(call.arguments)})" for call in message.parts_of(Call)]
    return "\n\n".join(filter(None, [words, *media, *calls]))


def _media(media: Media) -> str:
    inline = assets.split_data_url(media.url)
    what = f"{inline[0]}, {len(inline[1]):,} bytes" if inline else media.url
    return f"[{media.kind}: {what}]"


def _arguments(text: str) -> str:
    """`city="Oslo"`; the text itself if it is not an object."""
    try:
        value = jsontext.parse(text)
    except JsonError:
        return text
    if not isinstance(value, dict):
        return text
    return ", ".join(f"{key}={jsontext.dump(item)}" for key, item in value.items())


def _details(message: Message, around: JsonObject) -> str:
    """The ids of the calls and the fields, a line for each."""
    calls = message.parts_of(Call)
    ids: JsonObject = {f"id of {call.name}": call.id for call in calls if call.id}
    fields = {key: value for key, value in message.fields.items() if value not in (None, [])}
    return "\n".join(f"{key}: {_value(value)}" for key, value in (ids | fields | around).items())


def _value(value: Json) -> str:
    text = value if isinstance(value, str) else jsontext.dump(value)
    return text if len(text) <= _VALUE else f"{text[:_VALUE]}… {len(text) - _VALUE} more characters"


def _message(
    message: Message, around: JsonObject | None = None, *, thinks: bool = False
) -> Padding:
    """A message; with its reasoning if it `thinks`."""
    # With its parser it takes as long to import as the rest of rich, and few see a conversation.
    from rich.markdown import Markdown  # noqa: PLC0415

    text = _told(message)
    details = _details(message, around or {})
    more = f"\n\n… {len(text) - _SHOWN} more characters" if len(text) > _SHOWN else ""
    body = Markdown(visible(text[:_SHOWN] + more), hyperlinks=False)
    shown: list[RenderableType] = [Text(message.role, style="bold magenta")]
    thoughts = "\n\n".join(part.text for part in message.parts_of(Reasoning)) if thinks else ""
    if thoughts:
        thought = Text(f"reasoning: {visible(thoughts[:_SHOWN])}", style="dim italic")
        shown.append(Padding(thought, (0, 0, 0, 2)))
    if text:
        shown.append(Padding(body, (0, 0, 0, 2)))
    if details:
        shown.append(Padding(Text(visible(details), style="dim"), (0, 0, 0, 2)))
    return Padding(Group(*shown), (0, 0, 1, 2))


def transcript_view(path: Path, messages: Iterable[tuple[int, Message, JsonObject]]) -> Group:
    """A conversation as people read it, with the line of each message, and with the fields that
    surround an answer.
    """
    shown: list[RenderableType] = []
    for line, message, around in messages:
        shown += [Text(f"{path.as_posix()}:{line}", style="dim"), _message(message, around)]
    return Group(*shown)
