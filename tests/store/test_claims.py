"""What processes tell each other that record into one folder."""

import subprocess
import sys
from pathlib import Path
from typing import Self

import pytest

from rechat.store.claims import Claims

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="locks of POSIX systems")

OTHER = """
import sys
from pathlib import Path
from rechat.store.claims import Claims
claims = Claims(Path(sys.argv[1]))
for line in sys.stdin:
    command, _, word = line.strip().partition(" ")
    print(getattr(claims, command)(*([word.encode() if command != "tell" else word] * bool(word))), flush=True)
"""


class Other:
    """Another process with claims in the same folder."""

    def __init__(self, wire: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", OTHER, str(wire)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def do(self, command: str) -> str:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


def test_one_process_has_a_request_and_another_one_a_different(tmp_path: Path) -> None:
    claims = Claims(tmp_path / ".wire")
    with Other(tmp_path / ".wire") as other:
        assert claims.take(b"a")
        assert other.do("take a") == "False"
        assert other.do("take b") == "True"
        assert not claims.take(b"b")
        claims.release(b"a")
        assert other.do("take a") == "True"
        assert not claims.take(b"a")


def test_a_process_that_is_killed_lets_go(tmp_path: Path) -> None:
    claims = Claims(tmp_path / ".wire")
    with Other(tmp_path / ".wire") as other:
        assert other.do("take a") == "True"
        assert not claims.take(b"a")
    assert claims.take(b"a")


def test_what_others_have_written_is_told_once_and_what_was_before_is_not(tmp_path: Path) -> None:
    with Other(tmp_path / ".wire") as other:
        other.do("tell before.md")
        claims = Claims(tmp_path / ".wire")
        assert claims.news() == []
        claims.tell("mine.md")
        for name in ("a.md", "in/größe\u2028b.md", "a.md"):
            other.do(f"tell {name}")
        assert claims.news() == ["a.md", "in/größe\u2028b.md"]
        assert claims.news() == []


def test_a_long_file_is_begun_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rechat.store.claims._LONG", 100)
    claims = Claims(tmp_path)
    assert claims.take(b"a")
    with Other(tmp_path) as other:
        for number in range(20):
            other.do(f"tell {number}.md")
            assert claims.news() == [f"{number}.md"]
            claims.tell("mine.md")
    assert (tmp_path / "claims").stat().st_size < 200


def test_half_a_line_of_a_killed_process_is_passed_over(tmp_path: Path) -> None:
    claims = Claims(tmp_path)
    assert claims.news() == []
    with (tmp_path / "claims").open("a") as file:
        file.write('[1, "lo\n[1]\n[1, "a.md"]\n[1, "half')
    assert claims.news() == ["a.md"]


def test_a_folder_that_cannot_be_written_has_no_claims(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    claims = Claims(tmp_path / "file" / ".wire")
    assert claims.take(b"a")
    claims.tell("a.md")
    claims.release(b"a")
    assert claims.news() == []


def test_git_ignores_what_is_told(tmp_path: Path) -> None:
    assert Claims(tmp_path / ".wire").take(b"a")
    assert (tmp_path / ".wire" / ".gitignore").read_text() == "*\n"
    assert list(tmp_path.iterdir()) == [tmp_path / ".wire"]


def test_a_file_that_was_told_of_before_the_first_claim_is_news(tmp_path: Path) -> None:
    claims = Claims(tmp_path / ".wire")
    with Other(tmp_path / ".wire") as other:
        other.do("tell early.md")
        assert claims.take(b"a")
        assert claims.news() == ["early.md"]


def test_it_is_quick_once_the_file_is_open_and_while_little_was_told(folder: Path) -> None:
    mine, other = Claims(folder), Claims(folder)
    assert not mine.is_quick
    mine.take(b"a")
    assert mine.is_quick
    other.tell("a.md")
    assert mine.is_quick
    for number in range(500):
        other.tell(f"{number}.md")
    assert not mine.is_quick
    mine.news()
    assert mine.is_quick


def test_it_is_not_quick_where_another_machine_may_have_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rechat.store.claims.mounts.remote", lambda paths: (folder, "nfs4"))
    mine = Claims(folder)
    mine.take(b"a")
    assert not mine.is_quick
