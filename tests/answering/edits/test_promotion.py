"""A recording that becomes a file as a person would have written it."""

from dataclasses import replace
from pathlib import Path

import pytest
from stored import answer
from stored import asked
from stored import said
from stored import store_of

from rechat.answering.edits.promotion import promote
from rechat.store import Recording
from rechat.store.folder import Store
from rechat.values.conversation import Answer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import Message
from rechat.values.conversation import Request
from rechat.values.errors import RechatError


@pytest.fixture
def store(folder: Path) -> Store:
    return store_of(folder)


def recorded(store: Store, *texts: str) -> str:
    """The path of a recorded conversation."""
    for at in range(1, len(texts), 2):
        saved = store.save(Recording(asked(*texts[:at]), answer(texts[at]), "7 ms"))
        assert saved
        place = saved.place
    return place.rpartition(":")[0]


def test_it_has_what_was_said_and_nothing_else(store: Store, folder: Path) -> None:
    name = recorded(store, "Hi", "Ho", "And?", "No.")
    done = promote(store, name, "greeting.md")
    assert done.path == (folder / "greeting.md").as_posix()
    frame = "### {}\n\n<blockquote>\n\n{}\n\n</blockquote>\n"
    turns = [("user", "Hi"), ("assistant", "Ho"), ("user", "And?"), ("assistant", "No.")]
    assert Path(done.path).read_text() == "\n".join(frame.format(*turn) for turn in turns)
    assert not Path(name).exists()
    assert said(store, asked("Hi", "Ho", "And?")) == "No."


def test_it_answers_any_model_but_the_one_that_is_kept(store: Store, folder: Path) -> None:
    other = replace(asked("Hi"), settings={"model": "other"})
    name = recorded(store, "Hi", "Ho")
    assert said(store, other) is None
    promote(store, name, "")
    assert Path(name).exists()
    assert said(store, other) == "Ho"
    promoted = promote(store, recorded(store, "You", "Me"), "you.md", ["model"])
    assert promoted.source.startswith("---\nmodel: m\n---\n")
    assert said(store, replace(asked("You"), settings={"model": "other"})) is None
    assert said(store, asked("You")) == "Me"


def test_calls_and_their_results_stay(store: Store, folder: Path) -> None:
    user = Message("user", "Weather?")
    call = Message("assistant", None, (Call("get", "c1", '{"city": "Lisbon"}'),))
    result = Message("tool", "sunny", (), {"tool_call_id": "c1"})
    settings = {"model": "m", "tools": [{"type": "function", "function": {"name": "get"}}]}
    first = Request(settings, (user,))
    calling = Answer((Choice(call, {"finish_reason": "tool_calls"}),), {"id": "x"})
    store.save(Recording(first, calling))
    second = Request(settings, (user, call, result))
    saved = store.save(Recording(second, answer("Sunny.")))
    assert saved
    promote(store, saved.place.rpartition(":")[0], "weather.md")
    assert said(store, second) == "Sunny."
    assert "#### call get, c1" in (folder / "weather.md").read_text()


def test_words_beside_the_messages_are_not_lost(store: Store) -> None:
    name = recorded(store, "Hi", "Ho")
    Path(name).write_text("Mind this one.\n\n" + Path(name).read_text())
    store.reload(Path(name))
    with pytest.raises(RechatError, match="which would be lost: 'Mind this one"):
        promote(store, name, "greeting.md")
    assert Path(name).exists()


@pytest.mark.parametrize(
    ("to", "problem"),
    [
        ("../out.md", "not the name"),
        ("a.txt", "not the name"),
        (".hidden.md", "not the name"),
        ("there.md", "is there already"),
    ],
)
def test_a_name_is_one_of_a_new_transcript(
    store: Store, folder: Path, to: str, problem: str
) -> None:
    name = recorded(store, "Hi", "Ho")
    (folder / "there.md").write_text("### user\n\n> A\n\n### assistant\n\n> B\n")
    with pytest.raises(RechatError, match=problem):
        promote(store, name, to)
    assert sorted(path.name for path in folder.glob("*.md")) == sorted(
        ["there.md", Path(name).name]
    )


def test_what_was_written_by_hand_is_left_alone(store: Store, folder: Path) -> None:
    (folder / "there.md").write_text("### user\n\n> A\n\n### assistant\n\n> B\n")
    store.reload(folder / "there.md")
    with pytest.raises(RechatError, match="by hand already"):
        promote(store, (folder / "there.md").as_posix(), "a.md")
