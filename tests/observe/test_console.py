"""What a person sees: lines, conversations, problems; never markup or control characters of a model."""

import io
from pathlib import Path

import pytest
from rich.console import Console as Terminal

from rechat.explain.difference import Difference
from rechat.format.reader import parse
from rechat.index.found import Miss
from rechat.index.index import Index
from rechat.observe.console import Console
from rechat.observe.console import diff_text
from rechat.observe.console import visible
from rechat.observe.entry import JournalEntry
from rechat.observe.reporter import Savings
from rechat.store.known import Change
from rechat.store.known import Problem
from rechat.values.conversation import Answer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Media
from rechat.values.conversation import Message
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Request
from rechat.values.conversation import Text

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


def test_a_line_has_verdict_model_words_tokens_time_and_place() -> None:
    screen = Screen()
    screen.console.entry(
        JournalEntry("hit", "POST /v1", ASKED, ANSWER, "mine.md:5", "listed", milliseconds=3.4)
    )
    assert screen.results.getvalue().splitlines()[0] == (
        "✓ hit        gpt-5  Hello [bold]you[/bold]  31 → 9 tokens  3 ms  mine.md:5 (listed)"
    )
    assert "Hi!" in screen.results.getvalue()


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
    assert visible("a\x1b[31mb\x07\x7f\x9b\ud800\tc\n") == "a␛[31mb␇\\x7f\\x9b\\ud800\tc\n"
    screen = Screen()
    evil = Answer((Choice(Message("assistant", "\x1b]0;title\x07 text")),))
    screen.console.entry(JournalEntry("hit", "POST /v1", ASKED, evil))
    assert "\x1b" not in screen.results.getvalue()


def test_a_name_with_a_line_break_cannot_look_like_another_line() -> None:
    screen = Screen()
    evil = Request({"model": "m\n✓ hit"}, (Message("user", "x"),))
    screen.console.entry(JournalEntry("failed", "POST /v1", evil, place="a\nb.md:5", reason="c\nd"))
    screen.console.change(Change("a\n\x1b[31mb.md"))
    assert "m␊✓ hit  x  a␊b.md:5  c␊d\n" in screen.results.getvalue()
    assert screen.talk.getvalue() == "a␊␛[31mb.md reloaded\n"


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


def test_calls_and_pictures_are_told_as_a_programmer_would() -> None:
    picture = Media("image", "data:image/png;base64,iVBORw0KGgo=")
    call = Call("get_weather", "c1", '{"city": "Oslo", "days": 3}')
    asked = Request({}, (Message("user", None, (Text("See"), picture)),))
    odd = Call("f", "c2", "not json")
    answer = Answer((Choice(Message("assistant", None, (call, odd))),))
    screen = Screen()
    screen.console.entry(JournalEntry("hit", "POST /v1", asked, answer))
    shown = screen.results.getvalue()
    assert 'get_weather(city="Oslo", days=3)' in shown
    assert "f(not json)" in shown
    assert "[image: image/png, 8 bytes]" in shown
    assert "base64" not in shown


def test_changed_words_are_marked_where_there_are_colours() -> None:
    difference = Difference("x", "to Rome today", "to Paris today")
    plain = diff_text(difference)
    assert plain.plain == "    -to Rome today\n    +to Paris today"
    marked = {
        plain.plain[span.start : span.end] for span in plain.spans if "reverse" in str(span.style)
    }
    assert marked == {"Rome", "Paris"}


def test_the_end_says_what_all_came_to() -> None:
    screen = Screen()
    screen.console.summary({"hit": 1200, "miss": 1}, Savings(4200.0, 1234))
    screen.console.summary({"recorded": 2}, Savings())
    screen.console.summary({}, Savings())
    assert screen.talk.getvalue().splitlines() == [
        "1,201 requests, 99 % hits: ✓ 1,200 hit, ≠ 1 miss; 4.2 s and 1,234 tokens saved",
        "2 requests, 0 % hits: ● 2 recorded",
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


def test_an_error_is_told_with_its_status_and_not_as_a_hit() -> None:
    screen = Screen()
    screen.console.entry(JournalEntry("hit", "POST /v1", ASKED, ErrorAnswer(429, "slow")))
    assert screen.results.getvalue().startswith("! limited    429  gpt-5  ")


def test_reasoning_is_told_to_those_who_want_all() -> None:
    thinking = Answer((Choice(Message("assistant", "Hi", (Reasoning("They greet."),))),))
    for verbose in (False, True):
        screen = Screen(verbose=verbose)
        screen.console.entry(JournalEntry("hit", "POST /v1", ASKED, thinking))
        assert ("reasoning: They greet." in screen.results.getvalue()) is verbose


def test_a_long_line_is_cut_around_its_change() -> None:
    words = "word " * 200
    told = diff_text(Difference("x", f"{words}Rome {words}", f"{words}Paris {words}")).plain
    assert "Rome" in told
    assert all(len(line) < 200 for line in told.splitlines())


def test_a_place_is_a_link_where_terminals_know_links() -> None:
    file = io.StringIO()
    terminal = Terminal(file=file, width=200, force_terminal=True, color_system="truecolor")
    console = Console(terminal, terminal)
    console.entry(JournalEntry("hit", "POST /v1", ASKED, ANSWER, "mine.md:5", "listed"))
    assert f"{Path('mine.md').absolute().as_uri()}#5" in file.getvalue()
