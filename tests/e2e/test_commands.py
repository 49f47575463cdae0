"""The command line as a whole."""

import subprocess
import sys
from pathlib import Path

import pytest
from process import run


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["replay", "nowhere"], "nowhere does not exist"),
        (["record", "no-url"], "'no-url' is no upstream"),
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
