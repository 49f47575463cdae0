"""Spans of generative AI."""

import json
from typing import Any

from exported import CALLED
from exported import record

from rechat.convert.exports import otel
from rechat.values import ErrorAnswer
from rechat.values import Media
from rechat.values import Message
from rechat.values import Opaque
from rechat.values import Reasoning


def spans(*records: Any) -> list[dict[str, Any]]:
    [resource] = json.loads(otel.write(records))["resourceSpans"]
    found: list[dict[str, Any]] = resource["scopeSpans"][0]["spans"]
    return found


def attributes(span: dict[str, Any]) -> dict[str, Any]:
    return {one["key"]: next(iter(one["value"].values())) for one in span["attributes"]}


def test_a_span_has_the_attributes_of_the_conventions() -> None:
    [span] = spans(record(*CALLED, temperature=0.5, max_tokens=9, tools=[{"type": "function"}]))
    told = attributes(span)
    assert (span["name"], span["kind"]) == ("chat gpt-5", 3)
    assert span["startTimeUnixNano"] == "1700000000000000000"
    assert told["gen_ai.operation.name"] == "chat"
    assert told["gen_ai.provider.name"] == "openai"
    assert told["gen_ai.request.temperature"] == 0.5
    assert told["gen_ai.request.max_tokens"] == "9"
    assert told["gen_ai.response.model"] == "gpt-5-2026"
    assert (told["gen_ai.usage.input_tokens"], told["gen_ai.usage.output_tokens"]) == ("3", "1")
    assert told["gen_ai.response.finish_reasons"] == {"values": [{"stringValue": "stop"}]}
    assert json.loads(told["gen_ai.system_instructions"]) == [
        {"type": "text", "content": "Be brief"}
    ]
    _, call, result = json.loads(told["gen_ai.input.messages"])
    assert call["parts"] == [
        {"type": "tool_call", "id": "c1", "name": "look", "arguments": {"at": 1}}
    ]
    assert result["parts"] == [{"type": "tool_call_response", "id": "c1", "response": "yes"}]
    assert json.loads(told["gen_ai.tool.definitions"]) == [{"type": "function"}]
    [said] = json.loads(told["gen_ai.output.messages"])
    assert said["parts"] == [{"type": "text", "content": "Paris"}]


def test_an_error_is_a_span_that_failed() -> None:
    [span] = spans(record(answer=ErrorAnswer(404)))
    assert span["status"] == {"code": 2}
    assert attributes(span)["error.type"] == "404"


def test_questions_of_one_conversation_are_one_trace() -> None:
    first, second = spans(record(name="a.md:1"), record(name="a.md:2"))
    assert first["traceId"] == second["traceId"]
    assert first["spanId"] != second["spanId"]


def test_each_kind_of_part_has_its_word() -> None:
    message = Message(
        "user",
        None,
        (
            Reasoning("hm"),
            Media("image", "data:image/png;base64,AAAA"),
            Media("image", "https://h/a.png"),
            Opaque({"a": 1}),
        ),
    )
    kinds = [part["type"] for part in otel.parts_of(message) if isinstance(part, dict)]
    assert kinds == ["reasoning", "blob", "uri", "any"]
