"""The Model Context Protocol over pipes: JSON-RPC 2.0, one message per line.

The official package brings an event loop, a web server and some 25 more packages; a few tools that
are called one at a time need only these lines. They are tested with the client of that package.
"""

from collections.abc import Callable, Mapping
from typing import IO, Any

from rechat import __version__
from rechat.mcp.tool import Tool
from rechat.mcp.toolbox import INSTRUCTIONS
from rechat.mcp.toolbox import tools_for
from rechat.store import Store
from rechat.testing import Journal
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import RechatError
from rechat.values import jsontext
from rechat.values import reason_of

VERSIONS = ("2025-06-18", "2025-03-26", "2024-11-05")
"""The versions of the protocol, the newest first."""
_WITH_BATCHES = "2025-03-26"
_WITH_STRUCTURE = "2025-06-18"
_NO_JSON, _NO_REQUEST, _UNKNOWN, _WRONG, _FAILED = -32700, -32600, -32601, -32602, -32603
# More than any answer that is written.
_LARGEST = 64 << 20


def serve(
    incoming: IO[bytes],
    outgoing: IO[bytes],
    load: Callable[[], Store],
    journal: Callable[[], Journal],
) -> int:
    """Serve a client until it closes the pipe; returns the exit code. `load` reads the transcripts,
    `journal` finds that of a running rechat; both raise `UsageError`.
    """
    session = Agent(tools_for(load, journal))
    while line := incoming.readline(_LARGEST):
        is_whole = line.endswith(b"\n") or len(line) < _LARGEST
        reply = session.take(line) if is_whole else _error(None, _NO_REQUEST, "it is too large")
        if reply is not None:
            outgoing.write(jsontext.dump(reply).encode() + b"\n")
            outgoing.flush()
        if not is_whole:
            return 1
    return 0


class _RefusedError(Exception):
    """A request that is answered with an error: its code and message."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Agent:
    """One client: the negotiated version, and the answers to its messages."""

    def __init__(self, tools: Mapping[str, Tool]) -> None:
        self._tools = tools
        self._version = VERSIONS[0]

    def take(self, line: bytes) -> Json:
        """The reply to a line; None if it needs none."""
        if not line.strip():
            return None
        try:
            message = jsontext.parse(line)
        except JsonError as error:
            return _error(None, _NO_JSON, str(error))
        if not isinstance(message, list):
            return self._reply(message)
        if self._version != _WITH_BATCHES or not message:
            return _error(None, _NO_REQUEST, "expected one message a line")
        replies = [reply for one in message if (reply := self._reply(one)) is not None]
        return replies or None

    def _reply(self, message: Any) -> JsonObject | None:
        match message:
            case {"jsonrpc": "2.0", "id": str() | int() as name, "method": str(method)}:
                params = message.get("params")
                return self._answered(name, method, params if isinstance(params, dict) else {})
            case {"jsonrpc": "2.0", "method": str()} if "id" not in message:
                return None  # a notification
            case {"jsonrpc": "2.0", "result": _} | {"jsonrpc": "2.0", "error": _}:
                return None  # the client answers no requests of this server
        return _error(None, _NO_REQUEST, "this is no message of JSON-RPC 2.0")

    def _answered(self, name: str | int, method: str, params: JsonObject) -> JsonObject:
        try:
            return {"jsonrpc": "2.0", "id": name, "result": self._result(method, params)}
        except _RefusedError as refused:
            return _error(name, refused.code, str(refused))
        except Exception as error:  # noqa: BLE001  # the next request may be fine
            return _error(name, _FAILED, reason_of(error))

    def _result(self, method: str, params: JsonObject) -> JsonObject:
        match method:
            case "initialize":
                return self._begun(params.get("protocolVersion"))
            case "ping":
                return {}
            case "tools/list":
                return {"tools": [tool.declared() for tool in self._tools.values()]}
            case "tools/call":
                return self._called(params.get("name"), params.get("arguments"))
        raise _RefusedError(_UNKNOWN, f"{method} is not known")

    def _begun(self, version: Json) -> JsonObject:
        """The version that the client asks for if it is known; else the newest."""
        self._version = str(version) if version in VERSIONS else VERSIONS[0]
        return {
            "protocolVersion": self._version,
            "capabilities": {"tools": {"listChanged": False}},
            "serverInfo": {"name": "rechat", "title": "rechat", "version": __version__},
            "instructions": INSTRUCTIONS,
        }

    def _called(self, name: Json, arguments: Any) -> JsonObject:
        """The result of a tool; an error is reported to the model, which may correct itself."""
        tool = self._tools.get(name) if isinstance(name, str) else None
        if not tool:
            raise _RefusedError(_WRONG, f"there is no tool {name}: {', '.join(self._tools)}")
        if not isinstance(arguments or {}, dict):
            raise _RefusedError(_WRONG, "arguments: expected an object")
        try:
            given = tool.call(arguments or {})
        except (RechatError, OSError) as error:
            return _content(reason_of(error)) | {"isError": True}
        if isinstance(given, str):
            return _content(given) | {"isError": False}
        structure = {"structuredContent": given} if self._version == _WITH_STRUCTURE else {}
        text = jsontext.dump(given, jsontext.INDENTED)
        return _content(text) | structure | {"isError": False}


def _content(text: str) -> JsonObject:
    return {"content": [{"type": "text", "text": text}]}


def _error(name: str | int | None, code: int, message: str) -> JsonObject:
    return {"jsonrpc": "2.0", "id": name, "error": {"code": code, "message": message}}
