"""What is shown of an entry."""

import contextlib
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import captures
import pytest
from conversations import PIXEL
from conversations import ask
from conversations import index_of
from conversations import missed
from conversations import read

from rechat.dialects.registry import dialect_of
from rechat.format import reader
from rechat.observe.entry import JournalEntry
from rechat.observe.history import Logged
from rechat.values import jsontext
from rechat.values.conversation import Answer
from rechat.values.conversation import BinaryAnswer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Message
from rechat.values.conversation import Opaque
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Text
from rechat.web.rows import details
from rechat.web.rows import row
from rechat.web.rows import rows

FILES = captures.requests("*/*.req.http")
URL = "http://localhost:8910"
TARGET = "POST /v1/chat/completions"
FILE = "---\nmodel: gpt-5\n---\n\n### user\n\n> Hi\n\n### assistant\n\n> Ho\n"


def logged(entry: JournalEntry) -> Logged:
    return Logged(7, 1_790_000_000.5, entry, 12.34)


def hit(message: Message, **fields: Any) -> JournalEntry:
    found = Answer((Choice(message),), fields)
    return JournalEntry("hit", TARGET, ask("Hi", model="gpt-5"), found, "a.md:9", "listed")


def miss() -> JournalEntry:
    request = ask("Hello", model="gpt-5")
    found = missed(index_of(a=FILE), request)
    return JournalEntry("miss", TARGET, request, reason="no", miss=found)


def test_a_row_says_what_happened() -> None:
    usage = {"prompt_tokens": 1000, "completion_tokens": 500}
    entry = replace(hit(Message("assistant", "Ho"), usage=usage), times=((50.0, 10), (90.0, 5)))
    assert row(logged(entry), {"gpt-5": (1.25, 10.0)}) == {
        "number": 7,
        "at": "2026-09-21T14:13:20.500+00:00",
        "verdict": "hit",
        "target": TARGET,
        "model": "gpt-5",
        "api": "openai.chat",
        "words": "Hi",
        "ms": 12.3,
        "tokens": [1000, 500],
        "cost": 0.00625,
        "first": 50.0,
        "place": "a.md:9",
        "rule": "listed",
    }


def test_rows_that_share_an_entry_have_each_their_own_number() -> None:
    first, other = logged(hit(Message("assistant", "Ho"))), logged(miss())
    again = replace(first, number=8, milliseconds=1.0)
    assert rows([first, other, again]) == [row(first), row(other), row(again)]
    assert row(again)["number"] == 8


def test_a_long_question_is_cut() -> None:
    words = row(logged(JournalEntry("hit", TARGET, ask("x " * 500))))["words"]
    assert isinstance(words, str)
    assert len(words) == 160


def test_a_miss_says_what_differs_and_can_be_answered() -> None:
    shown: Any = details(logged(miss()), URL)
    assert shown["nearest"] == "a.md:9"
    assert shown["differs"] == shown["differences"][0]["reason"]
    assert (shown["differences"][0]["recorded"], shown["differences"][0]["asked"]) == (
        "Hi",
        "Hello",
    )
    assert shown["can_answer"]
    assert not details(logged(hit(Message("assistant", "Ho"))), URL)["can_answer"]


def test_a_request_that_was_not_read_has_a_row_too() -> None:
    shown: Any = details(logged(JournalEntry("failed", "GET /x", reason="broken")), URL)
    assert (shown["messages"], shown["request"], shown["markdown"]) == ([], "", "")
    assert not shown["can_answer"]


def test_the_parts_of_a_message_are_blocks() -> None:
    parts = (Reasoning("hm"), Text("**Hi**"), Call("f", "c", '{"a":1}'))
    shown: Any = details(logged(hit(Message("assistant", None, parts))), URL)
    [said] = shown["answer"]
    assert [block["kind"] for block in said["blocks"]] == ["reasoning", "text", "call"]
    assert said["blocks"][1]["html"] == "<p><strong>Hi</strong></p>\n"
    assert said["blocks"][2]["text"] == '{\n  "a": 1\n}'


@pytest.mark.parametrize(
    ("item", "block"),
    [
        (
            {"type": "web_search_call", "action": {"query": "tides"}},
            {"kind": "call", "name": "web_search", "text": "tides"},
        ),
        (
            {"type": "web_search_tool_result", "content": []},
            {"kind": "call", "name": "web_search", "text": '{\n  "content": []\n}'},
        ),
        (
            {"type": "image_generation_call", "result": PIXEL.partition(",")[2]},
            {"kind": "media", "text": "[image image/png, 8 bytes]", "picture": PIXEL},
        ),
        ({"type": "hologram"}, {"kind": "json", "text": '{\n  "type": "hologram"\n}'}),
    ],
)
def test_items_of_the_api_are_blocks(item: dict[str, Any], block: dict[str, Any]) -> None:
    shown: Any = details(logged(hit(Message("assistant", None, (Opaque(item),)))), URL)
    assert shown["answer"][0]["blocks"] == [block]


def test_only_harmless_pictures_are_shown() -> None:
    def picture(url: str) -> Any:
        parts = [{"type": "image_url", "image_url": {"url": url}}]
        request = read({"model": "m", "messages": [{"role": "user", "content": parts}]})
        shown: Any = details(logged(JournalEntry("miss", TARGET, request)), URL)
        return shown["messages"][0]["blocks"][0]

    assert picture(PIXEL)["picture"] == PIXEL
    assert "picture" not in picture("data:image/svg+xml;base64,PHN2Zy8+")
    assert picture("https://evil.test/x.png") == {
        "kind": "media",
        "text": "[image https://evil.test/x.png]",
    }


def test_what_is_copied_asks_the_same() -> None:
    shown: Any = details(logged(miss()), URL)
    asked = {"model": "gpt-5", "messages": [{"role": "user", "content": "Hello"}]}
    assert json.loads(shown["request"]) == asked
    assert shown["curl"].startswith(f"curl {URL}/v1/chat/completions -H ")
    compile(shown["python"], "copied", "exec")
    code = shown["python"].partition("client =")[0] + "".join(
        line for line in shown["python"].splitlines(keepends=True) if line.startswith("asked")
    )
    scope: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(code, scope)  # it is ours
    assert scope["asked"] == asked


@pytest.mark.skipif(not FILES, reason=captures.MISSING)
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.name[:3]}")
def test_whatever_a_real_client_asks_can_be_shown(path: Path) -> None:
    asked = captures.request_of(path)
    dialect = dialect_of(asked.method, asked.path)
    assert dialect
    request = dialect.read_request(asked)
    for answer in (None, RawAnswer({"a": 1}), BinaryAnswer(b"\xff\x00"), ErrorAnswer(429, "slow")):
        shown = details(logged(JournalEntry("hit", asked.target, request, answer)), URL)
        assert len(jsontext.dump(shown)) > 100
    text = Answer((Choice(Message("assistant", "Fine.")),))
    if request.api != "raw":
        shown = details(logged(JournalEntry("hit", asked.target, request, text)), URL)
        assert "Fine." in jsontext.dump(shown["answer"])


def test_markdown_that_is_copied_is_a_transcript() -> None:
    source: Any = details(logged(hit(Message("assistant", "Ho"))), URL)["markdown"]
    [section] = reader.parse(source).sections
    assert section.settings == {"model": "gpt-5"}
    blank: Any = details(logged(miss()), URL)["markdown"]
    assert blank.endswith("### assistant\n")
