"""Slow work, done beside the loop: the code lenses that depend on a running rechat, their commands,
and polling for new misses.
"""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rechat.lsp.documents import Document
from rechat.lsp.lenses import ACCEPT
from rechat.lsp.lenses import ASK
from rechat.lsp.lenses import ask
from rechat.lsp.lenses import lenses
from rechat.lsp.running import Running
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import UsageError

_USUAL_PORT = 8910
# Seconds between two polls for new misses.
_OFTEN = 1.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """The editor's settings: the port of the running rechat, and the target to ask again."""

    port: int = _USUAL_PORT
    target: str = ""

    @property
    def url(self) -> str:
        """The address of the running rechat."""
        return f"http://localhost:{self.port}"

    def asked(self, document: Document, title: str) -> str:
        """The target for a section, as in `rechat resend --to`; by default the running rechat, for
        which any model will do if none is recorded.
        """
        chosen = [one for one in document.sections if title in ("", one.title)]
        has_model = all("model" in one.settings for one in chosen)
        return self.target or f"{self.url}/v1{'' if has_model else ':any'}"


def wanted_of(told: Any) -> Wanted:
    """The settings; values of the wrong type are ignored."""
    own = told if isinstance(told, dict) else {}
    port, target = own.get("port"), own.get("target")
    return Wanted(
        port if isinstance(port, int) and 0 < port < 1 << 16 else _USUAL_PORT,
        target if isinstance(target, str) else "",
    )


class Beside:
    """The work beside the loop of a server. `say` shows a text to a person, and whether it is good
    news; `refresh` makes the editor request lenses again.
    """

    def __init__(self, say: Callable[[str, bool], None], refresh: Callable[[], None]) -> None:
        self._say = say
        self._refresh = refresh
        self._over = threading.Event()
        self.want(Wanted())

    def want(self, wanted: Wanted) -> None:
        """Apply the editor's settings."""
        self._wanted = wanted
        self._running = Running(wanted.url, os.environ.get("RECHAT_TOKEN", ""))

    def start(self, task: Callable[[], None]) -> None:
        """Run a task in a thread of its own; the end does not wait for it."""
        threading.Thread(target=task, name="rechat-lsp", daemon=True).start()

    def watch(self) -> None:
        """Poll for new misses from now on, until `stop`."""
        self.start(self._watch)

    def stop(self) -> None:
        """Stop polling."""
        self._over.set()

    def _watch(self) -> None:
        latest = self._running.latest()
        while not self._over.wait(_OFTEN):
            now = self._running.latest()
            if now != latest:
                latest = now
                self._refresh()

    def lenses(self, document: Document) -> Json:
        """The lenses of a text."""
        return [*lenses(document, self._running.missed())]

    def execute(self, command: str, given: list[Json], opened: dict[str, Document]) -> Json:
        """Execute the command of a lens; the result is shown and returned. Raises `RechatError`."""
        match command, given:
            case "rechat.ask", [str(uri), str(title)]:
                document = opened.get(uri) or _on_disk(uri)
                told, is_good = ask(document, title, self._wanted.asked(document, title))
                self._say(told, is_good)
                return {"message": told, "same": is_good}
            case "rechat.accept", [int(number), str(answer)]:
                place = self._running.accept(number, answer)
                self._say(f"{place} takes this question", True)  # noqa: FBT003
                self._refresh()
                return {"place": place}
        raise UsageError(f"{command} is not known, or takes something else: {ASK}, {ACCEPT}")


def _on_disk(uri: str) -> Document:
    path: Path = Document(uri, "").path
    try:
        return Document(uri, path.read_text("utf-8").replace("\r\n", "\n"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from None


COMMANDS: JsonObject = {"commands": [ASK, ACCEPT]}
"""What `workspace/executeCommand` takes."""
