"""What a person sees: lines, conversations, problems; never markup or control characters of a model."""

import io

import pytest
from rich.console import Console as Terminal

from rechat.format.reader import parse
from rechat.index.found import Miss
from rechat.index.index import Index
from rechat.observe.entry import JournalEntry
from rechat.observe.reporter import Savings
from rechat.observe.terminal.console import Console
from rechat.store.known import Change
from rechat.store.known import Problem
from rechat.values.conversation import Answer
from rechat.values.conversation import Choice
from rechat.values.conversation import Message
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Request

HELLO = parse("### user\n\n> Hello\n\n### assistant\n\n> Hi!\n")
ASKED = Request({"model": "gpt-5"}, (Message("user", "Hello [bold]you[/bold]"),))
ANSWER = Answer(
    (Choice(Message("assistant", "Hi!")),), {"usage": {"prompt_tokens": 31, "completion_tokens": 9}}
)


class Screen:
    """A console that writes into texts, as on a terminal without colours."""

    def __init__(self, *, is_terminal: bool = True, **options: bool) -> None:
        self.results, self.talk = io.StringIO(), io.StringIO()
        terminals = [
            Terminal(
                file=file,
                width=100,
                highlight=False,
                markup=False,
                force_terminal=is_terminal,
                color_system=None,
            )
            for file in (self.results, self.talk)
        ]
        results, talk = terminals
        self.console = Console(results, talk, **options)


def miss() -> Miss:
    index = Index()
    index.put("mine.md", HELLO)
    found = index.find(ASKED)
    assert isinstance(found, Miss)
    return found


def test_in_a_pipe_a_request_is_one_line() -> None:
    hit = JournalEntry("hit", "POST /v1", ASKED, ANSWER)
    for verbose, count in ((False, 1), (True, 7)):
        screen = Screen(is_terminal=False, verbose=verbose)
        screen.console.entry(hit)
        assert len(screen.results.getvalue().splitlines()) == count


def test_quiet_says_only_what_goes_wrong() -> None:
    screen = Screen(quiet=True)
    screen.console.entry(JournalEntry("hit", "POST /v1", ASKED, ANSWER))
    screen.console.change(Change("mine.md"))
    assert (screen.results.getvalue(), screen.talk.getvalue()) == ("", "")
    screen.console.entry(JournalEntry("failed", "POST /v1", reason="it broke"))
    assert (screen.results.getvalue(), "it broke" in screen.talk.getvalue()) == ("", True)


@pytest.mark.parametrize(("diff", "expected"), [(True, True), (False, False)])
def test_a_miss_shows_the_difference_when_asked_to(diff: bool, expected: bool) -> None:
    screen = Screen(diff=diff)
    screen.console.entry(JournalEntry("miss", "POST /v1", ASKED, reason="no", miss=miss()))
    assert ("-Hello" in screen.results.getvalue()) is expected


def test_verbose_shows_the_conversation_from_its_beginning() -> None:
    long = Request({}, (Message("user", "first"), Message("assistant", "a"), Message("user", "b")))
    for verbose in (False, True):
        screen = Screen(verbose=verbose)
        screen.console.entry(JournalEntry("hit", "POST /v1", long, ANSWER))
        assert ("first" in screen.results.getvalue()) is verbose


def test_control_characters_are_made_visible() -> None:
    screen = Screen()
    evil = Answer((Choice(Message("assistant", "\x1b]0;title\x07 text")),))
    screen.console.entry(JournalEntry("hit", "POST /v1", ASKED, evil))
    assert "\x1b" not in screen.results.getvalue()


def test_a_long_message_is_cut_for_the_screen() -> None:
    screen = Screen()
    long = Answer((Choice(Message("assistant", "word " * 100_000)),))
    screen.console.entry(JournalEntry("hit", "POST /v1", ASKED, long))
    assert len(screen.results.getvalue()) < 10_000
    assert "more characters" in screen.results.getvalue()


