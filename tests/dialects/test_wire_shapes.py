"""Odd answers of each API, from the bytes into Markdown and back in both shapes.

`wire_shapes.jsonl` has a case a line: what is asked (`api`, `stream`, `asked`), what the server sends
(`type`, `body`), what it is (`kind`), and words that it says. All of them are made up, after what
people report of servers, gateways and models. `reads` is what an SDK has to read in both shapes, and
`misread` marks what it does not read as it was meant when the server says it.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sdk_readings

from rechat.dialects import Dialect
from rechat.dialects import dialect_of
from rechat.format import reader
from rechat.format import writer
from rechat.matching import canonical_message
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import BodyError
from rechat.values import Entry
from rechat.values import ErrorAnswer
from rechat.values import Given
from rechat.values import HttpRequest
from rechat.values import HttpResponse
from rechat.values import Message
from rechat.values import Options
from rechat.values import RawAnswer
from rechat.values import Reply
from rechat.values import Request
from rechat.values import Section
from rechat.values import jsontext

SHAPES: dict[str, dict[str, Any]] = {
    shape["name"]: shape
    for shape in map(
        json.loads, Path(__file__).with_name("wire_shapes.jsonl").read_text("utf-8").splitlines()
    )
}
CHAT = {"model": "m", "messages": [{"role": "user", "content": "q"}]}
CONTENTS = {"contents": [{"role": "user", "parts": [{"text": "q"}]}]}
# The name of a shape, and what only streams say.
OF_SHAPE = ("object", "usage_at_start")
ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    "chat": ("/v1/chat/completions", CHAT),
    "responses": ("/v1/responses", {"model": "m", "input": "q"}),
    "anthropic": ("/v1/messages", CHAT | {"max_tokens": 5}),
    "gemini": ("/v1beta/models/m:generateContent", CONTENTS),
    "ollama": ("/api/chat", CHAT),
    "ollama-generate": ("/api/generate", {"model": "m", "prompt": "q"}),
    "completions": ("/v1/completions", {"model": "m", "prompt": "q"}),
    "agents": ("/v1/agents/completions", CHAT),
    "fim": ("/v1/fim/completions", {"model": "m", "prompt": "q"}),
    "embeddings": ("/v1/embeddings", {"model": "m", "input": "q"}),
}


def each(*kinds: str) -> pytest.MarkDecorator:
    """A test for each case of these kinds."""
    return pytest.mark.parametrize(
        "name", [name for name, shape in SHAPES.items() if shape["kind"] in kinds]
    )


def dialect(name: str) -> Dialect:
    found = dialect_of("POST", ASKED[SHAPES[name]["api"]][0])
    assert found
    return found


def request_of(name: str, *, other: bool = False) -> Request:
    """What the case asks, or the same in the other shape."""
    shape = SHAPES[name]
    is_streamed = shape["stream"] is not other
    path, body = ASKED[shape["api"]]
    query = ""
    if shape["api"] != "gemini":
        body = body | {"stream": is_streamed}
    elif is_streamed:
        path, query = path.replace("generate", "streamGenerate"), "alt=sse"
    content = json.dumps(body | shape.get("asked", {})).encode()
    return dialect(name).read_request(HttpRequest("POST", path, query, body=content))


@cache
def answer_of(name: str) -> AnyAnswer:
    shape = SHAPES[name]
    headers = (("content-type", shape["type"]),) if shape["type"] else ()
    response = HttpResponse.whole(200, headers, shape["body"].encode())
    return dialect(name).read_answer(response, asked=request_of(name)).answer


@cache
def section_of(name: str) -> Section:
    """The case as a file holds it."""
    request = request_of(name)
    entries: list[Entry] = [*map(Given, request.messages), Reply(answer_of(name))]
    edit = writer.new_file(request.settings, Options("exact", api=request.api), entries)
    return reader.parse(edit.source, lambda path: edit.stored[path]).sections[0]


def saved_answer(name: str) -> AnyAnswer:
    last = section_of(name).entries[-1]
    assert isinstance(last, Reply)
    assert last.answer
    return last.answer


def again(name: str, *, other: bool = False) -> HttpResponse:
    """What a client gets from the file."""
    return dialect(name).write_answer(saved_answer(name), request_of(name, other=other))


def read(name: str, response: HttpResponse, *, other: bool = False) -> AnyAnswer:
    return dialect(name).read_answer(response, asked=request_of(name, other=other)).answer


def told(answer: AnyAnswer) -> object:
    """An answer without the name of its shape, and without what an error in a stream would be."""
    match answer:
        case Answer(choices, fields, without):
            rest = {key: value for key, value in fields.items() if key not in OF_SHAPE}
            return choices, rest, without
        case RawAnswer(value):
            return value
    return answer


def messages(answer: AnyAnswer) -> Iterator[tuple[Message, object]]:
    """What was said in each choice, and how it ended."""
    assert isinstance(answer, Answer)
    for choice in answer.choices:
        message = choice.message
        kept = {key: value for key, value in message.fields.items() if value not in (None, [])}
        said = Message("assistant", message.body or "", message.parts, kept)
        yield said, choice.fields.get("finish_reason") or "stop"


def strings(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for key, item in value.items():
                yield str(key)
                yield from strings(item)
        case list():
            for item in value:
                yield from strings(item)
        case str():
            yield value
        case _:
            yield jsontext.dump(value)


def words_of(name: str, response: HttpResponse, *, other: bool) -> str:
    """All texts and numbers that a response adds up to."""
    value = read(name, response, other=other)
    if isinstance(value, Answer):
        whole = dialect(name).write_answer(value, request_of(name, other=SHAPES[name]["stream"]))
        return "\n".join(strings(jsontext.parse(whole.body)))
    assert isinstance(value, RawAnswer | ErrorAnswer)
    return "\n".join(strings(value.value if isinstance(value, RawAnswer) else value.body))


@each("broken")
def test_half_an_answer_is_none(name: str) -> None:
    with pytest.raises(BodyError):
        answer_of(name)


@each("passing")
def test_an_error_that_may_pass_is_not_kept(name: str) -> None:
    answer = answer_of(name)
    assert isinstance(answer, ErrorAnswer)
    assert not answer.is_lasting


@each("right", "lasting")
def test_an_answer_and_its_question_come_back_from_markdown(name: str) -> None:
    assert saved_answer(name) == answer_of(name)
    given = [entry.message for entry in section_of(name).entries if isinstance(entry, Given)]
    asked = request_of(name)
    assert list(map(canonical_message, given)) == list(map(canonical_message, asked.messages))
    assert jsontext.same(section_of(name).settings, asked.settings)


@each("right", "lasting")
def test_in_its_own_shape_an_answer_is_the_same(name: str) -> None:
    shape, response = SHAPES[name], again(name)
    assert response.status == 200
    assert told(read(name, response)) == told(answer_of(name))
    try:
        whole = jsontext.parse(shape["body"].removeprefix("\ufeff"))
    except jsontext.JsonError:
        return
    if not shape["stream"]:
        assert jsontext.same(jsontext.parse(response.body), whole)


@each("right")
def test_both_shapes_say_all_of_it(name: str) -> None:
    shape = SHAPES[name]
    for other in (False, True):
        response = again(name, other=other)
        assert response.status == 200
        said = words_of(name, response, other=other)
        assert all(word in said for word in shape.get("words", [])), said
        if "finish" in shape:
            _, ended = next(messages(read(name, response, other=other)))
            assert ended == shape["finish"]


@each("right")
def test_the_other_shape_says_the_same(name: str) -> None:
    first, other = answer_of(name), read(name, again(name, other=True), other=True)
    if isinstance(first, Answer) and "loose" not in SHAPES[name]:
        assert list(messages(other)) == list(messages(first))


@each("lasting")
def test_a_lasting_error_fails_in_any_shape(name: str) -> None:
    shape = SHAPES[name]
    own, other = again(name), again(name, other=True)
    assert all(word in own.body.decode() for word in shape["words"])
    assert all(word in other.body.decode() for word in shape["words"])
    if shape["stream"] and isinstance(answer_of(name), Answer):
        assert other.status in (400, 404, 413, 415, 422)


def readable(name: str) -> bool:
    return SHAPES[name]["api"] in sdk_readings.READERS


@pytest.mark.parametrize("other", [False, True], ids=["own", "other"])
@pytest.mark.parametrize("name", [name for name, shape in SHAPES.items() if "reads" in shape])
def test_an_sdk_reads_what_was_said(name: str, other: bool) -> None:
    shape = SHAPES[name]
    if not readable(name):
        pytest.skip("its SDK is not installed")
    is_streamed = shape["stream"] is not other
    reading = sdk_readings.read(shape["api"], again(name, other=other), stream=is_streamed)
    calls = [(function, json.loads(arguments)) for function, arguments in shape["reads"]["calls"]]
    assert reading == sdk_readings.Reading(shape["reads"]["text"], calls)


@each("right")
def test_an_sdk_reads_the_replay_as_it_read_the_server(name: str) -> None:
    shape = SHAPES[name]
    if not readable(name):
        pytest.skip("no SDK reads it")
    headers = (("content-type", shape["type"]),) if shape["type"] else ()
    response = HttpResponse.whole(200, headers, shape["body"].encode())
    try:
        first = sdk_readings.read(shape["api"], response, stream=shape["stream"])
    except Exception:  # noqa: BLE001
        pytest.skip("its SDK cannot read what the server sends")
    reading = sdk_readings.read(shape["api"], again(name), stream=shape["stream"])
    if "misread" in shape:  # by the SDK, from the server
        assert reading != first
    else:
        assert reading == first
