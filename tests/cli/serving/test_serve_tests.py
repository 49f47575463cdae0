"""The server of a run of pytest, as its plugin starts it."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = [sys.executable, "-m", "rechat.cli.serving.serve_tests"]


def test_it_serves_until_standard_input_ends_and_leaves_the_home_alone(tmp_path: Path) -> None:
    run = subprocess.run(
        PROGRAM,
        cwd=tmp_path,
        env=os.environ | {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.startswith("http://localhost:")
    assert run.stderr == ""
    assert not [*tmp_path.iterdir()]


def test_it_needs_nothing_that_reads_command_lines(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom rechat.cli.serving.serve_tests import main\nmain()\nprint(*sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    others = {"typer", "pydantic", "markdown_it", "multiprocessing", "rechat.cli.serving.child"}
    assert not others & {*run.stdout.splitlines()[-1].split()}


def test_a_setting_that_nobody_reads_is_told(tmp_path: Path) -> None:
    (tmp_path / "rechat.toml").write_text("polcy = 1\n")
    run = subprocess.run(
        PROGRAM,
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("rechat: rechat.toml:1: polcy: rechat has no such setting")
