"""An agent that calls the tools of `rechat mcp` over pipes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self


class Agent:
    """Starts `rechat mcp` in a folder, and ends it as clients do: by closing the pipe."""

    def __init__(self, *arguments: str, folder: Path, **environment: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "rechat", "mcp", *arguments],
            cwd=folder,
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._in, self._out = self._process.stdin, self._process.stdout
        self._number = 0
        self.code = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._in.close()
        if kind is not None:
            self._process.kill()
        self.code = self._process.wait(20)
        self._out.close()

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
