"""Every example of the pages on the format, matching, recording and the APIs does what the page says.

A `markdown transcript` fence is followed directly by what it reads as (`json reads`), what a client
gets from it (`json asks`) or how it is refused (`text error`). `text file PATH` before it is a file
that it links to; `json records` before it is what was recorded to get this very file. `json text`
is followed by the `markdown body` that the writer makes of it.
"""

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from rechat.answering.policy import Refuse
from rechat.answering.policy import Serve
from rechat.answering.policy import Session
from rechat.dialects.openai_chat.dialect import Chat
from rechat.dialects.openai_chat.messages import write_message
from rechat.dialects.registry import dialect_of
from rechat.dialects.shared.protocol import Dialect
from rechat.format import body
from rechat.format import reader
from rechat.format.writer import LONG
from rechat.index.index import Index
from rechat.store.folder import Store
from rechat.store.placement import Recording
from rechat.values import LASTING_ERRORS
from rechat.values.conversation import Answer
from rechat.values.conversation import BinaryAnswer
from rechat.values.conversation import Entry
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Fault
from rechat.values.conversation import Given
from rechat.values.conversation import Options
from rechat.values.conversation import Policy
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Reply
from rechat.values.conversation import Request
from rechat.values.conversation import Section
from rechat.values.errors import TranscriptError
from rechat.values.http import HttpRequest
from rechat.values.http import HttpResponse

DOCS = Path(__file__).parents[2] / "docs"
CHAT = Chat()
CHAT_PATH = "/v1/chat/completions"

CHECKS = ("json reads", "json asks", "text error")
BEFORE = ("text file", "json records")
TAGS = ("markdown transcript", "json text", "markdown body", *CHECKS, *BEFORE)


