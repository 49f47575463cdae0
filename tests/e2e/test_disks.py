"""What happens to a disk or a connection, happens for real: a file system fills up or is
read-only, an upstream cuts, an answer is larger than memory should be.

The large one by hand has 500 MB: `TEST_LARGE=1 pytest tests/e2e/test_disks.py`.
"""

import contextlib
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from process import Rechat
from upstream import Break
from upstream import How
from upstream import Json
from upstream import Stream
from upstream import Upstream

MEGABYTE = 1 << 20
KNOWN = "### user\n\n> Hi\n\n### assistant\n\n> Ho\n"
# More than is kept of an answer.
LARGE = 500 if os.environ.get("TEST_LARGE") else 80


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root may mount a file system, and not everywhere")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def question(text: str, **more: Any) -> dict[str, Any]:
    return {"model": "m", "messages": [{"role": "user", "content": text}], **more}


def ask(rechat: Rechat, text: str) -> httpx.Response:
    return httpx.post(f"{rechat.url}/chat/completions", json=question(text), timeout=20)


def says(text: str) -> Json:
    message = {"role": "assistant", "content": text}
    return Json({"id": "1", "choices": [{"message": message, "finish_reason": "stop"}]})


def test_a_disk_that_fills_up_and_is_cleared_again(
    upstream: Upstream, disk: Path, tmp_path: Path
) -> None:
    upstream.reply(says("x"))
    folder = disk / "transcripts"
    with Rechat("record", upstream.url, "--to", folder, folder=tmp_path) as rechat:
        assert ask(rechat, "one").headers["x-rechat"] == "recorded"
        upstream.reply(says("word " * (MEGABYTE // 3)))
        assert ask(rechat, "two").json()["choices"]
        rechat.wait_for_line("not saved: the disk is full")
        assert ask(rechat, "one").headers["x-rechat"] == "hit"
        upstream.reply(says("y"))
        assert ask(rechat, "three").headers["x-rechat"] == "recorded"
    with Rechat("replay", folder, folder=tmp_path) as rechat:
        assert [ask(rechat, text).status_code for text in ("one", "two", "three")] == [
            200,
            400,
            200,
        ]


def test_a_folder_on_a_read_only_disk_answers_and_keeps_nothing(
    upstream: Upstream, disk: Path, tmp_path: Path
) -> None:
    upstream.reply(says("x"))
    (disk / "known.md").write_text(KNOWN)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    with Rechat("record", upstream.url, "--to", disk, folder=tmp_path) as rechat:
        assert f"{disk} cannot be written: answers are not saved" in rechat.output
        assert ask(rechat, "Hi").headers["x-rechat"] == "hit"
        assert ask(rechat, "two").json()["id"] == "1"
        rechat.wait_for_line("not saved: ")


@pytest.mark.parametrize("how", ["reset", "close"])
def test_an_upstream_that_cuts_after_the_last_event_has_said_all(
    upstream: Upstream, folder: Path, how: How
) -> None:
    upstream.reply(Break(how, after=1000))
    got = b""
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        url, body = f"{rechat.url}/chat/completions", question("Hi", stream=True)
        with httpx.stream("POST", url, json=body, timeout=20) as reply:
            with contextlib.suppress(httpx.TransportError):
                for piece in reply.iter_raw():
                    got += piece
        assert got.endswith(b"data: [DONE]\n\n")
        rechat.wait_for_line("recorded")
    with Rechat("replay", folder, folder=folder.parent) as rechat:
        again = httpx.post(f"{rechat.url}/chat/completions", json=body, timeout=20)
    assert again.content == got


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_an_answer_larger_than_memory_passes_and_is_not_saved(
    upstream: Upstream, folder: Path
) -> None:
    piece = b": " + b"x" * (MEGABYTE - 4) + b"\n\n"
    upstream.reply(Stream([piece] * LARGE))
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        url, body = f"{rechat.url}/chat/completions", question("Hi", stream=True)
        with httpx.stream("POST", url, json=body, timeout=60) as reply:
            size = sum(map(len, reply.iter_raw()))
        rechat.wait_for_line("not saved")
        most = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{rechat.pid}/status").read_text())
    assert size == LARGE * MEGABYTE
    assert most
    assert int(most[1]) < 400_000
    assert "67,108,864" in rechat.output
    assert not [*folder.rglob("*.md")]


def test_a_header_with_a_line_break_in_wire_detail_is_not_sent(
    upstream: Upstream, folder: Path
) -> None:
    upstream.reply(says("x"))
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        recorded = ask(rechat, "Hi")
    [wire] = (folder / ".wire").glob("*.plain")
    changed = wire.read_text().replace("application/json", r"application/json\r\nx-evil: 1")
    assert changed != wire.read_text()
    wire.write_text(changed)
    with Rechat("replay", folder, folder=folder.parent) as rechat:
        replayed = ask(rechat, "Hi")
    assert "x-evil" not in replayed.headers
    assert replayed.json()["choices"] == recorded.json()["choices"]


@pytest.mark.skipif(os.name == "nt", reason="no name of a file has a line break there")
def test_a_file_name_with_a_line_break_begins_no_header(folder: Path) -> None:
    (folder / "a\r\nx-evil: 1.md").write_text(KNOWN)
    with Rechat("replay", folder, folder=folder.parent) as rechat:
        reply = ask(rechat, "Hi")
    assert reply.headers["x-rechat"] == "hit"
    assert "x-evil" not in reply.headers
