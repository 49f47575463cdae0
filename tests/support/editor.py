"""An editor that speaks to a language server over pipes."""

from pathlib import Path
from typing import Any, Self

from piped import Piped

from rechat.lsp.framing import read_message
from rechat.lsp.framing import write_message


class Editor(Piped):
    """Starts `rechat lsp`, and ends it as editors do."""

    def __init__(
        self, folder: Path, *, options: Any = None, can_refresh: bool = False, **environment: str
    ) -> None:
        self._options = options
        self._can = {"workspace": {"codeLens": {"refreshSupport": True}}} if can_refresh else {}
        super().__init__("lsp", folder=folder, errors=None, environment=environment)
        self._number = 0

    def __enter__(self) -> Self:
        begun = self.ask("initialize", capabilities=self._can, initializationOptions=self._options)
        self.capabilities = begun["capabilities"]
        self.tell("initialized")
        return self

    def _ask_to_end(self) -> None:
        self.ask("shutdown")
        self.tell("exit")

    def tell(self, method: str, **params: Any) -> None:
        """Tell something."""
        write_message(self._in, method=method, params=params)

    def ask(self, method: str, **params: Any) -> Any:
        """The result of a request, or its error."""
        self._number += 1
        write_message(self._in, id=self._number, method=method, params=params)
        return self._heard(lambda message: message.get("id") == self._number)

    def open(self, path: Path, text: str) -> list[Any]:
        """Open a text; the diagnostics that come for it."""
        document = {"uri": path.as_uri(), "languageId": "markdown", "version": 1, "text": text}
        self.tell("textDocument/didOpen", textDocument=document)
        return self.diagnostics()

    def change(self, path: Path, text: str) -> list[Any]:
        """Change a text; the diagnostics that come for it."""
        self.tell(
            "textDocument/didChange",
            textDocument={"uri": path.as_uri(), "version": 2},
            contentChanges=[{"text": text}],
        )
        return self.diagnostics()

    def diagnostics(self) -> list[Any]:
        """The next ones."""
        told = self._heard(
            lambda message: message.get("method") == "textDocument/publishDiagnostics"
        )
        found: list[Any] = told["diagnostics"]
        return found

    def at(self, method: str, path: Path, line: int, character: int = 0) -> Any:
        """What the server says of a place."""
        return self.ask(
            f"textDocument/{method}",
            textDocument={"uri": path.as_uri()},
            position={"line": line, "character": character},
        )

    def lenses(self, path: Path) -> list[Any]:
        """The lenses of a text."""
        asked = {"textDocument": {"uri": path.as_uri()}}
        found: list[Any] = self.ask("textDocument/codeLens", **asked)
        return found

    def run(self, lens: Any) -> Any:
        """What comes of a click on a lens."""
        command = lens["command"]
        given = {"command": command["command"], "arguments": command["arguments"]}
        return self.ask("workspace/executeCommand", **given)

    def asked_for(self, method: str) -> None:
        """Wait until the server asks for something, and answer."""
        message = self._next(lambda message: message.get("method") == method)
        write_message(self._in, id=message["id"], result=None)

    def _heard(self, is_it: Any) -> Any:
        message = self._next(is_it)
        return message.get("result", message.get("params", message.get("error")))

    def _next(self, is_it: Any) -> Any:
        while message := read_message(self._out):
            if is_it(message):
                return message
        raise AssertionError("the server has ended")
