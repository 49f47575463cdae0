"""The commands, and what they say when they cannot go on."""

import subprocess
import sys
from pathlib import Path

import pytest

from rechat import __version__
from rechat.cli.app import app
from rechat.cli.app import check_settings
from rechat.cli.app import main
from rechat.values.errors import UsageError


def code_of(*arguments: str) -> object:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code


def test_every_command_that_is_shown_says_what_it_does() -> None:
    for info in app.registered_commands:
        assert info.callback
        assert info.hidden or (info.callback.__doc__ or "").strip(), info.name


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_version_is_shown(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of(option) == 0
    assert capsys.readouterr().out == f"rechat {__version__}\n"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings of the working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "rechat.toml"


def test_an_error_of_ours_is_one_line_and_exits_with_2(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.write_text("portt = 1\n")
    assert code_of("lint", ".") == 2
    told = capsys.readouterr().err
    assert told.startswith("rechat: ")
    assert "portt" in told
    assert "Traceback" not in told


def test_help_is_there_whatever_the_settings_say(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.write_text("portt = 1\n")
    assert code_of("lint", "--help") == 0
    assert "Usage" in capsys.readouterr().out


def test_settings_that_nobody_reads_are_found_before_a_server_starts(settings: Path) -> None:
    check_settings()
    settings.write_text("portt = 1\n")
    with pytest.raises(UsageError, match="portt"):
        check_settings()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
@pytest.mark.parametrize("command", ["show", "stats"])
def test_output_that_cannot_be_written_is_reported_in_one_line(mine: Path, command: str) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "rechat", command, str(mine)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    told = "rechat: the output cannot be written: No space left on device\n"
    assert (ended.stderr, ended.returncode) == (told, 2)