@dataclass(frozen=True, slots=True)
class Fence:
    """A fence of the page: `tag` is its info string without an argument; `follows` says whether
    nothing stands between it and the fence before.
    """

    tag: str
    argument: str
    text: str
    line: int
    heading: str
    follows: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A transcript with what stands before it and what it is compared with."""

    source: str
    line: int
    heading: str
    checks: tuple[Fence, ...]
    files: dict[str, bytes] = field(default_factory=dict)
    records: str = ""


def fences(page: str) -> Iterator[Fence]:
    lines = page.split("\n")
    heading, follows, position = "", False, 0
    while position < len(lines):
        line = lines[position]
        position += 1
        if opening := re.fullmatch(r"(`{3,}|~{3,})(.*)", line):
            start = position
            end = lines.index(opening[1], start)
            tag = " ".join(opening[2].split(" ")[:2])
            argument = opening[2].removeprefix(tag).strip()
            text = "".join(f"{line}\n" for line in lines[start:end])
            yield Fence(tag, argument, text, start, heading, follows)
            follows, position = True, end + 1
        elif line:
            follows = False
            heading = line.lstrip("# ") if line.startswith("#") else heading


def groups(page: str) -> list[list[Fence]]:
    """The fences, those together that stand together."""
    found: list[list[Fence]] = []
    for fence in fences(page):
        assert fence.tag in TAGS, f"line {fence.line}: unknown fence {fence.tag!r}"
        if fence.follows:
            found[-1].append(fence)
        else:
            found.append([fence])
    return found


def examples(page: str) -> Iterator[Example]:
    for group in groups(page):
        before: list[Fence] = []
        while group:
            fence = group.pop(0)
            if fence.tag in BEFORE:
                before.append(fence)
                continue
            if fence.tag == "json text":
                assert group, f"line {fence.line}: a text without its body"
                assert group.pop(0).tag == "markdown body", f"line {fence.line}: not a body"
                continue
            assert fence.tag == "markdown transcript", f"line {fence.line}: {fence.tag} of what?"
            checks: list[Fence] = []
            while group and group[0].tag in CHECKS:
                checks.append(group.pop(0))
            records = "".join(item.text for item in before if item.tag == "json records")
            files = {item.argument: item.text.encode() for item in before if item.argument}
            assert checks or records, f"line {fence.line}: nothing to compare with"
            yield Example(fence.text, fence.line, fence.heading, tuple(checks), files, records)
            before = []
        assert not before, f"line {before[0].line}: no transcript follows"


def texts(page: str) -> Iterator[tuple[Fence, Fence]]:
    for group in groups(page):
        yield from (
            (fence, following)
            for fence, following in itertools.pairwise(group)
            if fence.tag == "json text"
        )


PAGES = {
    name: (DOCS / name).read_text("utf-8")
    for name in ("format.md", "matching.md", "recording.md", "apis.md")
}
RECORDING = PAGES["recording.md"]
EXAMPLES = [
    pytest.param(example, id=f"{name} line {example.line}")
    for name, page in PAGES.items()
    for example in examples(page)
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_example(example: Example, tmp_path: Path) -> None:
    if example.records:
        assert recorded(json.loads(example.records), tmp_path) == example.source
        parse(example)
    for check in example.checks:
        match check.tag:
            case "json reads":
                assert shown(example) == json.loads(check.text)
            case "json asks":
                asked = json.loads(check.text)
                asks = asked if isinstance(asked, list) else [asked]
                for stream in (False, True):
                    session = session_of(example)
                    for item in asks:
                        ask(session, item, stream=stream)
            case "text error":
                with pytest.raises(TranscriptError) as caught:
                    parse(example)
                assert f"{caught.value}\n" == check.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [pytest.param(*pair, id=f"line {pair[0].line}") for pair in texts(RECORDING)],
)
def test_form_of_a_body(text: Fence, expected: Fence) -> None:
    content = json.loads(text.text)
    assert body.write(content) + "\n" == expected.text
    transcript = reader.parse(f"### user\n\n{expected.text}")
    entry = transcript.sections[0].entries[0]
    assert isinstance(entry, Given)
    assert entry.message.body == content


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        ("~~~markdown transcript\n### user\n~~~\n", "nothing to compare with"),
        ("~~~markdown transcript\n### user\n~~~\n\nBut:\n\n~~~json reads\n[]\n~~~\n", "compare"),
        ("~~~json reads\n[]\n~~~\n", "of what"),
        ("~~~json\n[]\n~~~\n", "unknown fence"),
        ("~~~\n[]\n~~~\n", "unknown fence"),
        ("~~~json text\n[]\n~~~\n", "without its body"),
        ("~~~text file a.md\nA\n~~~\n", "no transcript follows"),
    ],
)
def test_page_cannot_hide_an_example(page: str, problem: str) -> None:
    with pytest.raises(AssertionError, match=problem):
        list(examples(page))


def test_numbers_and_policies_of_the_page_on_recording() -> None:
    assert f"longer than {LONG} characters" in RECORDING
    *others, last = sorted(LASTING_ERRORS)
    assert f"{', '.join(map(str, others))} and {last}" in RECORDING
    told = re.findall(r"^\| `([a-z]+)`", RECORDING, re.MULTILINE)
    assert sorted(told) == sorted(get_args(Policy.__value__))


# What an example reads as.


def parse(example: Example) -> tuple[Section, ...]:
    def read_asset(path: str) -> bytes:
        if path not in example.files:
            raise FileNotFoundError(path)
        return example.files[path]

    return reader.parse(example.source, read_asset).sections


def shown(example: Example) -> list[Any]:
    """The messages if there is just one section that says nothing else; else all sections."""
    sections = [shown_section(section) for section in parse(example)]
    if len(sections) == 1 and sections[0].keys() == {"messages"}:
        return list(sections[0]["messages"])
    return sections


def shown_section(section: Section) -> dict[str, Any]:
    found = {"title": section.title, "settings": section.settings}
    default = Options()
    found["rechat"] = {
        name: list(value) if isinstance(value, tuple) else value
        for name in Options.__slots__
        if (value := getattr(section.options, name)) != getattr(default, name)
    }
    told = {key: value for key, value in found.items() if value}
    return told | {"messages": [shown_entry(entry) for entry in section.entries]}


def shown_entry(entry: Entry) -> dict[str, Any]:
    match entry:
        case Given(message, pattern):
            given = {"given": True} if message.role == "assistant" else {}
            return write_message(message) | given | ({"pattern": pattern} if pattern else {})
        case Reply(_, take):
            return shown_answer(entry) | ({"take": take} if take > 1 else {})


def shown_answer(reply: Reply) -> dict[str, Any]:
    match reply.answer:
        case Answer((choice,)):
            return write_message(choice.message)
        case Answer(choices):
            said = [choice.message.body for choice in choices]
            return {"role": "assistant", "choices": said}
        case ErrorAnswer(status, content, headers):
            error = {"error": status, "body": content, "headers": dict(headers)}
            return {key: value for key, value in error.items() if value}
        case Fault("cut", after, text):
            return {"error": f"cut after {after}", "text": text}
        case Fault(kind):
            return {"error": kind}
        case RawAnswer(value):
            return {"response": value}
        case BinaryAnswer():
            raise AssertionError("no example has bytes for an answer")
        case None:
            return {"role": "assistant", "blank": True}


# What a client gets from it.


def session_of(example: Example) -> Session:
    index = Index()
    index.put("example.md", reader.parse(example.source, example.files.__getitem__))
    return Session(index, "replay")


def read_request(asked: Any, path: str = CHAT_PATH) -> Request:
    if isinstance(asked, str):
        asked = {"messages": [{"role": "user", "content": asked}]}
    headers = (("content-type", "application/json"),)
    return dialect_at(path).read_request(
        HttpRequest("POST", path, "", headers, json.dumps(asked).encode())
    )


def dialect_at(path: str) -> Dialect:
    dialect = dialect_of("POST", path)
    assert dialect
    return dialect


def ask(session: Session, item: dict[str, Any], *, stream: bool) -> None:
    expected = dict(item)
    path = expected.pop("path", CHAT_PATH)
    dialect = dialect_at(path)
    asked = replace(read_request(expected.pop("request"), path), stream=stream)
    asked = session.whole(asked)
    decision = session.decide(asked)
    if "miss" in expected or "refused" in expected:
        assert isinstance(decision, Refuse)
        said = {"refused": decision.message, "miss": decision.miss and decision.miss.reason}
        assert {key: said[key] for key in expected} == expected
        return
    assert isinstance(decision, Serve), decision
    response = dialect.write_answer(decision.answer, asked)
    if asked.follows is not None:
        session.answered(asked, dialect.read_answer(response).answer)
    assert expected, "nothing to compare with"
    for key, value in expected.items():
        match key:
            case "rule":
                assert decision.hit.rule == value
            case "status":
                assert response.status == value
            case "answer" | "answers":
                answers = answers_of(dialect, response)
                assert answers == (value if key == "answers" else [value])
            case "response":
                assert stream or json.loads(response.body) == value
            case _:
                pytest.fail(f"an ask cannot hold {key!r}")


def answers_of(dialect: Dialect, response: HttpResponse) -> list[str | None]:
    answer = dialect.read_answer(response).answer
    assert isinstance(answer, Answer)
    return [choice.message.body for choice in answer.choices]


# What the recorder makes of it.


def recorded(exchanges: list[dict[str, Any]], folder: Path) -> str:
    """The one file that the recorder writes for these exchanges."""
    store = Store([folder])
    store.load()
    for exchange in exchanges:
        status, content = exchange.get("status", 200), json.dumps(exchange["response"]).encode()
        headers = (("content-type", "application/json"),)
        answer = CHAT.read_answer(HttpResponse.whole(status, headers, content)).answer
        assert store.save(Recording(read_request(exchange["request"]), answer))
    (path,) = folder.glob("*.md")
    return path.read_text("utf-8")
