"""Each part of a message has its Markdown, and comes back from it."""

import pytest
from hypothesis import given
from hypothesis import settings
from strategies import parts as any_parts

from rechat.format.headings import is_word
from rechat.format.parts import write
from rechat.format.parts import write_fields
from rechat.format.parts import write_json
from rechat.format.reader import parse
from rechat.values import jsontext
from rechat.values.conversation import Call
from rechat.values.conversation import Given
from rechat.values.conversation import Media
from rechat.values.conversation import Message
from rechat.values.conversation import Opaque
from rechat.values.conversation import Part
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Refusal
from rechat.values.conversation import Text
from rechat.values.errors import TranscriptError
from rechat.values.jsontext import JsonObject

PIXEL = "data:image/png;base64,iVBORw0K"


def test_a_picture_that_a_tool_drew_is_shown() -> None:
    stored: dict[str, bytes] = {}
    drawn = "iVBORw0KGgo" + "A" * 401
    source = write(Opaque({"type": "image_generation_call", "result": drawn}), stored)
    (path,) = stored
    assert path.endswith(".png")
    assert source == f"#### call image_generation, server\n\n![image]({path})"
    assert read(source, stored) == Opaque({"type": "image_generation_call", "result": drawn})


def test_a_file_that_is_gone_is_told() -> None:
    for source in ("[x](a.bin)", '```yaml\na: {"$bytes": a.bin}\n```'):
        with pytest.raises(TranscriptError, match="linked file cannot be read"):
            parse(f"### user\n\n#### call f, server\n\n{source}\n")


def read(source: str, stored: dict[str, bytes] | None = None) -> Part:
    """The only part of the user's message in a source."""
    transcript = parse(f"### user\n\n{source}\n", (stored or {}).__getitem__)
    (entry,) = transcript.sections[0].entries
    assert isinstance(entry, Given)
    (part,) = entry.message.parts
    return part


PARTS: list[tuple[Part, str]] = [
    (Text("Hi"), "#### text\n\n<blockquote>\n\nHi\n\n</blockquote>"),
    (Text("", {"cache_control": {"type": "ephemeral"}}), "#### text\n\n>\n\n```yaml\ncache_control: {type: ephemeral}\n```"),
    (Refusal("No."), "#### refusal\n\n<blockquote>\n\nNo.\n\n</blockquote>"),
    (Reasoning("Hm"), "#### reasoning\n\n<blockquote>\n\nHm\n\n</blockquote>"),
    (Reasoning("Hm", "reasoning"), "#### reasoning, field reasoning\n\n<blockquote>\n\nHm\n\n</blockquote>"),
    (Opaque({"type": "x", "n": [1]}), '#### json\n\n```json\n{\n  "type": "x",\n  "n": [\n    1\n  ]\n}\n```'),
    (Opaque(None), "#### json\n\n```json\nnull\n```"),
    (Call("get", "call_1", '{"a":  1}'), '#### call get, call_1\n\n```json\n{"a":  1}\n```'),
    (Call("get", "", "a b"), "#### call get\n\n```text\na b\n```"),
    (Call("get", "c", ""), "#### call get, c\n\n```text\n```"),
    (Call("get", "c", "```"), "#### call get, c\n\n````text\n```\n````"),
    (Call("get", "c", "a\n"), '#### call get, c\n\n```yaml\narguments: "a\\n"\n```'),
    (Call("run", "c", "ls -l", "custom"), "#### call run, c, custom\n\n```text\nls -l\n```"),
    (Call("run", "custom", "x", "custom"), "#### call run, custom\n\n```text\nx\n```\n\n```yaml\nid: custom\n```"),
    (Call("a b", "c d", "{}"), "#### call\n\n```json\n{}\n```\n\n```yaml\nname: a b\nid: c d\n```"),
    (Call("get", "c", "{}", fields={"index": 0, "id": 7}), "#### call get, c\n\n```json\n{}\n```\n\n```yaml\nindex: 0\nfields: {id: 7}\n```"),
    (Call("run", "server", "x"), "#### call run\n\n```text\nx\n```\n\n```yaml\nid: server\n```"),
    (Opaque({"type": "web_search_call", "action": {"query": "tides"}}), "#### call web_search, server\n\n```text\ntides\n```"),
    (Opaque({"type": "code_interpreter_call", "code": "a\r\n"}), '#### call code_interpreter, server\n\n```yaml\ncode: "a\\r\\n"\n```'),
    (Opaque({"type": "web_search_tool_result", "tool_use_id": "s_1", "content": [{"title": "Tides"}]}), "#### result web_search, s_1\n\n```yaml\ncontent: [{title: Tides}]\n```"),
    (Opaque({"type": "code_execution_tool_result", "tool_use_id": "s_1", "content": {"stdout": "1\n"}}), "#### result code_execution, s_1\n\n> 1\n>"),
    (Media("image", "https://a.b/c.png", {"detail": "low"}), "#### image, detail low\n\n![image](https://a.b/c.png)"),
    (Media("image", "https://a.b/c d"), '#### image\n\n```yaml\nurl: https://a.b/c d\n```'),
    (Media("image", "cat.png"), "#### image\n\n```yaml\nurl: cat.png\n```"),
    (Media("audio", "data:audio/x;base64,AAAA", {"format": "x"}), "#### audio, format x\n\n```yaml\nurl: \"data:audio/x;base64,AAAA\"\n```"),
    (Media("file", "https://a.b/c.pdf", {"filename": "c d.pdf", "url": "x"}), "#### file\n\n[file](https://a.b/c.pdf)\n\n```yaml\nfilename: c d.pdf\nfields: {url: x}\n```"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "source"), PARTS, ids=lambda value: type(value).__name__)
