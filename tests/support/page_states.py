"""Every state of the page, for those who look at all of them: axe does in its test, people by

    python tests/support/page_states.py FOLDER [STATE]...

which writes a picture of each, 1440 and 390 wide, light and dark.
"""

import json
import math
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from page_rig import AGENT
from page_rig import FILE
from page_rig import KNOWN
from page_rig import ask
from page_rig import ask_as_an_agent
from page_rig import launched
from process import Rechat
from upstream import Gate
from upstream import Stream
from upstream import Upstream
from upstream import answer

WIDTHS = {1440: 900, 390: 844}
SCHEMES = ("light", "dark")
MANY = 10_000
RICH = """---
model: gpt-5
rechat: {pace: "60:0.25"}
---

### user

> Which database fits a small service? Show a table and code.

### assistant, take 1

> ## Two candidates
>
> | | SQLite | PostgreSQL |
> |---|---|---|
> | server | none | one process |
> | writers | one at a time | many |
>
> ```python
> import sqlite3
>
> connection = sqlite3.connect("app.db")  # a file
> ```
>
> Take **SQLite** until two machines write.

#### reasoning

> A small service has one machine. A file is enough, and nothing has to be administered.

### assistant, take 2

> ## Two candidates
>
> | | SQLite | PostgreSQL |
> |---|---|---|
> | server | none | one process |
> | writers | one at a time | hundreds |
>
> Take **PostgreSQL** if two machines write.

#### reasoning

> Nobody said how many machines there are.
"""
RICH_QUESTION = "Which database fits a small service? Show a table and code."
PRICES = '[prices]\n"gpt-5" = [1.25, 10.0]\n'


@dataclass(frozen=True, slots=True)
class State:
    """Where it is, what is seen when it is there, and what a reader does for it. `server` is one of
    those that `served` starts.
    """

    server: str
    address: str
    shown: str
    act: Callable[[Any], None] = lambda _: None

    def open(self, page: Any, root: str) -> None:
        """Bring a page to it."""
        page.goto(f"{root}{self.address}")
        self.act(page)
        page.locator(self.shown).first.wait_for()


def clicks(*places: str) -> Callable[[Any], None]:
    def click(page: Any) -> None:
        for place in places:
            page.locator(place).first.click()

    return click


def types(place: str, text: str) -> Callable[[Any], None]:
    return lambda page: page.locator(place).first.fill(text)


def presses(key: str, there: str = ".row") -> Callable[[Any], None]:
    def press(page: Any) -> None:
        page.locator(there).first.wait_for()
        page.keyboard.press(key)

    return press


STATES: dict[str, State] = {
    "list": State("replay", "/", ".row"),
    "group": State("replay", "/", ".row.inner", clicks(".row.group")),
    "hit": State("replay", "/?open=1", "#part strong"),
    "miss": State("replay", "/?open=2", ".diff"),
    "failed": State("replay", "/?open=3", "#part .message"),
    "agent": State("replay", "/?open=5", "#part .call"),
    "reasoning": State("replay", "/?open=6", ".thought", clicks(".reasoning > summary")),
    "takes": State("replay", "/?open=6", ".take", clicks("[data-part=takes]")),
    "timing": State("replay", "/?open=6", "svg.plot", clicks("[data-part=timing]")),
    "at once": State("replay", "/?open=1", "#part p", clicks("[data-part=timing]")),
    "request": State("replay", "/?open=5", "#part .json", clicks("[data-part=request]")),
    "response": State("replay", "/?open=6", "#part .json", clicks("[data-part=response]")),
    "headers": State("replay", "/?open=1", "#part table", clicks("[data-part=headers]")),
    "found": State("replay", "/?open=5&part=request", ".json .here", types(".find", "a.py")),
    "source": State("replay", "/?open=6", ".raw", presses("r", "#part .answer")),
    "editing": State("replay", "/?open=1", "#edited", clicks("#edit-answer")),
    "preview": State("replay", "/?open=6", "#preview p", clicks("#edit-answer", "#look")),
    "transcripts": State("replay", "/?tab=transcripts", ".file"),
    "reader": State("replay", "/?tab=transcripts", "#reader .message", clicks(".file .name")),
    "whole file": State(
        "replay", "/?tab=transcripts", "#whole", clicks(".file .name", "#edit-file")
    ),
    "searched": State("replay", "/?tab=transcripts&q=capital", ".found mark"),
    "overview": State("replay", "/?tab=overview", "svg.plot"),
    "columns": State("replay", "/", ".sheet", clicks(".menu > summary")),
    "keys": State("replay", "/", "#keys[open]", presses("?")),
    "settings": State("replay", "/", "#settings[open]", clicks("#set")),
    "nothing": State("replay", "/?q=nothing", "#empty h2"),
    "empty": State("empty", "/", "#empty pre"),
    "recorded": State("record", "/", ".row"),
    "under way": State("record", "/", "#live", clicks("#way .arriving")),
    "resending": State("record", "/?open=1", "#resend-ask", clicks("#resend")),
    "resent": State("record", "/?open=1", "#resent .diff", clicks("#resend", "#resend-ask")),
    "promoting": State("record", "/?open=2", "#promote-name", clicks("#promote")),
    "spent": State("record", "/?tab=overview", "svg.plot"),
    "held": State("hold", "/?open=1", "#answer"),
    "many": State("many", "/", f"#state:has-text('{MANY:,} shown')"),
}


