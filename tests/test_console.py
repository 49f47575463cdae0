"""What a person sees: lines, conversations, problems; never markup or control characters of a model."""

import io

import pytest
from rich.console import Console as Terminal

from rechat.console import Console, visible
from rechat.index import Index, Miss
from rechat.journal import Entry
from rechat.markdown import parse
from rechat.model import Answer, Choice, Message, Request
from rechat.store import Change, Problem

HELLO = parse("### user\n\n> Hello\n\n### assistant\n\n> Hi!\n")
ASKED = Request({"model": "gpt-5"}, (Message("user", "Hello [bold]you[/bold]"),))
ANSWER = Answer(
    (Choice(Message("assistant", "Hi!")),), {"usage": {"prompt_tokens": 31, "completion_tokens": 9}}
)


class Screen:
    """A console that writes into texts."""

    def __init__(self, **options: bool) -> None:
        self.results, self.talk = io.StringIO(), io.StringIO()
        terminals = [
            Terminal(file=file, width=100, highlight=False, markup=False)
            for file in (self.results, self.talk)
        ]
        self.console = Console(*terminals, **options)


def miss() -> Miss:
    index = Index()
    index.put("mine.md", HELLO)
    found = index.find(ASKED)
    assert isinstance(found, Miss)
    return found


def test_a_line_has_verdict_model_words_tokens_time_and_place() -> None:
    screen = Screen()
    screen.console.entry(
        Entry("hit", "POST /v1", ASKED, ANSWER, "mine.md:5", "listed", milliseconds=3.4)
    )
    assert screen.results.getvalue().splitlines()[0] == (
        "hit        gpt-5  Hello [bold]you[/bold]  31 → 9 tokens  3 ms  mine.md:5 (listed)"
    )
    assert "Hi!" in screen.results.getvalue()


def test_quiet_says_only_what_goes_wrong() -> None:
    screen = Screen(quiet=True)
    screen.console.entry(Entry("hit", "POST /v1", ASKED, ANSWER))
    screen.console.change(Change("mine.md"))
    assert (screen.results.getvalue(), screen.talk.getvalue()) == ("", "")
    screen.console.entry(Entry("failed", "POST /v1", reason="it broke"))
    assert (screen.results.getvalue(), "it broke" in screen.talk.getvalue()) == ("", True)


@pytest.mark.parametrize(("diff", "expected"), [(True, True), (False, False)])
def test_a_miss_shows_the_difference_when_asked_to(diff: bool, expected: bool) -> None:
    screen = Screen(diff=diff)
    screen.console.entry(Entry("miss", "POST /v1", ASKED, reason="no", miss=miss()))
    assert ("-Hello" in screen.results.getvalue()) is expected


def test_verbose_shows_the_conversation_from_its_beginning() -> None:
    long = Request({}, (Message("user", "first"), Message("assistant", "a"), Message("user", "b")))
    for verbose in (False, True):
        screen = Screen(verbose=verbose)
        screen.console.entry(Entry("hit", "POST /v1", long, ANSWER))
        assert ("first" in screen.results.getvalue()) is verbose


def test_control_characters_are_made_visible() -> None:
    assert visible("a\x1b[31mb\x07\x7f\x9b\ud800\tc\n") == "a␛[31mb␇\\x7f\\x9b\\ud800\tc\n"
    screen = Screen()
    evil = Answer((Choice(Message("assistant", "\x1b]0;title\x07 text")),))
    screen.console.entry(Entry("hit", "POST /v1", ASKED, evil))
    assert "\x1b" not in screen.results.getvalue()


def test_a_long_message_is_cut_for_the_screen() -> None:
    screen = Screen()
    long = Answer((Choice(Message("assistant", "word " * 100_000)),))
    screen.console.entry(Entry("hit", "POST /v1", ASKED, long))
    assert len(screen.results.getvalue()) < 10_000
    assert "more characters" in screen.results.getvalue()


def test_a_problem_names_file_and_line() -> None:
    screen = Screen()
    screen.console.change(Change("mine.md", Problem("mine.md", 7, "`### usr` is no role")))
    assert screen.talk.getvalue() == "mine.md:7: `### usr` is no role\n"


def test_a_reload_is_told() -> None:
    screen = Screen()
    screen.console.change(Change("mine.md"))
    screen.console.change(Change("mine.md", is_gone=True))
    assert screen.talk.getvalue() == "mine.md reloaded\nmine.md gone\n"
