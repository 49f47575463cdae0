"""The protocol: what is answered to which message."""

import json
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.mcp import serve
from rechat.mcp import server
from rechat.mcp.server import VERSIONS
from rechat.mcp.server import Agent
from rechat.mcp.tool import Parameter
from rechat.mcp.tool import Tool
from rechat.testing import Journal
from rechat.values import RechatError


def _fail(how: str) -> str:
    if how == "known":
        raise RechatError("there is a reason")
    if how == "disk":
        raise PermissionError(13, "Permission denied")
    raise KeyError(how)


TOOLS = {
    "text": Tool("text", "Text", "A text.", lambda: "Größe\n\ud800"),
    "json": Tool("json", "JSON", "An object.", lambda: {"a": [1]}),
    "fail": Tool("fail", "Fail", "Fails.", _fail, (Parameter("how", "string", "How."),)),
}


def ask(session: Agent, method: str, /, id: Any = 1, **params: Any) -> Any:  # noqa: A002  # its name on the wire
    message = {"jsonrpc": "2.0", "id": id, "method": method, "params": params}
    return session.take(json.dumps(message).encode())


@pytest.mark.parametrize("version", VERSIONS)
def test_a_version_that_is_known_is_agreed_on(version: str) -> None:
    result = ask(Agent(TOOLS), "initialize", protocolVersion=version)["result"]
    assert result["protocolVersion"] == version
    assert result["capabilities"] == {"tools": {"listChanged": False}}
    assert result["serverInfo"]["name"] == "rechat"


@pytest.mark.parametrize("version", ["2031-01-01", "", None, 3])
def test_for_any_other_version_the_newest_is_offered(version: Any) -> None:
    result = ask(Agent(TOOLS), "initialize", protocolVersion=version)["result"]
    assert result["protocolVersion"] == VERSIONS[0]


def test_a_ping_is_answered_before_and_after_the_beginning() -> None:
    session = Agent(TOOLS)
    assert ask(session, "ping", id="a") == {"jsonrpc": "2.0", "id": "a", "result": {}}
    ask(session, "initialize", protocolVersion=VERSIONS[0])
    assert ask(session, "ping", id=0)["result"] == {}


def test_all_tools_are_listed() -> None:
    listed = ask(Agent(TOOLS), "tools/list", cursor=None)["result"]["tools"]
    assert [tool["name"] for tool in listed] == [*TOOLS]


@pytest.mark.parametrize("method", ["resources/list", "prompts/list", "tools/drop", ""])
def test_a_method_that_is_not_known_is_an_error(method: str) -> None:
    error = ask(Agent(TOOLS), method)["error"]
    assert error == {"code": -32601, "message": f"{method} is not known"}


def test_what_a_tool_gives_comes_as_text_and_as_json_for_who_knows_it() -> None:
    session = Agent(TOOLS)
    ask(session, "initialize", protocolVersion="2025-06-18")
    result = ask(session, "tools/call", name="json")["result"]
    assert json.loads(result["content"][0]["text"]) == result["structuredContent"] == {"a": [1]}
    ask(session, "initialize", protocolVersion="2024-11-05")
    assert ask(session, "tools/call", name="json", arguments={})["result"].keys() == {
        "content",
        "isError",
    }


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"how": "known"}, "there is a reason"),
        ({"how": "disk"}, "PermissionError: [Errno 13] Permission denied"),
        ({"who": "?"}, "fail has no argument who: it takes how"),
    ],
)
def test_why_a_tool_gives_nothing_is_told_to_the_model(arguments: Any, told: str) -> None:
    result = ask(Agent(TOOLS), "tools/call", name="fail", arguments=arguments)["result"]
    assert result["isError"]
    assert result["content"][0]["text"].startswith(told)


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"name": "no"}, -32602),
        ({"name": ["text"]}, -32602),
        ({}, -32602),
        ({"name": "text", "arguments": [1]}, -32602),
        ({"name": "fail", "arguments": {"how": "bug"}}, -32603),
    ],
)
def test_a_call_that_is_none_is_an_error_and_the_next_one_works(params: Any, code: int) -> None:
    session = Agent(TOOLS)
    assert ask(session, "tools/call", **params)["error"]["code"] == code
    assert "result" in ask(session, "tools/call", name="text")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", -32700),
        (b"\xff", -32700),
        (b"3", -32600),
        (b"null", -32600),
        (b"[]", -32600),
        (b'{"id": 1, "method": "ping"}', -32600),
        (b'{"jsonrpc": "1.0", "id": 1, "method": "ping"}', -32600),
        (b'{"jsonrpc": "2.0", "id": null, "method": "ping"}', -32600),
        (b'{"jsonrpc": "2.0", "id": 1}', -32600),
        (b'[{"jsonrpc": "2.0", "id": 1, "method": "ping"}]', -32600),
    ],
)
def test_what_is_no_request_is_an_error_without_a_name(line: bytes, code: int) -> None:
    reply: Any = Agent(TOOLS).take(line)
    assert (reply["id"], reply["error"]["code"]) == (None, code)


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b'{"jsonrpc": "2.0", "method": "notifications/initialized"}',
        b'{"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}',
        b'{"jsonrpc": "2.0", "method": "no/such"}',
        b'{"jsonrpc": "2.0", "id": 1, "result": {}}',
        b'{"jsonrpc": "2.0", "id": 1, "error": {"code": 1, "message": ""}}',
    ],
)
def test_what_is_only_told_is_not_answered(line: bytes) -> None:
    assert Agent(TOOLS).take(line) is None


def test_several_messages_at_once_are_for_the_version_that_has_them() -> None:
    session = Agent(TOOLS)
    ask(session, "initialize", protocolVersion="2025-03-26")
    told = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    pings = [{"jsonrpc": "2.0", "id": name, "method": "ping"} for name in (1, 2)]
    replies: Any = session.take(json.dumps([pings[0], told, pings[1]]).encode())
    assert [reply["id"] for reply in replies] == [1, 2]
    assert session.take(json.dumps([told]).encode()) is None


@given(st.binary(max_size=200))
def test_no_line_ends_a_session(line: bytes) -> None:
    session = Agent(TOOLS)
    session.take(line)
    assert ask(session, "ping")["result"] == {}


def _no_journal() -> Journal:
    raise RechatError("none runs")


def _said(given: bytes) -> tuple[int, list[Any]]:
    out = BytesIO()

    def load() -> Any:
        raise RechatError("no folder")

    code = serve(BytesIO(given), out, load, _no_journal)
    assert out.getvalue().endswith(b"\n")
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_reply_is_a_line_of_its_own_whatever_is_in_it() -> None:
    asked = b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_transcripts"}}'
    code, replies = _said(asked + b"\r\n\n" + asked)
    assert code == 0
    assert [reply["result"]["content"][0]["text"] for reply in replies] == ["no folder"] * 2


def test_a_line_that_never_ends_is_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_LARGEST", 10)
    code, [reply] = _said(b"x" * 30)
    assert (code, reply["error"]["message"]) == (1, "it is too large")
