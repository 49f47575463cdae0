"""At a real terminal: with `-v` an answer is read along while it arrives."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Self

import httpx
import pytest
from process import DEADLINE
from upstream import Gate
from upstream import Stream
from upstream import Upstream

pty = pytest.importorskip("pty", reason="there are no pseudo terminals here")


class Terminal:
    """`rechat ARGUMENTS` at a pseudo terminal, which is no log though the tests may run in CI."""

    def __init__(self, *arguments: str | Path, folder: Path, CI: str = "") -> None:  # noqa: N803
        self._shown = ""
        self._changed = threading.Condition()
        ours, theirs = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "rechat", *map(str, arguments), "--port", "0"],
            cwd=folder,
            env=os.environ | {"COLUMNS": "100", "LINES": "30", "TERM": "xterm", "CI": CI},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        self._reader = threading.Thread(target=self._read, args=(ours,), daemon=True)
        self._reader.start()

    def _read(self, ours: int) -> None:
        with os.fdopen(ours, "rb", buffering=0) as stream:
            while data := self._piece(stream.fileno()):
                with self._changed:
                    self._shown += data.decode("utf-8", "replace")
                    self._changed.notify_all()

    @staticmethod
    def _piece(number: int) -> bytes:
        try:
            return os.read(number, 65536)
        except OSError:  # how Linux says that nobody is at the other end
            return b""

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Where it is shown, waited for with a deadline."""
        found = None

        def is_there() -> bool:
            nonlocal found
            found = re.search(pattern, self._shown)
            return found is not None

        with self._changed:
            self._changed.wait_for(is_there, DEADLINE)
        assert found, self._shown
        return found

    def end(self) -> str:
        """All that was shown, once it has ended."""
        self._process.send_signal(signal.SIGINT)
        assert self._process.wait(DEADLINE) == 0
        self._reader.join(DEADLINE)
        return self._shown

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()


def chunk(text: str) -> bytes:
    return b"data: " + json.dumps({"choices": [{"delta": {"content": text}}]}).encode() + b"\n\n"


def test_an_answer_is_shown_while_it_arrives_and_once_when_it_is_there(
    upstream: Upstream, folder: Path
) -> None:
    gate = Gate()
    events = [chunk("Once upon "), chunk("a time."), b"data: [DONE]\n\n"]
    upstream.reply(Stream(events, gate=gate))
    body = {"model": "gpt-5", "messages": [{"role": "user", "content": "Tell"}], "stream": True}
    arguments = ("record", upstream.url, "--to", folder, "-v")
    with Terminal(*arguments, folder=folder.parent) as terminal:
        url = terminal.wait_for(r"http://\S+/v1")[0]
        with httpx.stream("POST", f"{url}/chat/completions", json=body, timeout=20) as reply:
            gate.open()
            terminal.wait_for(r"…  gpt-5  Tell[^…]*Once upon")
            gate.open(10)
            reply.read()
        terminal.wait_for(r"recorded(?s:.*)Once upon a time\.")
        assert terminal.end().count("Once upon a time.") == 1


def test_the_last_line_counts_requests_and_what_is_told_stands_above_it(folder: Path) -> None:
    (folder / "mine.md").write_text("### user\n\n> Hi\n\n### assistant\n\n> Ho\n")
    body = {"model": "gpt-5", "messages": [{"role": "user", "content": "Hi"}]}
    with Terminal("replay", folder, folder=folder.parent) as terminal:
        url = terminal.wait_for(r"http://\S+/v1")[0]
        httpx.post(f"{url}/chat/completions", json=body).raise_for_status()
        terminal.wait_for(r"1 request, 100 % hits: ✓ 1 hit\x1b\[0m\r?$")
        (folder / "mine.md").write_text("### user\n\n> Hi\n\n### assistant\n\n> Hey\n")
        terminal.wait_for(r"\x1b\[2K\S*mine\.md reloaded")
        shown = terminal.end()
    assert re.search(r"\x1b\[2K[^\n]*rechat: 1 request, 100 % hits: ✓ 1 hit\S*\r\n$", shown)


def test_a_terminal_of_ci_is_written_to_like_a_log(folder: Path) -> None:
    (folder / "mine.md").write_text("### user\n\n> Hi\n\n### assistant\n\n> Ho\n")
    body = {"model": "gpt-5", "messages": [{"role": "user", "content": "Hi"}]}
    with Terminal("replay", folder, folder=folder.parent, CI="true") as terminal:
        url = terminal.wait_for(r"http://\S+/v1")[0]
        httpx.post(f"{url}/chat/completions", json=body).raise_for_status()
        terminal.wait_for(r"✓ hit")
        shown = terminal.end()
    assert "assistant" not in shown
    assert not re.search(r"\x1b\[\d*[A-K]|\r(?!\n)", shown)
