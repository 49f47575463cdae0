"""The events of the tools that the API runs itself: their order, and what they are made of."""

from typing import Any

import pytest
from openai._models import validate_type
from openai.types.responses import ResponseStreamEvent

from rechat.dialects.openai_responses.stream_read import assemble
from rechat.dialects.openai_responses.stream_write import events_of

SEARCH = {
    "type": "web_search_call",
    "id": "ws_1",
    "status": "completed",
    "action": {
        "type": "search",
        "query": "tides at Brest",
        "sources": [{"type": "url", "url": "https://a.b"}],
    },
}
FILES = {
    "type": "file_search_call",
    "id": "fs_1",
    "status": "completed",
    "queries": ["tides", "moon"],
    "results": [{"file_id": "f_1", "filename": "a.txt", "score": 0.5, "text": "High at noon."}],
}
CODE = {
    "type": "code_interpreter_call",
    "id": "ci_1",
    "status": "completed",
    "container_id": "cntr_1",
    "code": "print(1)\nprint(2)",
    "outputs": [{"type": "logs", "logs": "1\n2\n"}],
}
PICTURE = {
    "type": "image_generation_call",
    "id": "ig_1",
    "status": "completed",
    "result": "iVBORw0KGgo=",
}
TOOLS = {
    "type": "mcp_list_tools",
    "id": "mcpl_1",
    "server_label": "docs",
    "tools": [{"name": "find", "input_schema": {"type": "object"}}],
}
MCP = {
    "type": "mcp_call",
    "id": "mcp_1",
    "status": "completed",
    "server_label": "docs",
    "name": "find",
    "arguments": '{"word": "tide"}',
    "output": "High at noon.",
    "error": None,
}
SHELL = {
    "type": "shell_call",
    "id": "sh_1",
    "call_id": "c_1",
    "status": "completed",
    "action": {"commands": ["ls", "pwd"], "timeout_ms": None, "max_output_length": None},
    "environment": None,
}
SHELL_OUTPUT = {
    "type": "shell_call_output",
    "id": "sho_1",
    "call_id": "c_1",
    "status": "completed",
    "max_output_length": None,
    "output": [
        {"stdout": "a\n", "stderr": "b\n", "outcome": {"type": "exit", "exit_code": 0}},
        {"stdout": "", "stderr": "", "outcome": {"type": "timeout"}},
    ],
}
PATCH = {
    "type": "apply_patch_call",
    "id": "apc_1",
    "call_id": "c_2",
    "status": "completed",
    "operation": {"type": "create_file", "path": "a.txt", "diff": "+one\n+two\n"},
}
REQUEST = {
    "type": "mcp_approval_request",
    "id": "mcpr_1",
    "server_label": "docs",
    "name": "find",
    "arguments": "{}",
}

MIDDLES: list[tuple[dict[str, Any], list[str]]] = [
    (
        SEARCH,
        ["web_search_call.in_progress", "web_search_call.searching", "web_search_call.completed"],
    ),
    (
        FILES,
        [
            "file_search_call.in_progress",
            "file_search_call.searching",
            "file_search_call.completed",
        ],
    ),
    (
        CODE,
        [
            "code_interpreter_call.in_progress",
            "code_interpreter_call_code.delta",
            "code_interpreter_call_code.done",
            "code_interpreter_call.interpreting",
            "code_interpreter_call.completed",
        ],
    ),
    (
        PICTURE,
        [
            "image_generation_call.in_progress",
            "image_generation_call.generating",
            "image_generation_call.completed",
        ],
    ),
    (TOOLS, ["mcp_list_tools.in_progress", "mcp_list_tools.completed"]),
    (
        MCP,
        [
            "mcp_call.in_progress",
            "mcp_call_arguments.delta",
            "mcp_call_arguments.done",
            "mcp_call.completed",
        ],
    ),
    (
        SHELL,
        [
            "shell_call_command.added",
            "shell_call_command.delta",
            "shell_call_command.done",
            "shell_call_command.added",
            "shell_call_command.delta",
            "shell_call_command.done",
        ],
    ),
    (
        SHELL_OUTPUT,
        [
            "shell_call_output_content.delta",
            "shell_call_output_content.done",
        ],
    ),
    (
        PATCH,
        [
            "apply_patch_call_operation_diff.delta",
            "apply_patch_call_operation_diff.done",
        ],
    ),
    (REQUEST, []),
]


def response(*items: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 0,
        "status": "completed",
        "model": "gpt-5",
        "output": list(items),
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
    } | fields


