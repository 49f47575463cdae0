"""Everything that is shown of an entry."""

from pathlib import Path
from typing import Any

import captures
import pytest
from conversations import PIXEL
from conversations import ask
from conversations import index_of
from conversations import missed
from conversations import read
from entries import FILE
from entries import TARGET
from entries import URL
from entries import hit
from entries import logged
from entries import miss

from rechat.dialects.registry import dialect_of
from rechat.observe.entry import JournalEntry
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
from rechat.web.details import details

FILES = captures.requests("*/*.req.http")


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
            {"kind": "call", "name": "web_search", "id": "", "text": "tides"},
        ),
        (
            {"type": "web_search_tool_result", "content": []},
            {"kind": "call", "name": "web_search", "id": "", "text": '{\n  "content": []\n}'},
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


def test_a_brief_answer_has_a_line_for_each_message_before_the_newest() -> None:
    said = [
        {"role": role, "content": f"{role} {at}"}
        for at in range(5)
        for role in ("user", "assistant")
    ]
    request = read({"model": "m", "messages": [*said, {"role": "user", "content": "**now**"}]})
    shown: Any = details(logged(JournalEntry("miss", TARGET, request)), URL, is_brief=True)
    older, newest = shown["messages"][:-1], shown["messages"][-1]
    assert [one["words"] for one in older[:2]] == ["user 0", "assistant 0"]
    assert all("blocks" not in one for one in older)
    assert newest["blocks"][0]["html"] == "<p><strong>now</strong></p>\n"


def test_a_gap_has_the_lines_that_it_hides() -> None:
    lines = [f"line {number}" for number in range(20)]
    file = FILE.replace("> Hi", "\n".join(f"> {line}" for line in lines))
    request = ask("\n".join([*lines[:10], "changed", *lines[11:]]), model="gpt-5")
    entry = JournalEntry("miss", TARGET, request, miss=missed(index_of(a=file), request))
    shown: Any = details(logged(entry), URL)["differences"]
    gaps = [line["hidden"] for line in shown[0]["lines"] if line["kind"] == "gap"]
    assert gaps == [lines[:8], lines[13:]]
