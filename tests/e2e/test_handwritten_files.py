"""Files as people, editors, formatters, exports and models leave them (`mistakes/`): each is read as
its author meant it, or `rechat lint` tells it with line and remedy. What a server gives for them is
the answer that was meant, or says which file has none.
"""

import json
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import openai
import pytest
from process import Rechat
from process import run
from written import written

MISTAKES = Path(__file__).parent / "mistakes"
TOLD = tomllib.loads((MISTAKES / "told.toml").read_text("utf-8"))
RIGHT = sorted(path.stem for path in (MISTAKES / "right").glob("*.md"))
# They answer as they stand, which is less than, or not quite, what their authors meant; lint tells
# them. All others answer "Yes.", or not at all.
OTHER_ANSWERS = {
    **dict.fromkeys(
        ("code-below-a-quote", "heading-inside-an-answer", "list-below-a-quote"), "Here:"
    ),
    "table-below-a-quote": "Here:",
    "second-paragraph-without-its-mark": "First.",
    "paragraph-below-a-frame": "First.",
    "placeholder-as-an-answer": "[...]",
    "to-do-as-an-answer": "TODO",
    "takes-in-another-order": "B",
    "text-read-in-another-encoding": "don\u00e2\u20ac\u2122t",
    "text-with-a-lost-character": "D\ufffdj\ufffd",
    "text-with-a-null": "Y\0s",
}
EMPTY = ("calls-in-yaml", "status-below-an-answer", "null-as-an-answer")
ANSWERS = {
    "hole-in-an-answer-only": "Hello {{name}}",
    "nested-quote": "He said:\n\n> Hello",
    "one-choice": "A",
    "rule-in-a-frame": "One\n\n---\n\nTwo",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handwritten")
    shutil.copytree(MISTAKES, folder / "transcripts")
    (folder / "transcripts" / "a.png").write_bytes(b"\x89PNG")
    (folder / "transcripts" / "a.txt").write_text("Hello")
    return folder


@pytest.fixture(scope="module")
def findings(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """What lint finds, by file."""
    found: dict[str, list[dict[str, Any]]] = {}
    for finding in json.loads(run("lint", "--json", folder / "transcripts", folder=folder).stdout):
        found.setdefault(Path(finding["path"]).stem, []).append(finding)
    return found


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[openai.OpenAI]:
    with Rechat("replay", folder=folder) as running, running.client() as made:
        yield made


def asked(client: openai.OpenAI, name: str) -> str | None:
    """What a client gets that asks what a file is named after."""
    question = f"About {name.replace('-', ' ')}?"
    raw = client.chat.completions.with_raw_response.create(
        model="gpt-4", messages=[{"role": "user", "content": question}]
    )
    if raw.headers["content-type"].startswith("text/plain"):
        return raw.text
    message = raw.parse().choices[0].message
    return "a call" if message.tool_calls else message.content


def test_each_mistake_is_in_the_list() -> None:
    assert sorted(path.stem for path in MISTAKES.glob("*.md")) == sorted(TOLD)


@pytest.mark.parametrize("name", TOLD)
def test_a_mistake_is_told_with_line_and_remedy(
    findings: dict[str, list[dict[str, Any]]], name: str
) -> None:
    expected = TOLD[name]
    for found in findings[name]:
        place = (found["line"], found["level"])
        if place == (expected["line"], expected["level"]) and all(
            words in found["message"] for words in expected["says"]
        ):
            return
    pytest.fail(f"expected {expected}, found {findings[name]}")


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_not_told(findings: dict[str, list[dict[str, Any]]], name: str) -> None:
    assert name not in findings


@pytest.mark.parametrize("name", [name for name in TOLD if TOLD[name]["level"] == "error"])
def test_a_file_with_an_error_is_never_served(client: openai.OpenAI, name: str) -> None:
    with pytest.raises(openai.BadRequestError, match="rechat"):
        asked(client, name)


@pytest.mark.parametrize("name", [name for name in TOLD if TOLD[name]["level"] != "error"])
def test_a_doubtful_file_answers_as_it_stands_or_not_at_all(
    client: openai.OpenAI, name: str
) -> None:
    meant = ("Yes.", "a call", None if name in EMPTY else OTHER_ANSWERS.get(name))
    with suppress(openai.BadRequestError):
        assert asked(client, name) in meant


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_file_answers_as_its_author_meant(client: openai.OpenAI, name: str) -> None:
    if name.startswith("error-"):
        with pytest.raises(openai.RateLimitError):
            asked(client, name)
        return
    is_call = "arguments" in name or name == "call-without-an-id"
    meant = "a call" if is_call else None if name in EMPTY else ANSWERS.get(name, "Yes.")
    assert asked(client, name) == meant


def test_two_hundred_right_files_are_not_told(tmp_path: Path) -> None:
    for number in range(200):
        (tmp_path / f"{number:03d}.md").write_bytes(written(number).encode())
    assert json.loads(run("lint", "--json", tmp_path, folder=tmp_path).stdout) == []


def test_a_file_whose_name_was_changed_is_told_with_its_name(tmp_path: Path) -> None:
    for name in ("a.md.txt", "b.markdown", "c.MD", "d.txt"):
        (tmp_path / name).write_text(written(1))
    told = json.loads(run("lint", "--json", tmp_path, folder=tmp_path).stdout)
    assert [one["message"] for one in told] == [
        f"this file is not read: rename it to {name}.md" for name in "abcd"
    ]
