"""The picture of the console in the docs, drawn from what the console says.

    python tests/support/console_picture.py

writes it again. `test_console_picture.py` fails when the picture and the console no longer agree.
"""

import io
import re
from pathlib import Path

from rich.console import Console as Terminal

from rechat.format.reader import parse
from rechat.index.found import Miss
from rechat.index.index import Index
from rechat.observe.console import Console
from rechat.observe.entry import JournalEntry
from rechat.observe.reporter import Savings
from rechat.values.conversation import Answer
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
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


def said(text: str) -> Answer:
    usage = {"prompt_tokens": 14, "completion_tokens": 7}
    return Answer((Choice(Message("assistant", text)),), {"usage": usage})


def entries() -> list[JournalEntry]:
    """A hit, a recording, a miss and an error."""
    index = Index()
    index.put("capitals.md", parse(FILE))
    spain = asked("What is the capital of Spain?")
    miss = index.find(spain)
    assert isinstance(miss, Miss)
    return [
        JournalEntry(
            *("hit", TARGET, asked("What is the capital of France?"), said("Paris.")),
            *("capitals.md:5", "listed"),
            milliseconds=1.2,
        ),
        JournalEntry(
            *(
                "recorded",
                TARGET,
                asked("And of Italy?"),
                said("Rome."),
                "and-of-italy-3f1c02.md:9",
            ),
            milliseconds=812.0,
        ),
        JournalEntry("miss", TARGET, spain, reason=miss.reason, miss=miss, milliseconds=4.0),
        JournalEntry(
            *("hit", TARGET, asked("Too fast?"), ErrorAnswer(429, "Slow down."), "limits.md:5"),
            milliseconds=0.9,
        ),
    ]


def picture() -> str:
    """The console after these entries, as SVG."""
    terminal = Terminal(
        file=io.StringIO(), record=True, width=118, force_terminal=True, highlight=False,
        markup=False, color_system="truecolor", legacy_windows=False, _environ={},
    )  # fmt: skip
    console = Console(terminal, terminal, diff=True)
    for entry in entries():
        console.entry(entry)
    console.summary({"hit": 1, "recorded": 1, "miss": 1, "limited": 1}, Savings(1640.0, 21))
    drawn = terminal.export_svg(title="rechat", unique_id="rechat")
    lines = _COMMENT.sub("", _FONTS.sub("", drawn)).splitlines()
    return "\n".join(line.rstrip() for line in lines if line.strip()) + "\n"


if __name__ == "__main__":
    PICTURE.write_text(picture(), "utf-8")
