"""`rechat run` and the program it starts."""

import sys
from pathlib import Path

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


def test_run_records(upstream: Upstream, folder: Path) -> None:
    program = [sys.executable, "-c", CHILD, "Hello"]
    record = ("run", "record", "--upstream", upstream.url, folder)
    result = run(*record, "--", *program, folder=folder.parent, OPENAI_API_KEY="k")
    assert result.stdout.startswith("Echo 1: Hello"), result.stderr
    assert len(list(folder.glob("*.md"))) == 1


def test_the_folder_may_be_an_option_and_strict_counts_what_had_no_answer(mine: Path) -> None:
    """The program takes no notice of the refusal, and ends with 0."""
    careless = (
        f"import sys; sys.exit = lambda code: None\ntry:\n exec({CHILD!r})\nexcept OSError: pass"
    )
    for words, code in (("Hello", 0), ("Unheard of", 1)):
        program = [sys.executable, "-c", careless, words]
        command = ("run", "--to", str(mine.parent), "--strict", "--", *program)
        assert run(*command, folder=mine.parent, OPENAI_API_KEY="k").returncode == code
