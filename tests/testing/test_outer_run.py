"""pytest under `rechat run`: failing tests say what they asked in vain."""

import sys
from pathlib import Path

import pytest
from process import run

from rechat.testing.journal import Journal

TESTS = """
import os
from openai import OpenAI

def ask(text):
    answer = OpenAI(max_retries=0).chat.completions.create(
        model="gpt-5", messages=[{"role": "user", "content": text}]
    )
    return answer.choices[0].message.content

def test_known():
    assert ask("Hello") == "Hi!"

def test_unknown():
    ask("Hello you")

def test_wrong():
    assert ask("Hello") == "Ho!"
"""


@pytest.fixture
def suite(mine: Path) -> Path:
    folder = mine.parent.parent
    (folder / "test_it.py").write_text(TESTS)
    (folder / "pytest.ini").write_text("[pytest]\n")
    return folder


def test_a_failing_test_says_what_no_transcript_answers(suite: Path) -> None:
    command = (sys.executable, "-m", "pytest", "-p", "no:randomly", "-p", "no:cacheprovider")
    done = run("run", "replay", "transcripts", "--", *command, folder=suite)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 passed" in done.stdout
    sections = done.stdout.split("- rechat: no transcript answers -")
    assert len(sections) == 2
    assert (
        "\ngpt-5  Hello you\n"
        "  nearest transcripts/mine.md:7\n"
        '  the user message (message 1 of 1) differs: "you" is new\n'
        "    -Hello\n"
        "    +Hello you\n"
    ) in sections[1]


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"RECHAT_URL": "http://localhost:9", "RECHAT_TOKEN": "gone"},
        {"RECHAT_URL": "file:///etc/passwd", "RECHAT_TOKEN": "x"},
    ],
    ids=["nothing", "gone", "no address"],
)
def test_without_rechat_nothing_happens(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    monkeypatch.delenv("RECHAT_URL", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    pytester.makeini("[pytest]\n")
    pytester.makepyfile("def test_it():\n    assert not 1\n")
    done = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    done.assert_outcomes(failed=1)
    assert "no transcript" not in done.stdout.str()
    assert not Journal("", "").is_there()