def test_a_part_is_written_so_and_read_back(part: Part, source: str) -> None:
    assert write(part, {}) == source
    assert read(source) == part


@given(any_parts)
@settings(deadline=None, max_examples=150)
def test_any_part_comes_back_as_it_was_written(part: Part) -> None:
    stored: dict[str, bytes] = {}
    source = write(part, stored)
    source.encode("utf-8")
    assert read(source, stored) == part


def test_bytes_are_stored_apart_and_linked() -> None:
    stored: dict[str, bytes] = {}
    source = write(Media("image", PIXEL, {"detail": "low"}), stored)
    (path,) = stored
    assert source == f"#### image, detail low\n\n![image]({path})"
    assert stored[path] == b"\x89PNG\r\n"
    assert read(source, stored) == Media("image", PIXEL, {"detail": "low"})


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("#### call get, call_1", Call("get", "call_1", "")),
        ("#### call get\n\n```yaml\narguments: {city: Paris}\n```", Call("get", "", '{"city":"Paris"}')),
        ("#### call get\n\n> {}", Call("get", "", "{}")),
        ("#### call get\n\n~~~\n{}\n~~~", Call("get", "", "{}")),
        ("#### image\n\n[my cat](https://a.b/c)", Media("image", "https://a.b/c")),
        ("#### text\n\n```json\n\"a\\r\"\n```", Text("a\r")),
    ],
)  # fmt: skip
def test_a_part_by_hand_may_be_shorter(source: str, part: Part) -> None:
    assert read(source) == part


def test_a_text_may_be_a_file_of_its_own() -> None:
    assert read("#### text\n\n[the text](text.md)", {"text.md": b"Hi"}) == Text("Hi")


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("#### text", 3, "`#### text` needs a text, read null"),
        ("#### reasoning\n\n```json\n[1]\n```", 3, "`#### reasoning` needs a text, read a list"),
        ("#### text\n\n```python\nx\n```", 5, "a json fence holds one JSON value"),
        ("#### image", 3, "`#### image` needs a link: ![image](path or URL)"),
        ("#### file\n\n> text", 3, "`#### file` needs a link: ![file](path or URL)"),
        ("#### image\n\n```yaml\nurl: 1\n```", 3, "`#### image` needs a link"),
        ("#### image\n\n![a](missing.png)", 3, "the linked file cannot be read: missing.png"),
        ("#### text\n\n[a](missing.md)", 5, "the linked text cannot be read: missing.md"),
        ("#### call", 3, "a call needs a name: `#### call get_weather, call_1`"),
        ("#### call\n\n```yaml\nname: [a]\n```", 3, "a call needs a name"),
        ("#### call a\n\n```yaml\nid: 1\n```", 3, "a call needs a name"),
        ("#### text\n\n> a\n\n> b", 7, "`#### text` in line 3 has a body already: start the next part with a heading"),
    ],
)  # fmt: skip
def test_a_part_that_is_not_whole_is_an_error(source: str, line: int, message: str) -> None:
    with pytest.raises(TranscriptError) as caught:
        parse(f"### user\n\n{source}\n")
    assert message in caught.value.message
    assert caught.value.line == line


@pytest.mark.parametrize(("text", "is_one"), [("call_1", True), ("a.b-c/ü", True), ("", False), ("a b", False), ("a,b", False), ("a\n", False), ("#", False)])  # fmt: skip
def test_a_word_can_stand_in_a_heading(text: str, is_one: bool) -> None:
    assert is_word(text) == is_one


def test_json_is_indented_and_printable() -> None:
    assert write_json({"a": "\u2028"}) == '```json\n{\n  "a": "\\u2028"\n}\n```'
    assert jsontext.parse(write_json([1.50])[8:-4]) == [1.5]


@pytest.mark.parametrize(("own", "text"), [({}, ""), ({"a": 1}, "```yaml\na: 1\n```")])
def test_fields_are_a_fence(own: JsonObject, text: str) -> None:
    assert write_fields(own) == text


def test_a_body_with_parts_of_content_is_the_first_of_them() -> None:
    transcript = parse(
        "### user\n\n> Look:\n\n#### image\n\n![](https://a.b/c)\n\n#### text\n\n> Well?\n"
    )
    assert transcript.sections[0].entries == (
        Given(
            Message("user", None, (Text("Look:"), Media("image", "https://a.b/c"), Text("Well?")))
        ),
    )
