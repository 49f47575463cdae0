"""The line of a request, in a log and on screens of any width."""

import io
from pathlib import Path

import pytest
from conversations import ask
from conversations import index_of
from conversations import missed
from rich.console import Console as Terminal

from rechat.observe.entry import JournalEntry
from rechat.observe.terminal.line import line_of
from rechat.observe.terminal.line import row_of
from rechat.values.conversation import Answer
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Message

ANSWER = Answer(
    (Choice(Message("assistant", "Hi!")),), {"usage": {"prompt_tokens": 31, "completion_tokens": 9}}
)
ASKED = ask("Hello [bold]you[/bold]", model="gpt-5")
HIT = JournalEntry("hit", "POST /v1", ASKED, ANSWER, "mine.md:5", "listed", milliseconds=3.4)


def drawn(entry: JournalEntry, width: int) -> list[str]:
    file = io.StringIO()
    terminal = Terminal(file=file, width=width, color_system=None, highlight=False)
    terminal.print(row_of(entry, width))
    return file.getvalue().splitlines()


def test_a_line_has_verdict_model_words_tokens_time_and_place() -> None:
    told = "✓ hit        gpt-5  Hello [bold]you[/bold]  31 → 9 tokens  3 ms  mine.md:5 (listed)"
    assert line_of(HIT).plain == told
    assert drawn(HIT, 100) == [told]


def test_an_error_is_told_with_its_status_and_not_as_a_hit() -> None:
    limited = JournalEntry("hit", "POST /v1", ASKED, ErrorAnswer(429, "slow"))
    assert line_of(limited).plain.startswith("! limited    429  gpt-5  ")


def test_a_take_is_told() -> None:
    taken = JournalEntry("hit", "POST /v1", ASKED, ANSWER, "a.md:9", "exact", take=2, takes=3)
    assert line_of(taken).plain.endswith("  a.md:9 (exact) take 2/3")


def test_an_answer_of_no_transcript_has_its_rule() -> None:
    models = JournalEntry("hit", "GET /v1/models", rule="models")
    assert line_of(models).plain == "✓ hit        GET /v1/models  (models)"


def test_a_name_with_a_line_break_cannot_look_like_another_line() -> None:
    evil = JournalEntry(
        "failed", "POST /v1", ask("x", model="m\n✓ hit"), place="a\nb.md:5", reason="c\nd"
    )
    assert line_of(evil).plain.endswith("m␊✓ hit  x  a␊b.md:5  c␊d")


def test_a_long_question_is_cut_to_the_width() -> None:
    long = JournalEntry("hit", "POST /v1", ask("word " * 50), ANSWER, "mine.md:5", "listed")
    (row,) = drawn(long, 80)
    assert "word w…" in row
    assert len(row) <= 80


def test_wide_characters_count_as_they_are_wide() -> None:
    long = JournalEntry("hit", "POST /v1", ask("日本語" * 50), ANSWER, "mine.md:5", "listed")
    assert len(drawn(long, 80)) == 1


@pytest.mark.parametrize("width", [40, 60, 90])
def test_what_has_no_room_beside_the_question_stands_below_it(width: int) -> None:
    reason = "not saved: the stream was truncated: no finish_reason and no [DONE]"
    failed = JournalEntry("failed", "POST /v1", ASKED, reason=reason)
    first, *others = drawn(failed, width)
    assert first.startswith("✗ failed     gpt-5  Hello")
    assert " ".join(line.strip() for line in others) == reason
    assert all(line.startswith("  ") and len(line) <= width for line in others)


def test_places_are_links_where_terminals_know_links() -> None:
    request = ask("Hello", model="gpt-5")
    found = missed(
        index_of(
            mine="### user\n\n> Hello\n\n### assistant\n\n> Hi!\n\n### user\n\n> Ho\n\n### assistant\n\n> x\n"
        ),
        ask("Hey"),
    )
    near = found.nearest
    assert near
    for entry in (HIT, JournalEntry("miss", "POST /v1", request, reason=found.reason, miss=found)):
        file = io.StringIO()
        terminal = Terminal(file=file, width=200, force_terminal=True, color_system="truecolor")
        terminal.print(row_of(entry, 200))
        path, line = (entry.place or near.place).split(":")
        assert f"{Path(path).absolute().as_uri()}#{line}" in file.getvalue()
