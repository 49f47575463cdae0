"""`rechat import --tests`: tests with cassettes become tests with transcripts."""

import json
import subprocess
import sys
from pathlib import Path

from foreign import SAID
from foreign import cassette
from process import run

MODULE = """
import json, os, urllib.request
import pytest

def ask(question, base):
    body = json.dumps({"model": "gpt-5", "max_tokens": 900, "messages": [
        {"role": "user", "content": question}]}).encode()
    request = urllib.request.Request(base + "/chat/completions", body)
    with urllib.request.urlopen(request) as response:
        return json.load(response)["choices"][0]["message"]["content"]

@pytest.mark.vcr
@pytest.mark.parametrize("who", ["Ada Byron", "bob"])
def test_capital(who):
    assert ask("What is the capital?", os.environ["OPENAI_BASE_URL"]) == "Paris"

@pytest.mark.vcr
def test_with_an_address_of_its_own():
    ask("What is the capital?", "http://127.0.0.1:9/v1")

@pytest.mark.vcr
def test_with_a_picture():
    ask("What is the capital?", os.environ["OPENAI_BASE_URL"])

@pytest.mark.vcr
def test_without_a_cassette(): ...

@pytest.mark.vcr
@pytest.mark.skip
def test_skipped(): ...
"""
NAMES = ("test_capital[Ada Byron]", "test_capital[bob]", "test_with_an_address_of_its_own")


def suite(folder: Path) -> Path:
    """A suite in `folder`; what comes back is its module."""
    cassettes = folder / "tests/cassettes/test_moved"
    cassettes.mkdir(parents=True)
    for name in (*NAMES, "test_skipped"):
        (cassettes / f"{name}.yaml").write_bytes(cassette(SAID))
    other = cassette(SAID, url="https://pictures.example/cat.png")
    (cassettes / "test_with_a_picture.yaml").write_bytes(other)
    module = folder / "tests/test_moved.py"
    module.write_text(MODULE)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = vcr\n")
    return module


def test_what_passes_with_transcripts_moves_and_the_rest_stays_as_it_was(tmp_path: Path) -> None:
    module = suite(tmp_path)
    result = run("import", "tests", "--tests", "--json", folder=tmp_path)
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout)
    assert told["moved"] == ["tests/test_moved.py::test_capital"]
    assert {one["test"].rpartition("::")[2]: one["reason"] for one in told["kept"]} == {
        "test_with_a_picture": "pictures.example is no API of a model: --also HOST reads it",
        "test_with_an_address_of_its_own": "does not pass with transcripts",
        "test_skipped": "was not run",
    }
    assert module.read_text() == MODULE.replace("mark.vcr", "mark.rechat", 1)
    transcripts = sorted(path.name for path in (tmp_path / "tests/transcripts").rglob("*.md"))
    assert [name[:16] for name in transcripts] == ["test_capital[Ada", "test_capital[bob"]
    command = [sys.executable, "-m", "pytest", "-q", "-k", "capital", "-p", "no:cacheprovider"]
    again = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "2 passed" in again.stdout
    assert "max_tokens: 900\n" in next((tmp_path / "tests/transcripts").rglob("*.md")).read_text()


def test_a_module_whose_marks_are_elsewhere_is_named_and_one_that_has_moved_is_not(
    tmp_path: Path,
) -> None:
    module = suite(tmp_path)
    module.write_text(MODULE.replace("@pytest.mark.vcr\n", ""))
    told = run("import", "tests", "--tests", folder=tmp_path)
    assert told.returncode == 1
    assert "tests/test_moved.py: has no pytest.mark.vcr" in told.stderr
    module.write_text(MODULE.replace("mark.vcr", "mark.rechat"))
    told = run("import", "tests", "--tests", folder=tmp_path)
    assert told.returncode == 0
    assert "0 tests moved, 0 keep their cassettes" in told.stderr


def test_tests_that_cannot_be_run_are_as_they_were(tmp_path: Path) -> None:
    module = suite(tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    result = run("import", "tests", "--tests", folder=tmp_path)
    assert result.returncode == 2
    assert "they are as they were" in result.stderr
    assert module.read_text() == MODULE
    assert not [*(tmp_path / "tests/transcripts").rglob("*.md")]


def test_a_folder_without_cassettes_and_a_folder_of_transcripts_are_errors(tmp_path: Path) -> None:
    suite(tmp_path)
    (tmp_path / "empty").mkdir()
    told = run("import", "empty", "--tests", folder=tmp_path)
    assert (told.returncode, "no folder cassettes" in told.stderr) == (2, True)
    told = run("import", "tests", "--tests", "--to", "elsewhere", folder=tmp_path)
    assert (told.returncode, "takes no --to" in told.stderr) == (2, True)


def test_cassettes_that_are_all_in_one_folder_go_to_the_modules_of_their_tests(
    tmp_path: Path,
) -> None:
    module = suite(tmp_path)
    one = MODULE.replace('"http://127.0.0.1:9/v1"', 'os.environ["OPENAI_BASE_URL"]')
    module.write_text(one)
    folder = tmp_path / "tests/cassettes"
    for path in sorted((folder / "test_moved").iterdir()):
        path.rename(folder / path.name)
    (folder / "test_of_old.yaml").write_bytes(cassette(SAID))
    (folder / "test_gone").mkdir()
    (folder / "test_gone/test_it.yaml").write_bytes(cassette(SAID))
    told = json.loads(run("import", "tests", "--tests", "--json", folder=tmp_path).stdout)
    assert told["moved"] == [
        "tests/test_moved.py::test_capital",
        "tests/test_moved.py::test_with_an_address_of_its_own",
    ]
    assert {"test": "tests/cassettes", "reason": "no test beside it has 1 of its cassettes"} in (
        told["kept"]
    )
    assert told["kept"][-1]["test"] == "tests/cassettes/test_gone"
    found = sorted(path.parent.name for path in (tmp_path / "tests/transcripts").rglob("*.md"))
    assert found == ["test_moved"] * 3


ELSEWHERE = """
import urllib.error, urllib.request
import pytest

@pytest.mark.vcr
def test_that_passes_if_its_api_is_asked():
    with pytest.raises(urllib.error.URLError, match="refused"):
        urllib.request.urlopen("http://api.example/v1/models", timeout=10)
    raise AssertionError("nobody was asked")
"""


def test_no_test_reaches_the_network_while_it_is_tried(tmp_path: Path) -> None:
    module = suite(tmp_path)
    module.write_text(ELSEWHERE)
    name = "test_that_passes_if_its_api_is_asked"
    (tmp_path / f"tests/cassettes/test_moved/{name}.yaml").write_bytes(cassette(SAID))
    found = run("import", "tests", "--tests", folder=tmp_path)
    assert "nobody was asked" in found.stderr
    assert found.returncode == 1
