"""The loop of the language server: requests are answered one by one, and no request ends it."""

from typing import IO, Any

from rechat import __version__
from rechat.lsp.documents import Document
from rechat.lsp.features import completions
from rechat.lsp.features import hover
from rechat.lsp.framing import FramingError
from rechat.lsp.framing import read_message
from rechat.lsp.framing import write_message
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import reason_of

_UNKNOWN = -32601
_FAILED = -32603
_WHOLE_TEXTS = 1
_CAPABILITIES: JsonObject = {
    "textDocumentSync": {"openClose": True, "change": _WHOLE_TEXTS},
    "completionProvider": {"triggerCharacters": ["#", " ", ",", "("]},
    "hoverProvider": True,
    "definitionProvider": True,
}


def serve(incoming: IO[bytes], outgoing: IO[bytes]) -> int:
    """Serve an editor until it says `exit` or closes the pipe; gives the exit code."""
    server = _Server(outgoing)
    try:
        while (message := read_message(incoming)) is not None:
            if message.get("method") == "exit":
                return 0 if server.is_done else 1
            server.take(message)
    except FramingError as error:
        write_message(
            outgoing, method="window/logMessage", params={"type": 1, "message": str(error)}
        )
        return 1
    return 0


class _Server:
    """What is open, and the answers about it."""

    def __init__(self, outgoing: IO[bytes]) -> None:
        self._outgoing = outgoing
        self._open: dict[str, Document] = {}
        self.is_done = False

    def take(self, message: JsonObject) -> None:
        """Answer a request, or take in what is told."""
        method, params = str(message.get("method", "")), message.get("params")
        told = params if isinstance(params, dict) else {}
        if "id" not in message:
            self._hear(method, told)
            return
        name = message["id"]
        try:
            if method not in _KNOWN:
                error = {"code": _UNKNOWN, "message": f"{method} is not known"}
                write_message(self._outgoing, id=name, error=error)
                return
            write_message(self._outgoing, id=name, result=self._answer(method, told))
        except Exception as error:  # noqa: BLE001  # the editor goes on
            failed = {"code": _FAILED, "message": reason_of(error)}
            write_message(self._outgoing, id=name, error=failed)

    def _hear(self, method: str, params: dict[str, Any]) -> None:
        match method, params:
            case "textDocument/didOpen", {"textDocument": {"uri": str(uri), "text": str(text)}}:
                self._changed(uri, text)
            case (
                "textDocument/didChange",
                {"textDocument": {"uri": str(uri)}, "contentChanges": [*_, {"text": str(text)}]},
            ):
                self._changed(uri, text)
            case "textDocument/didClose", {"textDocument": {"uri": str(uri)}}:
                self._open.pop(uri, None)
                self._publish(uri, [])

    def _changed(self, uri: str, text: str) -> None:
        document = self._open[uri] = Document(uri, text.replace("\r\n", "\n"))
        try:
            found = document.diagnostics()
        except Exception as error:  # noqa: BLE001  # the next text may be fine
            params: JsonObject = {"type": 1, "message": reason_of(error)}
            write_message(self._outgoing, method="window/logMessage", params=params)
            return
        self._publish(uri, found)

    def _publish(self, uri: str, found: list[JsonObject]) -> None:
        params = {"uri": uri, "diagnostics": found}
        write_message(self._outgoing, method="textDocument/publishDiagnostics", params=params)

    def _answer(self, method: str, params: dict[str, Any]) -> Json:
        match method, params:
            case "initialize", _:
                info: JsonObject = {"name": "rechat", "version": __version__}
                return {"capabilities": _CAPABILITIES, "serverInfo": info}
            case "shutdown", _:
                self.is_done = True
                return None
            case _, {
                "textDocument": {"uri": str(uri)},
                "position": {"line": int(line), "character": int(character)},
            } if uri in self._open:
                return self._at(method, self._open[uri], line, character)
        return None

    def _at(self, method: str, document: Document, line: int, character: int) -> Json:
        match method:
            case "textDocument/completion":
                return [*completions(document, line, character)]
            case "textDocument/hover":
                text = hover(document, line)
                return {"contents": {"kind": "markdown", "value": text}} if text else None
        target = document.link_at(line, character)
        if not target:
            return None
        start: JsonObject = {"line": 0, "character": 0}
        return {"uri": target.resolve().as_uri(), "range": {"start": start, "end": start}}


_KNOWN = (
    *("initialize", "shutdown"),
    *("textDocument/completion", "textDocument/hover", "textDocument/definition"),
)
