"""An agent that calls the tools of `rechat mcp` over pipes."""

import json
import subprocess
from pathlib import Path
from typing import Any

from piped import Piped


class Agent(Piped):
    """Starts `rechat mcp` in a folder, and ends it as clients do: by closing the pipe."""

    def __init__(self, *arguments: str, folder: Path, **environment: str) -> None:
        quiet = subprocess.DEVNULL
        super().__init__("mcp", *arguments, folder=folder, errors=quiet, environment=environment)
        self._number = 0

    def _ask_to_end(self) -> None:
        self._in.close()

    def begin(self, version: str = "2025-06-18") -> Any:
        """What the server says of itself."""
        client = {"name": "test", "version": "1"}
        told = {"protocolVersion": version, "capabilities": {}, "clientInfo": client}
        result = self.ask("initialize", **told)["result"]
        self.send({"jsonrpc": "2.0", "method": "notifications/initialized"})
        return result

    def send(self, message: Any) -> None:
        """Send a message, which may be none."""
        line = message if isinstance(message, bytes) else json.dumps(message).encode()
        self._in.write(line + b"\n")
        self._in.flush()

    def next(self) -> Any:
        """The next message of the server."""
        return json.loads(self._out.readline())

    def ask(self, method: str, **params: Any) -> Any:
        """The reply to a request."""
        self._number += 1
        self.send({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params})
        reply = self.next()
        assert reply["id"] == self._number
        return reply

    def call(self, tool: str, **arguments: Any) -> Any:
        """What a tool gives: its JSON, or its text."""
        result = self.ask("tools/call", name=tool, arguments=arguments)["result"]
        [content] = result["content"]
        assert not result["isError"], content["text"]
        return result.get("structuredContent", content["text"])

    def refused(self, tool: str, **arguments: Any) -> str:
        """Why a tool gives nothing."""
        result = self.ask("tools/call", name=tool, arguments=arguments)["result"]
        assert result["isError"]
        return str(result["content"][0]["text"])
