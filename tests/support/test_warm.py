"""A process that was forked from a warm interpreter is as one that has started by itself."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import process
import pytest
from warm import Warm
from warm import is_warm

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these forks")
HELLO = "### user\n\n> Größe?\n\n### assistant\n\n> Hi!\n"
COMMANDS: list[tuple[str, ...]] = [
    ("--version",),
    ("show", "transcripts/missing.md"),
    ("lint", "transcripts"),
    ("find", "Größe?", "transcripts"),
    ("run", "replay", "transcripts", "-q", "--", "sh", "-c", "cat; pwd; echo $MINE >&2; exit 7"),
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: arguments[0])
def test_a_command_says_and_ends_as_a_fresh_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "transcripts").mkdir()
    (tmp_path / "transcripts" / "a.md").write_text(HELLO, "utf-8")

    def ran() -> tuple[int, str, str]:
        done = process.run(*arguments, folder=tmp_path, given="gegeben", MINE="ours")
        return done.returncode, done.stdout, done.stderr

    warm = ran()
    monkeypatch.setattr(process, "is_warm", lambda environment: False)
    assert warm == ran()


def test_what_an_interpreter_reads_only_once_needs_a_fresh_one() -> None:
    assert is_warm({**os.environ, "HOME": "/elsewhere", "PYTHONUNBUFFERED": "1"})
    assert not is_warm({**os.environ, "PYTHONPATH": "/elsewhere"})


def started(folder: Path, *arguments: str) -> tuple[Warm, int]:
    """A process, and where it speaks."""
    reading, writing = os.pipe()
    with open(os.devnull) as nothing:  # noqa: PTH123
        begun = Warm(arguments, folder, os.environ, (nothing.fileno(), writing, writing))
    os.close(writing)
    return begun, reading


def test_signals_reach_it_and_its_end_is_told(tmp_path: Path) -> None:
    (tmp_path / "transcripts").mkdir()
    for number, code in ((signal.SIGTERM, 0), (signal.SIGKILL, -signal.SIGKILL)):
        begun, said = started(tmp_path, "replay", "transcripts", "--port", "0")
        with os.fdopen(said) as stream:
            assert stream.readline().startswith("http://")
            assert begun.poll() is None
            with pytest.raises(subprocess.TimeoutExpired):
                begun.wait(0)
            begun.send_signal(number)
            assert begun.wait(60) == code
            begun.send_signal(number)  # it is gone: nobody else gets it


def test_only_what_is_of_others_has_been_imported(tmp_path: Path) -> None:
    """A module of ours with the name of one that each start imports."""
    (tmp_path / "rechat").mkdir()
    (tmp_path / "rechat" / "__init__.py").touch()
    (tmp_path / "rechat" / "__main__.py").write_text(
        "import json, sys\nprint(json.dumps([__name__, sys.argv[1:], sorted(sys.modules)]))\n"
    )
    begun, said = started(tmp_path, "one", "two words")
    with os.fdopen(said) as stream:
        name, arguments, modules = json.load(stream)
    assert begun.wait(60) == 0
    assert (name, arguments) == ("__main__", ["one", "two words"])
    assert "mitmproxy.proxy.layers" in modules
    assert not [one for one in modules if one.startswith("rechat.") and one != "rechat.__main__"]
