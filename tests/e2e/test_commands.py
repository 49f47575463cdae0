"""The command line as a whole."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from process import Rechat
from process import run


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["replay", "nowhere"], "nowhere does not exist"),
        (["record", "no-url"], "'no-url' is not an upstream"),
        (["record", "http://localhost:1/v1", "answers/"], "--to names the folder of transcripts"),
        (["show"], "Missing argument"),
        (["replay", ".", "--mode", "nonsense"], "--mode nonsense"),
        (["replay", ".", "--set", "nonsense=1"], "nonsense"),
        (["record", "--on-miss", "guess"], "--on-miss guess"),
        (["run", "replay"], "put the program after --"),
        (["run", "--", "no-such-program"], "no-such-program: no such program"),
        (["replay", ".", "-f", "gone.dump"], "gone.dump does not exist"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_usage_is_one_line_and_exit_code_2(
    tmp_path: Path, arguments: list[str], problem: str
) -> None:
    result = run(*arguments, folder=tmp_path)
    assert result.returncode == 2, result.stderr
    assert problem in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "command", [[], ["record"], ["replay"]], ids=["(none)", "record", "replay"]
)
def test_serving_needs_no_arguments(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "transcripts").mkdir()
    with Rechat(*command, folder=tmp_path) as rechat:
        assert rechat.wait_for_line("transcripts (0 answers in 0 files)")


@pytest.mark.parametrize(
    ("command", "code"),
    [("run", 2), ("show", 2), ("find", 2), ("diff", 2), ("lint", 0), ("init", 0), ("--help", 0)],
)
def test_the_shortest_form_of_a_command_works_or_says_what_is_missing(
    tmp_path: Path, command: str, code: int
) -> None:
    (tmp_path / "transcripts").mkdir()
    result = run(command, folder=tmp_path)
    assert result.returncode == code
    assert "Traceback" not in result.stderr
    assert result.stderr or result.stdout


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("rechat ", ["record", "replay", "run"]),
        ("rechat re", ["record", "replay"]),
        ("rechat replay --po", ["--port"]),
        ("rechat http://localhost:1 --ta", ["--takes"]),
        ("rechat replay --on-miss h", ["hold"]),
        ("rechat lint cha", ["chats/"]),
        ("rechat show chats/w", ["chats/weather.md"]),
        ("rechat show chats/weather.md#", ["chats/weather.md#Lisbon"]),
    ],
)
def test_a_shell_completes_commands_and_options(
    tmp_path: Path, typed: str, offered: list[str]
) -> None:
    (tmp_path / "chats").mkdir()
    (tmp_path / "chats" / "weather.md").write_text("## Lisbon\n\n### user\n\n> a\n")
    words = {"COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split(" ")) - 1)}
    result = subprocess.run(
        [sys.executable, "-c", "from rechat.cli import main; main()"],
        env=os.environ | words | {"_RECHAT_COMPLETE": "complete_bash"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stderr == ""
    assert result.stdout.split()[: len(offered)] == offered


def test_reading_commands_do_not_import_mitmproxy(mine: Path) -> None:
    code = (
        "import sys; from rechat.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: print(any(name.startswith('mitmproxy') for name in sys.modules))"
    )
    for arguments in (
        ["--help"],
        ["lint", str(mine)],
        ["show", str(mine)],
        ["find", "x", str(mine)],
    ):
        result = subprocess.run(
            [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
        )
        assert result.stdout.splitlines()[-1] == "False"
