"""The loop of the language server: requests are answered one by one, and no request ends it.
Whatever waits for something else (a running rechat, a model) is done beside it. A text is checked
when nothing else waits, so a version that is superseded at once is not checked at all.
"""

import threading
from collections.abc import Callable
from functools import partial
from typing import IO, Any

from rechat import __version__
from rechat.lsp.arriving import Arriving
from rechat.lsp.beside import COMMANDS
from rechat.lsp.beside import Beside
from rechat.lsp.beside import wanted_of
from rechat.lsp.documents import Document
from rechat.lsp.features import completions
from rechat.lsp.features import hover
from rechat.lsp.framing import FramingError
from rechat.lsp.framing import write_message
from rechat.store import Pieces
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import reason_of

_UNKNOWN = -32601
_FAILED = -32603
_ERROR, _WARNING, _INFO = 1, 2, 3
_WHOLE_TEXTS = 1
_CAPABILITIES: JsonObject = {
    "textDocumentSync": {"openClose": True, "change": _WHOLE_TEXTS},
    "completionProvider": {"triggerCharacters": ["#", " ", ",", "(", ":"]},
    "hoverProvider": True,
    "definitionProvider": True,
    "codeLensProvider": {"resolveProvider": False},
    "executeCommandProvider": COMMANDS,
}


def serve(incoming: IO[bytes], outgoing: IO[bytes]) -> int:
    """Serve an editor until it sends `exit` or closes the pipe; returns the exit code."""
    server, arriving = _Server(outgoing), Arriving(incoming)
    try:
        while (message := arriving.next()) is not None:
            if message.get("method") == "exit":
                return 0 if server.is_done else 1
            server.take(message)
            if not arriving.are_waiting:
                server.check()
    except FramingError as error:
        server.send(method="window/logMessage", params={"type": _ERROR, "message": str(error)})
        return 1
    finally:
        server.beside.stop()
    return 0


class _Server:
    """What is open, and the answers about it."""

    def __init__(self, outgoing: IO[bytes]) -> None:
        self._outgoing = outgoing
        self._writing = threading.Lock()
        self._open: dict[str, Document] = {}
        self._unchecked: dict[str, Document] = {}
        self._refreshes = 0
        self._can_refresh = False
        self.beside = Beside(self._say, self._refresh)
        self.is_done = False

    def send(self, **message: Any) -> None:
        """Send a message; threads may do so too."""
        with self._writing:
            write_message(self._outgoing, **message)

    def take(self, message: JsonObject) -> None:
        """Answer a request, or handle a notification."""
        if "method" not in message:
            return  # the editor's answer to a request for new lenses
        method, params = str(message["method"]), message.get("params")
        told = params if isinstance(params, dict) else {}
        if "id" not in message:
            self._hear(method, told)
            return
        name = message["id"]
        if method not in _KNOWN:
            error = {"code": _UNKNOWN, "message": f"{method} is not known"}
            self.send(id=name, error=error)
        elif method in _BESIDE:
            opened = dict(self._open)
            work = partial(self._answer_beside, method, told, opened)
            self.beside.start(partial(self._reply, name, work))
        else:
            self._reply(name, partial(self._answer, method, told))

    def _reply(self, name: Json, answer: Callable[[], Json]) -> None:
        try:
            self.send(id=name, result=answer())
        except Exception as error:  # noqa: BLE001  # the editor goes on
            self.send(id=name, error={"code": _FAILED, "message": reason_of(error)})

    def _hear(self, method: str, params: dict[str, Any]) -> None:
        match method, params:
            case "textDocument/didOpen", {"textDocument": {"uri": str(uri), "text": str(text)}}:
                self._open[uri] = Document(uri, "", Pieces(Document(uri, "").path))
                self._changed(uri, text)
            case (
                "textDocument/didChange",
                {"textDocument": {"uri": str(uri)}, "contentChanges": [*_, {"text": str(text)}]},
            ) if uri in self._open:
                self._changed(uri, text)
            case "textDocument/didClose", {"textDocument": {"uri": str(uri)}}:
                self._open.pop(uri, None)
                self._unchecked.pop(uri, None)
                self._publish(uri, [])
            case "workspace/didChangeConfiguration", {"settings": {"rechat": told}}:
                self.beside.want(wanted_of(told))
            case "initialized", _ if self._can_refresh:
                self.beside.watch()

    def _changed(self, uri: str, text: str) -> None:
        document = self._open[uri].changed(text.replace("\r\n", "\n"))
        self._open[uri] = self._unchecked[uri] = document

    def check(self) -> None:
        """Publish the diagnostics of the texts that have changed since."""
        while self._unchecked:
            self._check(*self._unchecked.popitem())

    def _check(self, uri: str, document: Document) -> None:
        try:
            found = document.diagnostics()
        except Exception as error:  # noqa: BLE001  # the next text may be fine
            params: JsonObject = {"type": _ERROR, "message": reason_of(error)}
            self.send(method="window/logMessage", params=params)
            return
        self._publish(uri, found)

    def _publish(self, uri: str, found: list[JsonObject]) -> None:
        params = {"uri": uri, "diagnostics": found}
        self.send(method="textDocument/publishDiagnostics", params=params)

    def _say(self, text: str, is_good: bool) -> None:  # noqa: FBT001  # told by name nowhere
        params: JsonObject = {"type": _INFO if is_good else _WARNING, "message": text}
        self.send(method="window/showMessage", params=params)

    def _refresh(self) -> None:
        if self._can_refresh:
            self._refreshes += 1
            self.send(id=f"lenses {self._refreshes}", method="workspace/codeLens/refresh")

    def _answer(self, method: str, params: dict[str, Any]) -> Json:
        match method, params:
            case "initialize", _:
                self._begin(params)
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

    def _begin(self, params: dict[str, Any]) -> None:
        self.beside.want(wanted_of(params.get("initializationOptions")))
        match params:
            case {"capabilities": {"workspace": {"codeLens": {"refreshSupport": True}}}}:
                self._can_refresh = True

    def _answer_beside(
        self, method: str, params: dict[str, Any], opened: dict[str, Document]
    ) -> Json:
        match method, params:
            case "textDocument/codeLens", {"textDocument": {"uri": str(uri)}} if uri in opened:
                return self.beside.lenses(opened[uri])
            case "workspace/executeCommand", {"command": str(command)}:
                return self.beside.execute(command, params.get("arguments") or [], opened)
        return []

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


_BESIDE = ("textDocument/codeLens", "workspace/executeCommand")
_KNOWN = (
    *("initialize", "shutdown"),
    *("textDocument/completion", "textDocument/hover", "textDocument/definition"),
    *_BESIDE,
)