def events(item: dict[str, Any], **fields: Any) -> list[dict[str, Any]]:
    """The events of the item alone."""
    return [event for event in events_of(response(item, **fields)) if "output_index" in event]


def kinds(item: dict[str, Any], **fields: Any) -> list[str]:
    """The types of the events inside an item, runs collapsed."""
    found = [event["type"].removeprefix("response.") for event in events(item, **fields)]
    assert (found[0], found[-1]) == ("output_item.added", "output_item.done")
    inside = found[1:-1]
    return [kind for at, kind in enumerate(inside) if not at or inside[at - 1] != kind]


@pytest.mark.parametrize(("item", "middle"), MIDDLES)
def test_a_tool_says_what_it_does_as_in_real_streams(
    item: dict[str, Any], middle: list[str]
) -> None:
    assert kinds(item) == middle


@pytest.mark.parametrize(("item", "_"), MIDDLES)
def test_an_item_is_whole_when_it_is_done(item: dict[str, Any], _: list[str]) -> None:
    assert events(item)[-1]["item"] == item
    assert assemble(events_of(response(item))) == response(item)


@pytest.mark.parametrize(("item", "_"), MIDDLES)
def test_the_sdk_knows_every_event(item: dict[str, Any], _: list[str]) -> None:
    """All but those of patches, which it has no types for, and the server sends."""
    for event in events_of(response(item)):
        if "apply_patch" not in event["type"]:
            known: Any = validate_type(type_=ResponseStreamEvent, value=event)  # type: ignore[arg-type]
            assert known.type == event["type"]


@pytest.mark.parametrize(
    ("item", "empty"),
    [
        (SEARCH, {"action": {"type": "search", "query": "", "sources": []}}),
        (FILES, {"queries": [], "results": None}),
        (CODE, {"code": "", "outputs": []}),
        (PICTURE, {"result": None}),
        (TOOLS, {"tools": []}),
        (MCP, {"arguments": "", "output": None, "error": None}),
        (
            SHELL,
            {"action": {"commands": [], "timeout_ms": None, "max_output_length": None}},
        ),
        (PATCH, {"operation": {"type": "create_file", "path": "a.txt", "diff": ""}}),
        (CODE | {"outputs": None}, {"code": "", "outputs": None}),
    ],
)
def test_what_a_tool_has_not_yet_is_empty_at_first(
    item: dict[str, Any], empty: dict[str, Any]
) -> None:
    begun = {"status": "in_progress"} if "status" in item else {}
    assert events(item)[0]["item"] == item | begun | empty


def test_the_pieces_of_a_text_are_the_text() -> None:
    pieces = [event["delta"] for event in events(CODE) if event["type"].endswith("code.delta")]
    assert len(pieces) > 1
    assert "".join(pieces) == CODE["code"]


def test_each_command_has_its_number_and_each_output_its_streams() -> None:
    done = [event for event in events(SHELL) if event["type"].endswith("command.done")]
    assert [(event["command_index"], event["command"]) for event in done] == [(0, "ls"), (1, "pwd")]
    deltas = [event["delta"] for event in events(SHELL_OUTPUT) if "delta" in event]
    assert deltas == [{"stdout": "a\n"}, {"stderr": "b\n"}]


@pytest.mark.parametrize(
    ("item", "end"),
    [
        (MCP | {"status": "failed"}, "mcp_call.failed"),
        (MCP | {"error": {"type": "http_error", "code": 500}}, "mcp_call.failed"),
        (TOOLS | {"error": "no such server"}, "mcp_list_tools.failed"),
        (SEARCH | {"status": "searching"}, "web_search_call.searching"),
        (CODE | {"status": "incomplete"}, "code_interpreter_call.interpreting"),
    ],
)
def test_a_tool_that_did_not_get_to_its_end_does_not_say_so(item: dict[str, Any], end: str) -> None:
    assert kinds(item)[-1] == end


def test_a_picture_is_previewed_if_the_client_asked_for_that() -> None:
    asked = [{"type": "image_generation", "partial_images": 2}]
    (shown,) = [event for event in events(PICTURE, tools=asked) if "partial_image_b64" in event]
    assert shown["type"] == "response.image_generation_call.partial_image"
    assert (shown["partial_image_index"], shown["partial_image_b64"]) == (0, PICTURE["result"])
    assert not [event for event in events(PICTURE) if "partial_image_b64" in event]


def test_odd_items_are_streamed_as_they_are() -> None:
    odd: list[dict[str, Any]] = [
        {"type": "shell_call", "action": {"commands": [1]}},
        {"type": "mcp_call"},
        {"type": 1},
    ]
    assert [event["item"] for item in odd for event in events(item)[-1:]] == odd
