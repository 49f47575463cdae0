from pathlib import Path

import pytest
from asking import CAPITAL
from asking import questions
from asking import result
from asking import said

from rechat.format import reader
from rechat.format.codec import parse
from rechat.resend.results.answers import write_answers
from rechat.values.assets import ReadAsset
from rechat.values.conversation import Answer
from rechat.values.conversation import Call
from rechat.values.conversation import Reply
from rechat.values.conversation import Transcript


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_only_what_differs_changes_in_the_file() -> None:
    Path("capital.md").write_text(CAPITAL)
    first, second = questions()
    results = {first.name: [result(first)], second.name: [result(second, "Toledo.")]}
    assert write_answers(Path("new"), [first, second], results) == []
    text = Path("new/capital.md").read_text()
    assert text.startswith(CAPITAL[: CAPITAL.index("> Madrid")])
    reply = parse(text).sections[0].entries[-1]
    assert isinstance(reply, Reply)
    assert isinstance(reply.answer, Answer)
    assert reply.answer.choices[0].message.body == "Toledo."


def test_a_call_keeps_the_id_that_its_result_refers_to() -> None:
    text = (
        "### user\n\n> Weather?\n\n### assistant\n\n#### call get, call_old\n\n"
        '```json\n{"city": "Oslo"}\n```\n\n### tool, call_old\n\n> Rain\n'
    )
    Path("capital.md").write_text(text)
    (question,) = questions(text)
    new = said(None, Call("get", "call_new", '{"city": "Rome"}'))
    write_answers(Path("new"), [question], {question.name: [result(question, answer=new)]})
    written = Path("new/capital.md").read_text()
    assert '{"city": "Rome"}' in written
    assert "call_new" not in written


def test_a_file_of_many_sections_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    section = "## {0}\n\n### user\n\n> Question {0}?\n\n### assistant\n\n> Answer {0}.\n\n"
    text = "---\nmodel: m\n---\n\n" + "".join(map(section.format, range(30)))
    Path("many.md").write_text(text)
    asked = questions(text, "many.md")
    read: list[str] = []
    parse_once = reader.parse

    def parse_noted(source: str, read_asset: ReadAsset) -> Transcript:
        read.append(source)
        return parse_once(source, read_asset)

    monkeypatch.setattr(reader, "parse", parse_noted)
    results = {one.name: [result(one, f"{one.asked} " * 3)] for one in asked}
    assert write_answers(Path("new"), asked, results) == []
    assert len(read) == 1
    written = questions(Path("new/many.md").read_text(), "many.md")
    said_now = [one.recorded[0].choices[0].message.text for one in written]  # type: ignore[union-attr]
    assert said_now == [f"Question {number}? " * 3 for number in range(30)]


def test_a_path_that_leads_out_of_the_folder_is_written_inside(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    Path("capital.md").write_text(CAPITAL)
    found = questions(file=f"{tmp_path}/in/../capital.md")
    write_answers(Path("new"), found, {})
    (written,) = Path("new").rglob("*.md")
    assert written.read_text() == CAPITAL


def test_files_that_were_changed_or_removed_meanwhile_are_told() -> None:
    Path("capital.md").write_text(CAPITAL.replace("France", "Portugal") + "\n### user\n\n> More\n")
    first, second = questions()
    (gone,) = questions("### user\n\n> Hi\n\n### assistant\n\n> Hello\n", "gone.md")
    results = {one.name: [result(one, "Other.")] for one in (first, second, gone)}
    told = write_answers(Path("new"), [gone, first, second], results)
    assert ["another question now" in one for one in told] == [False, True, True]
    assert told[0].startswith("gone.md: ")
    assert Path("new/capital.md").read_text() == Path("capital.md").read_text()
    assert not Path("new/gone.md").exists()
