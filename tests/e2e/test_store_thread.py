"""One client is recorded to a slow disk, or waits for the folder's lock: others get their hits, and
nobody has had an answer whole that is not on the disk.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from filelock import FileLock
from process import Rechat
from process import run
from upstream import Json
from upstream import Upstream

KNOWN = "### user\n\n> Hello\n\n### assistant\n\n> Hi!\n"

# The first time that rechat asks for something to be on the disk, it waits until somebody opens the
# gate; the reader of a pipe waits for its writer, and the writer for its reader.
SLOW_DISK = """
import os
real, gates = os.fsync, ["{gate}"]
def fsync(handle):
    if gates:
        open(gates.pop()).read()
    real(handle)
os.fsync = fsync
"""

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe")


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    (tmp_path / "site").mkdir()
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    (tmp_path / "site" / "sitecustomize.py").write_text(SLOW_DISK.format(gate=gate))
    return gate


@pytest.fixture
def slow(gate: Path) -> str:
    """The search path of a Python whose disk is slow."""
    return os.pathsep.join([str(gate.parent / "site"), os.environ.get("PYTHONPATH", "")])


@pytest.fixture
def others() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


@pytest.fixture
def known(folder: Path) -> Path:
    (folder / "known.md").write_text(KNOWN)
    return folder


def ask(rechat: Rechat, text: str, **more: Any) -> httpx.Response:
    body = {"model": "m", "messages": [{"role": "user", "content": text}], **more}
    return httpx.post(f"{rechat.url}/chat/completions", json=body, timeout=20)


def recorded(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*.md") if path.name != "known.md"]


def wait_at(gate: Path) -> int:
    """Wait until rechat waits for the disk; what is to be closed to let it go on."""
    return os.open(gate, os.O_WRONLY)


@pytest.mark.parametrize("stream", [False, True])
def test_hits_go_on_while_the_disk_is_slow_and_the_recorded_client_waits(
    upstream: Upstream,
    known: Path,
    gate: Path,
    slow: str,
    others: ThreadPoolExecutor,
    stream: bool,
) -> None:
    command = ("record", upstream.url, "--to", known)
    with Rechat(*command, folder=gate.parent, PYTHONPATH=slow) as rechat:
        missed = others.submit(ask, rechat, "What is new?", stream=stream)
        opened = wait_at(gate)
        assert ask(rechat, "Hello").headers["x-rechat"] == "hit"
        assert not missed.done()
        os.close(opened)
        assert missed.result().headers["x-rechat"] == "recorded"
        assert len(recorded(known)) == 1
        assert ask(rechat, "What is new?").headers["x-rechat"] == "hit"


def test_the_mark_of_the_end_is_not_seen_before_the_file(
    upstream: Upstream, known: Path, gate: Path, slow: str
) -> None:
    """The SDKs of OpenAI close the connection at `[DONE]`, before the message is over."""
    command = ("record", upstream.url, "--to", known)
    body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "New?"}]}
    with Rechat(*command, folder=gate.parent, PYTHONPATH=slow) as rechat:
        url = f"{rechat.url}/chat/completions"
        with httpx.stream("POST", url, json=body, timeout=20) as response:
            lines = response.iter_lines()
            os.close(wait_at(gate))
            assert any(line == "data: [DONE]" for line in lines)
            assert len(recorded(known)) == 1


def test_hits_go_on_while_another_process_holds_the_lock(
    upstream: Upstream, known: Path, tmp_path: Path, others: ThreadPoolExecutor
) -> None:
    (known / ".wire").mkdir()
    lock = FileLock(known / ".wire" / "lock")
    with Rechat("record", upstream.url, "--to", known, folder=tmp_path) as rechat:
        with lock:
            missed = others.submit(ask, rechat, "What is new?")
            upstream.wait_for_requests(1)
            assert ask(rechat, "Hello").headers["x-rechat"] == "hit"
            assert recorded(known) == []
        assert missed.result().headers["x-rechat"] == "recorded"
        assert len(recorded(known)) == 1


def test_what_is_being_saved_at_the_end_is_saved(
    upstream: Upstream, known: Path, gate: Path, slow: str, others: ThreadPoolExecutor
) -> None:
    command = ("record", upstream.url, "--to", known)
    with Rechat(*command, folder=gate.parent, PYTHONPATH=slow) as rechat:
        others.submit(ask, rechat, "What is new?")
        opened = wait_at(gate)
        rechat.stop()
        os.close(opened)
    assert len(recorded(known)) == 1
    assert "recorded" in rechat.output


def test_a_client_that_leaves_while_its_answer_is_saved_loses_nothing(
    upstream: Upstream, known: Path, gate: Path, slow: str
) -> None:
    command = ("record", upstream.url, "--to", known)
    with Rechat(*command, folder=gate.parent, PYTHONPATH=slow) as rechat:
        body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "New?"}]}
        url = f"{rechat.url}/chat/completions"
        with httpx.stream("POST", url, json=body, timeout=20):
            opened = wait_at(gate)
        os.close(opened)
        rechat.wait_for_line("recorded")
    assert len(recorded(known)) == 1


def with_site(tmp_path: Path, source: str) -> str:
    """The path of modules for a process that runs this first."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(source)
    return os.pathsep.join([str(tmp_path / "site"), os.environ.get("PYTHONPATH", "")])


def test_a_disk_that_is_full_is_told_once_and_clients_have_their_answers(
    upstream: Upstream, known: Path, tmp_path: Path
) -> None:
    path = with_site(
        tmp_path,
        "import os, pathlib\nsync = os.fsync\ndef fsync(handle):\n"
        "    if pathlib.Path('full').exists(): raise OSError(28, 'No space left on device')\n"
        "    sync(handle)\nos.fsync = fsync\n",
    )
    upstream.reply(Json({"id": "1", "choices": [{"message": {"content": "x"}}]}))
    with Rechat("record", upstream.url, "--to", known, folder=tmp_path, PYTHONPATH=path) as rechat:
        (tmp_path / "full").touch()
        for question in ("What is new?", "And now?"):
            assert ask(rechat, question).json()["id"] == "1"
        rechat.wait_for_line("And now?")
        assert recorded(known) == []
        (tmp_path / "full").unlink()
        assert ask(rechat, "What is new?").headers["x-rechat"] == "recorded"
        rechat.wait_for_line("answers are saved again")
    assert rechat.output.count("not saved: the disk is full") == 2
    assert rechat.output.count("the disk is full: answers go on to their clients") == 1
    assert len(recorded(known)) == 1


def test_a_folder_that_cannot_be_written_is_told_at_the_start(
    upstream: Upstream, known: Path, tmp_path: Path
) -> None:
    path = with_site(tmp_path, "import os\nos.access = lambda path, mode, **_: mode != os.W_OK\n")
    with Rechat("record", upstream.url, "--to", known, folder=tmp_path, PYTHONPATH=path) as rechat:
        assert f"{known} cannot be written: answers are not saved" in rechat.output
        assert ask(rechat, "Hello").headers["x-rechat"] == "hit"


@pytest.mark.parametrize("command", [["record", "--to"], ["init"]])
def test_a_folder_that_cannot_be_made_stops_the_start_with_the_reason(
    tmp_path: Path, command: list[str]
) -> None:
    (tmp_path / "file").touch()
    found = run(*command, "file/transcripts", folder=tmp_path)
    assert found.returncode == 2
    assert found.stderr.strip() == "rechat: file/transcripts cannot be made: Not a directory"