@contextmanager
def served(room: Path) -> Iterator[dict[str, str]]:
    """The addresses of servers in which all states are found."""
    with ExitStack() as stack:
        servers = {
            "replay": stack.enter_context(_replaying(room / "replay")),
            "record": stack.enter_context(_recording(room / "record")),
            "hold": stack.enter_context(_holding(room / "hold")),
            "empty": stack.enter_context(_started(room / "empty", "replay", "transcripts")),
            "many": stack.enter_context(_replaying_many(room / "many")),
        }
        yield {name: rechat.root for name, rechat in servers.items()}


def _started(folder: Path, *arguments: str) -> Rechat:
    (folder / "transcripts").mkdir(parents=True)
    (folder / "rechat.toml").write_text(PRICES)
    (folder / "transcripts" / "capitals.md").write_text(FILE)
    return Rechat(*arguments, folder=folder)


@contextmanager
def _replaying(folder: Path) -> Iterator[Rechat]:
    started = _started(folder, "replay", "transcripts")
    transcripts = folder / "transcripts"
    (transcripts / "agent.md").write_text(AGENT)
    (transcripts / "databases.md").write_text(RICH)
    (transcripts / "broken.md").write_text("### usr\n")
    with started as rechat:
        ask(rechat, KNOWN)
        ask(rechat, "And of Spain?")
        _ask_alone(rechat, "m", "Too fast?")
        ask_as_an_agent(rechat)
        _ask_alone(rechat, "gpt-5", RICH_QUESTION, stream=True)
        yield rechat


def _ask_alone(rechat: Rechat, model: str, text: str, **settings: Any) -> None:
    body = {"model": model, "messages": [{"role": "user", "content": text}], **settings}
    httpx.post(f"{rechat.url}/chat/completions", json=body, timeout=None)


@contextmanager
def _recording(folder: Path) -> Iterator[Rechat]:
    """With an answer that stays under way."""
    words = ("A proxy ", "stands ", "between ")
    events = [{"choices": [{"index": 0, "delta": {"content": word}}]} for word in words]
    told = [f"data: {json.dumps(event)}\n\n".encode() for event in events]
    gate = Gate()
    with Upstream() as upstream, _started(folder, "record", f"{upstream.url},name=here") as rechat:
        for text in (KNOWN, "What is a proxy?", "Write a haiku about rain."):
            ask(rechat, text, model="gpt-5")
        slow = Stream(told, gate=gate)
        upstream.reply(lambda asked: slow if b"at length" in asked.body else answer(asked))
        client = threading.Thread(target=_stream, args=(rechat,), daemon=True)
        client.start()
        gate.open(2)
        yield rechat
        gate.open(math.inf)
        client.join(20)


def _stream(rechat: Rechat) -> None:
    _ask_alone(rechat, "gpt-5", "Explain a proxy at length.", stream=True)


@contextmanager
def _holding(folder: Path) -> Iterator[Rechat]:
    with _started(folder, "replay", "transcripts", "--on-miss", "hold") as rechat:
        client = threading.Thread(target=_ask_in_vain, args=(rechat,), daemon=True)
        client.start()
        rechat.wait_for(lambda line: "waits for the answer" in line, "not held")
        yield rechat
    client.join(20)


def _ask_in_vain(rechat: Rechat) -> None:
    with suppress(httpx.HTTPError):  # the server ends
        _ask_alone(rechat, "gpt-5", "What is the capital of Spain?")


@contextmanager
def _replaying_many(folder: Path) -> Iterator[Rechat]:
    with _started(folder, "replay", "transcripts") as rechat:
        body = json.dumps({"model": "gpt-5", "temperature": 0.2, "messages": _KNOWN}).encode()
        head = (
            b"POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-length: %d\r\n\r\n"
        )
        asked = (head % len(body) + body) * 100
        port = int(rechat.root.rpartition(":")[2])
        with socket.create_connection(("localhost", port)) as connection:
            answers = connection.makefile("rb")
            for _ in range(MANY // 100):
                connection.sendall(asked)
                for _ in range(100):
                    _read_answer(answers)
        yield rechat


_KNOWN = [{"role": "system", "content": "You are brief."}, {"role": "user", "content": KNOWN}]


def _read_answer(answers: Any) -> None:
    length = 0
    while line := answers.readline().strip().lower():
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    answers.read(length)


def _pictures(folder: Path, names: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as room, served(Path(room)) as roots:
        for browser in launched():
            for width, height in WIDTHS.items():
                for scheme in SCHEMES:
                    context = browser.new_context(
                        viewport={"width": width, "height": height}, color_scheme=scheme
                    )
                    context.set_default_timeout(15_000)
                    page = context.new_page()
                    for name in names or STATES:
                        state = STATES[name]
                        state.open(page, roots[state.server])
                        path = folder / f"{name.replace(' ', '-')}-{width}-{scheme}.png"
                        page.screenshot(path=path)
                    context.close()


if __name__ == "__main__":
    _pictures(Path(sys.argv[1]), sys.argv[2:])
