"""`import rechat`: what a program finds there, and what it costs."""

import subprocess
import sys
from importlib.resources import files
from typing import assert_type

import pytest

import rechat


def test_every_public_name_is_there() -> None:
    for name in rechat.__all__:
        assert getattr(rechat, name) is not None
    assert {*rechat.__all__, "__version__"} <= set(dir(rechat))
    assert len(rechat.__all__) == len(set(rechat.__all__))


def test_a_name_that_is_not_public_is_an_error() -> None:
    with pytest.raises(AttributeError, match="module 'rechat' has no attribute 'nothing'"):
        rechat.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_type_checkers_see_the_names() -> None:
    assert (files("rechat") / "py.typed").is_file()
    transcript = rechat.parse("### user\n\n> Hi\n")
    assert_type(transcript, rechat.Transcript)
    assert_type(rechat.render(transcript), str)
    with pytest.raises(RuntimeError, match="is not running"):
        assert_type(rechat.Replay("transcripts").url, str)


def imported_by(program: str) -> set[str]:
    """The modules that a program imports in a fresh interpreter."""
    program = (
        f"import sys\nbefore = {{*sys.modules}}\n{program}\n"
        "sys.stderr.write(' '.join({*sys.modules} - before))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(run.stderr.split())


def test_importing_rechat_imports_nothing_else() -> None:
    assert imported_by("import rechat") == {"rechat"}


def test_no_public_name_needs_what_serving_needs() -> None:
    heavy = {"mitmproxy", "asyncio", "pytest", "typer", "rich", "watchdog"}
    assert not imported_by("from rechat import *") & heavy


ROOMS = ("convert", "folder", "misses", "programs", "reading", "serving")


def test_help_needs_nothing_of_what_the_commands_do() -> None:
    help_ = "from rechat.cli.app import app\napp(['record', '--help'], standalone_mode=False)"
    ours = {name for name in imported_by(help_) if name.startswith("rechat.")}
    described = {
        *("", ".app", ".arguments", ".options", ".parameters", ".resend", ".resend.parameters"),
        *(f".{room}" for room in ROOMS),
        *(f".{room}.commands" for room in ROOMS),
    }
    helped = {".help", ".help.completion", ".help.examples", ".help.groups"}
    set_up = {
        ".settings",
        *(f".settings.{name}" for name in ("files", "holding", "known", "tables")),
    }
    assert ours == {f"rechat.cli{part}" for part in described | helped | set_up}
