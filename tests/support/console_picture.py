"""The picture of the console in the docs, drawn from what the console says.

    python tests/support/console_picture.py

writes it again. `test_console_picture.py` fails when the picture and the console no longer agree.
"""

import io
import re
from collections import Counter
from pathlib import Path

from rich.console import Console as Terminal

from rechat.format.reader import parse
from rechat.index.found import Miss
from rechat.index.index import Index
from rechat.observe.entry import JournalEntry
from rechat.observe.reporter import Savings
from rechat.observe.signs import sign_of
from rechat.observe.terminal.console import Console
from rechat.values.conversation import Answer
from rechat.values.conversation import AnyAnswer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Fault
from rechat.values.conversation import Message
from rechat.values.conversation import Request

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "assets" / "console.svg"
TARGET = "POST /v1/chat/completions"
FILE = "### user\n\n> What is the capital of France?\n\n### assistant\n\n> Paris.\n"
# Without fonts from another host.
_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def asked(text: str) -> Request:
    return Request({"model": "gpt-5"}, (Message("user", text),))


def said(text: str | None, *parts: Call) -> Answer:
    usage = {"prompt_tokens": 14, "completion_tokens": 7}
    return Answer((Choice(Message("assistant", text, parts)),), {"usage": usage})


def entries() -> list[JournalEntry]:
    """What may become of a request."""
    index = Index()
    index.put("capitals.md", parse(FILE))
    spain = asked("What is the capital of Spain?")
    miss = index.find(spain)
    assert isinstance(miss, Miss)
    weather = Call("get_weather", "call_8mQz", '{"city": "Oslo", "days": 3}')
    return [
        _hit("What is the capital of France?", said("Paris."), "capitals.md:5", 1.2),
        _hit("Pick a colour.", said("Blue."), "colours.md:9", 0.8, take=2, takes=3),
        JournalEntry(
            *("recorded", TARGET, asked("Do I need an umbrella?"), said(None, weather)),
            "do-i-need-an-umbrella-3f1c02.md:9",
            milliseconds=812.0,
        ),
        JournalEntry("miss", TARGET, spain, reason=miss.reason, miss=miss, milliseconds=4.0),
        _hit("Too fast?", ErrorAnswer(429, "Slow down."), "limits.md:5", 0.9),
        _hit("Tell me a story.", Fault("cut", 15, "Once upon a time"), "limits.md:13", 0.7),
        JournalEntry(
            *("failed", TARGET, asked("And of Italy?")),
            reason="not saved: the stream was truncated: no finish_reason and no [DONE]",
            milliseconds=1204.0,
        ),
    ]


def _hit(
    question: str, answer: AnyAnswer, place: str, took: float, take: int = 0, takes: int = 0
) -> JournalEntry:
    return JournalEntry(
        *("hit", TARGET, asked(question), answer, place, "listed"),
        milliseconds=took,
        take=take,
        takes=takes,
    )


def picture() -> str:
    """The console after these entries, as SVG."""
    terminal = Terminal(
        file=io.StringIO(), record=True, width=104, force_terminal=True, highlight=False,
        markup=False, color_system="truecolor", legacy_windows=False, _environ={},
    )  # fmt: skip
    console = Console(terminal, terminal, diff=True)
    for entry in entries():
        console.entry(entry)
    counts = Counter(sign_of(entry).word for entry in entries())
    console.summary(counts, Savings(1640.0, 42))
    drawn = terminal.export_svg(title="rechat", unique_id="rechat")
    lines = _COMMENT.sub("", _FONTS.sub("", drawn)).splitlines()
    return "\n".join(line.rstrip() for line in lines if line.strip()) + "\n"


if __name__ == "__main__":
    PICTURE.write_text(picture(), "utf-8")
