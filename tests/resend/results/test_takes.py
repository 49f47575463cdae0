from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from asking import CAPITAL
from asking import questions
from asking import result
from asking import said

from rechat.format.codec import parse
from rechat.resend.questions.question import Question
from rechat.resend.results import takes as module
from rechat.resend.results.result import Result
from rechat.resend.results.takes import Added
from rechat.resend.results.takes import add_takes
from rechat.store import Rewrite
from rechat.store import put_in_place
from rechat.values.conversation import Answer
from rechat.values.conversation import Call
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Reply


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t").mkdir()


FILE = Path("t/capital.md")


def added(asked: Sequence[Question], *results: Result) -> Added:
    """What is added to the folder of the file."""
    by_name: dict[str, list[Result]] = {}
    for one in results:
        by_name.setdefault(one.name, []).append(one)
    return add_takes(["t", "t#other"], asked, by_name, "small")


def takes() -> list[tuple[int, str]]:
    """The answers in the file: which take each is, and what it says."""
    entries = parse(FILE.read_text()).sections[0].entries
    return [
        (one.take, one.answer.choices[0].message.text)
        for one in entries
        if isinstance(one, Reply) and isinstance(one.answer, Answer)
    ]


def test_new_answers_stand_behind_the_recorded_ones() -> None:
    FILE.write_text(CAPITAL)
    first, second = asked = questions(file="t/capital.md")
    new = [result(second, "Toledo."), result(first, "Lyon."), result(second, "Soria.", take=2)]
    assert added(asked, *new) == Added(3, ())
    assert takes() == [(1, "Paris."), (2, "Lyon."), (1, "Madrid."), (2, "Toledo."), (3, "Soria.")]
    assert FILE.read_text().startswith(CAPITAL[: CAPITAL.index("> Paris.") + 8])


def test_what_is_said_already_adds_nothing() -> None:
    FILE.write_text(CAPITAL)
    first, second = asked = questions(file="t/capital.md")
    new = [result(first, "Lyon."), result(first, "Lyon.", take=2), result(second, "Madrid.")]
    assert added(asked, *new).count == 1
    before = FILE.read_bytes()
    assert added(asked, *new) == Added(0, ())
    assert FILE.read_bytes() == before


def test_errors_are_no_takes() -> None:
    FILE.write_text(CAPITAL)
    first, second = asked = questions(file="t/capital.md")
    failed = result(second, answer=None, failure="nobody is there")
    assert added(asked, result(first, answer=ErrorAnswer(400)), failed) == Added(0, ())
    assert FILE.read_text() == CAPITAL


def test_a_question_that_was_edited_meanwhile_keeps_its_takes() -> None:
    first, second = asked = questions(file="t/capital.md")
    FILE.write_text(CAPITAL.replace("France", "Portugal"))
    found = added(asked, result(first, "Lyon."), result(second, "Toledo."))
    assert found.count == 0
    assert ["another question now" in one for one in found.problems] == [True, True]
    FILE.unlink()
    (told,) = added(asked, result(first, "Lyon.")).problems
    assert "the file is not there any more" in told


def test_a_line_that_was_added_above_moves_nothing() -> None:
    first, _ = asked = questions(file="t/capital.md")
    FILE.write_text(CAPITAL.replace("### user", "# A note\n\n### user", 1))
    assert added(asked, result(first, "Lyon.")).count == 1
    assert takes()[:2] == [(1, "Paris."), (2, "Lyon.")]


def test_an_answer_of_another_api_is_written_as_one_of_the_recorded_api() -> None:
    FILE.write_text(CAPITAL)
    first, _ = asked = questions(file="t/capital.md")
    answer = said("Lyon.", Call("get", "toolu_1", "{}"))
    assert added(asked, result(first, answer=answer, api="anthropic.messages")) == Added(1, ())
    assert (2, "Lyon.") in takes()


def test_a_blank_is_filled_first() -> None:
    FILE.write_text(CAPITAL.replace("> Madrid.\n", "> Madrid.\n\n### assistant, take 2\n"))
    _, second = asked = questions(FILE.read_text(), "t/capital.md")
    assert added(asked, result(second, "Toledo.")).count == 1
    assert takes()[1:] == [(1, "Madrid."), (2, "Toledo.")]


def test_a_file_is_written_once_and_what_others_write_meanwhile_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    FILE.write_text(CAPITAL)
    first, second = asked = questions(file="t/capital.md")
    written: list[bytes] = []

    def put(home: Path, change: Rewrite) -> bool:
        if not written:
            FILE.write_text(CAPITAL.replace("### user", "# Somebody else's title\n\n### user", 1))
        written.append(change.after)
        return put_in_place(home, change)

    monkeypatch.setattr(module, "put_in_place", put)
    new = [result(one, f"No. {at}", take=at) for one in (first, second) for at in range(1, 6)]
    assert added(asked, *new) == Added(10, ())
    assert len(written) == 2, "once, and again since the file had changed"
    assert FILE.read_bytes() == written[1]
    assert "Somebody else's title" in FILE.read_text()
    assert [text for _, text in takes()] == [
        *("Paris.", *(f"No. {at}" for at in range(1, 6))),
        *("Madrid.", *(f"No. {at}" for at in range(1, 6))),
    ]


def test_a_file_that_never_rests_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    FILE.write_text(CAPITAL)
    first, _ = asked = questions(file="t/capital.md")
    monkeypatch.setattr(module, "put_in_place", lambda _home, _change: False)
    found = added(asked, result(first, "Lyon."))
    assert (found.count, found.problems) == (
        0,
        ("t/capital.md: it keeps changing: nothing was added",),
    )


def test_more_takes_than_blanks_stand_behind_them() -> None:
    FILE.write_text(CAPITAL.replace("> Paris.\n", "> Paris.\n\n### assistant, take 2\n"))
    first, _ = asked = questions(FILE.read_text(), "t/capital.md")
    new = [result(first, text, take=at) for at, text in enumerate(("Lyon.", "Nice."), 1)]
    assert added(asked, *new) == Added(2, ())
    assert takes() == [(1, "Paris."), (2, "Lyon."), (3, "Nice."), (1, "Madrid.")]


def test_what_follows_says_what_it_said() -> None:
    told = CAPITAL.replace("> Paris.", "> Paris.\n\n```yaml\nid: a\ncreated: 7\n```")
    FILE.write_text(told.replace("> Madrid.", "> Madrid.\n\n```yaml\nid: b\nrest: as above\n```"))
    text = FILE.read_text()
    asked = questions(text, "t/capital.md")
    before = asked[1].recorded
    answer = replace(said("Lyon."), fields={"created": 8})
    assert added(asked, result(asked[0], answer=answer), result(asked[0], "Nice.")).count == 2
    after = questions(FILE.read_text(), "t/capital.md")
    assert after[1].recorded == before
    assert after[1].request == asked[1].request