def test_a_problem_names_file_and_line() -> None:
    screen = Screen()
    screen.console.change(Change("mine.md", Problem("mine.md", 7, "`### usr` is not a role")))
    assert screen.talk.getvalue() == "mine.md:7: `### usr` is not a role\n"


def test_a_reload_is_told() -> None:
    screen = Screen()
    screen.console.change(Change("mine.md"))
    screen.console.change(Change("mine.md", is_gone=True))
    assert screen.talk.getvalue() == "mine.md reloaded\nmine.md gone\n"


def test_the_differences_are_told_once() -> None:
    screen = Screen(diff=True, is_terminal=False)
    found = miss()
    screen.console.entry(JournalEntry("miss", "POST /v1", ASKED, reason=found.reason, miss=found))
    line, *others = screen.results.getvalue().splitlines()
    assert line.endswith("  nearest mine.md:5")
    assert others[:2] == ["  --- transcript mine.md:5", "  +++ request"]
    assert others[2].startswith("  the user message")


def test_the_end_of_a_long_log_repeats_what_had_no_answer() -> None:
    for is_terminal, hits, expected in ((False, 3, 0), (False, 40, 1), (True, 40, 0)):
        screen = Screen(is_terminal=is_terminal)
        screen.console.entry(JournalEntry("miss", "POST /v1", ASKED, reason="no idea"))
        for _ in range(hits):
            screen.console.entry(JournalEntry("hit", "POST /v1", ASKED, ANSWER))
        screen.console.summary({"hit": hits, "miss": 1}, Savings())
        assert screen.talk.getvalue().count("no idea") == expected


def test_the_end_says_what_all_came_to() -> None:
    screen = Screen()
    screen.console.summary({"hit": 1200, "miss": 1}, Savings(4200.0, 1234))
    screen.console.summary({"recorded": 2}, Savings())
    screen.console.summary({}, Savings())
    assert screen.talk.getvalue().splitlines() == [
        "rechat: 1,201 requests, 99 % hits: ✓ 1,200 hit, ≠ 1 miss; 4.2 s and 1,234 tokens saved",
        "rechat: 2 requests, 0 % hits: ● 2 recorded",
    ]
    quiet = Screen(quiet=True)
    quiet.console.summary({"hit": 1}, Savings())
    assert quiet.talk.getvalue() == ""


def test_a_question_that_waits_is_told_even_to_the_quiet() -> None:
    screen = Screen(quiet=True)
    screen.console.entry(
        JournalEntry("held", "POST /v1", ASKED, place="a.md:5", reason="waits for the answer")
    )
    assert "a.md:5  waits for the answer" in screen.talk.getvalue()


def test_reasoning_is_told_to_those_who_want_all() -> None:
    thinking = Answer((Choice(Message("assistant", "Hi", (Reasoning("They greet."),))),))
    for verbose in (False, True):
        screen = Screen(verbose=verbose)
        screen.console.entry(JournalEntry("hit", "POST /v1", ASKED, thinking))
        assert ("reasoning: They greet." in screen.results.getvalue()) is verbose


def test_a_file_that_another_comes_before_is_told_with_it() -> None:
    screen = Screen()
    screen.console.change(Change("copy.md", behind="mine.md"))
    assert "copy.md: mine.md answers the same request" in screen.talk.getvalue()


@pytest.mark.parametrize(
    ("found", "lines"),
    [({}, 0), ({"b": "a"}, 1), ({f"b{number}": "a" for number in range(9)}, 1)],
)
def test_however_many_files_others_come_before_one_line_tells_it(
    found: dict[str, str], lines: int
) -> None:
    screen = Screen()
    screen.console.behind(found)
    told = screen.talk.getvalue()
    assert told.count("\n") == lines
    assert ("so in 9 files: see `rechat lint`" in told) == (len(found) > 1)
