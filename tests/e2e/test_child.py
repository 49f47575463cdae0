"""`rechat run` and the program it starts."""

import sys
from pathlib import Path

import pytest
from process import run
from upstream import Upstream

CHILD = """
import json, os, sys, urllib.request
body = json.dumps({"messages": [{"role": "user", "content": sys.argv[1]}]}).encode()
url = os.environ["OPENAI_BASE_URL"] + "/chat/completions"
print(json.load(urllib.request.urlopen(url, body))["choices"][0]["message"]["content"])
print(os.environ["ANTHROPIC_BASE_URL"], bool(os.environ["OPENAI_API_KEY"]))
sys.exit(7)
"""


def test_run_sets_the_variables_and_exits_with_the_programs_code(mine: Path) -> None:
    program = [sys.executable, "-c", CHILD, "Hello"]
    result = run("run", "replay", mine, "--", *program, folder=mine.parent, OPENAI_API_KEY="k")
    assert result.returncode == 7, result.stderr
    said, variables = result.stdout.splitlines()
    assert said == "Hi!"
    assert variables.startswith("http://localhost:")
    assert variables.endswith(" True")


@pytest.mark.parametrize("option", [("--upstream",), ()], ids=["option", "word"])
def test_run_records(upstream: Upstream, folder: Path, option: tuple[str, ...]) -> None:
    program = [sys.executable, "-c", CHILD, "Hello"]
    record = ("run", "record", *option, upstream.url, str(folder))
    result = run(*record, "--", *program, folder=folder.parent, OPENAI_API_KEY="k")
    assert result.stdout.startswith("Echo 1: Hello"), result.stderr
    assert len(list(folder.glob("*.md"))) == 1


def test_a_key_is_made_up_where_only_this_machine_is_asked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    program = [sys.executable, "-c", "import os, sys; sys.exit('OPENAI_API_KEY' in os.environ)"]
    here, far = "http://localhost:11434/v1", "https://api.openai.com/v1"
    for upstreams, has_one in (([here], True), ([here, far], False)):
        done = run("run", "record", *upstreams, folder, "--", *program, folder=folder.parent)
        assert done.returncode == has_one, done.stderr


def test_run_records_from_the_endpoint_that_the_program_is_told_already(
    upstream: Upstream, folder: Path
) -> None:
    program = [sys.executable, "-c", CHILD.replace('os.environ["ANTHROPIC_BASE_URL"]', '""'), "Hi"]
    told = {"OPENAI_BASE_URL": upstream.url, "OPENAI_API_KEY": "k"}
    result = run("run", "record", str(folder), "--", *program, folder=folder.parent, **told)
    assert result.stdout.startswith("Echo 1: Hi"), result.stderr
    assert len(list(folder.glob("*.md"))) == 1


def test_a_replay_takes_no_upstream(tmp_path: Path) -> None:
    found = run("run", "http://localhost:1/v1", "--", sys.executable, "-c", "", folder=tmp_path)
    assert found.returncode == 2
    assert "to record from there: rechat run record http://localhost:1/v1" in found.stderr


def test_the_folder_may_be_an_option_and_strict_counts_what_had_no_answer(mine: Path) -> None:
    """The program takes no notice of the refusal, and ends with 0."""
    careless = (
        f"import sys; sys.exit = lambda code: None\ntry:\n exec({CHILD!r})\nexcept OSError: pass"
    )
    for words, code in (("Hello", 0), ("Unheard of", 1)):
        program = [sys.executable, "-c", careless, words]
        command = ("run", "--to", str(mine.parent), "--strict", "--", *program)
        assert run(*command, folder=mine.parent, OPENAI_API_KEY="k").returncode == code


def test_unused_answers_are_told_of_a_program_that_had_all_of_its_own(mine: Path) -> None:
    program = ["--", sys.executable, "-c", CHILD.replace("sys.exit(7)", "")]
    other = mine.with_name("other.md")
    other.write_text("## Left over\n\n### user\n\n> Bye\n\n### assistant\n\n> Bye!\n")
    for how, words, code, is_told in (
        ("fail", "Hello", 1, True),
        ("warn", "Unheard of", 1, False),
    ):
        result = run(
            "run", "-q", "--unused", how, *(mine, other), *program, words, folder=mine.parent
        )
        assert result.returncode == code, result.stderr
        told = "other.md:7: the program did not ask for this answer (section 'Left over')"
        assert (told in result.stderr) == is_told


def test_a_replay_asks_nobody_on_a_miss(tmp_path: Path) -> None:
    refused = run("run", "--on-miss", "live", "--", sys.executable, "-V", folder=tmp_path)
    assert refused.returncode == 2
    assert "replay takes replay or hold; for others: rechat run record" in refused.stderr


def test_transcripts_are_named_once(mine: Path) -> None:
    words = ("run", "--to", "other", mine.name, "--", sys.executable, "-V")
    refused = run(*words, folder=mine.parent)
    assert refused.returncode == 2
    assert f"--to other: the transcripts are named already: {mine.name}" in refused.stderr
    (mine.parent / "rechat.toml").write_text('to = "other"\n')
    assert run("run", mine.name, *words[4:], folder=mine.parent).returncode == 0
