"""An edited prompt takes the place of the old one: in the right file, and with a small diff."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from conversations import ask
from conversations import read
from conversations import said
from stored import answer
from stored import store_of

from rechat.answering.edits.new_question import accept
from rechat.format.reader import parse
from rechat.store.folder import Store
from rechat.store.placement import Recording
from rechat.values.conversation import Request
from rechat.values.errors import RechatError

QA = "### user\n\n> {}\n\n### assistant\n\n> {}\n"
LONG = "You plan trips.\nYou are brief, and name prices.\n\nNever book anything yourself."
CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def write(folder: Path, **sources: str) -> Store:
    for name, source in sources.items():
        (folder / f"{name}.md").write_bytes(source.encode())
    return store_of(folder)


def changed(path: Path, old: str) -> tuple[list[str], list[str]]:
    """The lines of a file that git shows as removed and as added, if it was `old` before."""
    before = path.with_name("before")
    before.write_text(old)
    command = ["git", "diff", "--no-index", "--no-color", "-U0", str(before), str(path)]
    shown = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    lines = [line for line in shown.splitlines() if line[:3] not in ("---", "+++")]
    removed, added = ([line[1:] for line in lines if line[:1] == sign] for sign in "-+")
    return removed, added


def recorded(folder: Path, request: Request) -> Path:
    """The file of a recording."""
    saved = store_of(folder).save(Recording(request, answer("Yes")))
    assert saved
    return Path(saved.place.rpartition(":")[0])


BODY: dict[str, Any] = {
    "model": "gpt-5",
    "temperature": 0.5,
    "tools": [{"type": "function", "function": {"name": "f", "description": "It is f." * 9}}],
    "messages": [
        {"role": "system", "content": LONG},
        {"role": "user", "content": "make a plan for Lisbon"},
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "c1", "content": "sunny\nwarm"},
        {"role": "user", "content": "And then?\n# Not a heading"},
    ],
}


def body(**changes: Any) -> Request:
    """The request with other settings, or other texts of messages (`m1`)."""
    texts = {
        int(name[1:]): text
        for name, text in changes.items()
        if name[0] == "m" and name[1:].isdigit()
    }
    settings = {name: value for name, value in changes.items() if name[1:] not in map(str, texts)}
    messages = [
        {**message, "content": texts.get(at, message["content"])}
        for at, message in enumerate(BODY["messages"])
    ]
    found = {**BODY, **settings, "messages": messages}
    return read({key: value for key, value in found.items() if value is not None})


@pytest.mark.parametrize(
    ("changes", "removed", "added"),
    [
        ({"m1": "make a plan for Porto"}, ["make a plan for Lisbon"], ["make a plan for Porto"]),
        (
            {"m0": LONG.replace("prices", "costs")},
            ["You are brief, and name prices."],
            ["You are brief, and name costs."],
        ),
        ({"m3": "sunny\ncold"}, ["warm"], ["cold"]),
        ({"m4": "And then?\n# A heading"}, ["> # Not a heading"], ["> # A heading"]),
        ({"model": "gpt-6"}, ["model: gpt-5"], ["model: gpt-6"]),
        ({"temperature": None}, ["temperature: 0.5"], []),
        ({"seed": 7}, [], ["seed: 7"]),
        (
            {"m1": "make a plan for Porto", "model": "gpt-6"},
            ["model: gpt-5", "make a plan for Lisbon"],
            ["model: gpt-6", "make a plan for Porto"],
        ),
    ],
    ids=["user", "a line of many", "result", "quote", "setting", "removed", "added", "both"],
)
def test_a_recording_changes_only_where_the_question_differs(
    folder: Path, changes: dict[str, Any], removed: list[str], added: list[str]
) -> None:
    path = recorded(folder, body())
    old = path.read_text()
    store = store_of(folder)
    accepted = accept(store, body(**changes))
    assert said(store.index, body(**changes)) == "Yes"
    assert said(store_of(folder).index, body(**changes)) == "Yes"
    assert changed(path, old) == (removed, added)
    assert Path(accepted.saved.place.rpartition(":")[0]) == path
    assert [*folder.glob("*.md")] == [path]


def test_one_message_more_and_one_less(folder: Path) -> None:
    path = recorded(folder, ask("Hello there, friend", system="Be brief.", model="m"))
    old = path.read_text()
    store = store_of(folder)
    accept(store, ask("Hello there, friend", model="m"))
    assert changed(path, old)[1] == []
    accept(store, ask("Hello there, friend", system="Be brief.", model="m"))
    assert path.read_text() == old


def test_what_people_wrote_beside_it_stays(folder: Path) -> None:
    source = (
        "---\nmodel: gpt-4o  # the cheap one\n---\n\n# Trips\n\nWhy this is here.\n\n### user\n\n"
        "<blockquote>\nmake a plan for Lisbon\n</blockquote>\n\n<!-- keep -->\n\n"
        "### assistant\n\n> 1. Go.\n\nA remark.\n"
    )
    store = write(folder, a=source)
    accept(store, ask("make a plan for Porto", model="gpt-5"))
    expected = source.replace("Lisbon", "Porto").replace("gpt-4o  #", "gpt-5  #")
    assert (folder / "a.md").read_text() == expected


def test_line_ends_of_windows_stay(folder: Path) -> None:
    source = QA.format("make a plan for Lisbon", "1. Go.").replace("\n", "\r\n")
    store = write(folder, a=source)
    accept(store, ask("make a plan for Porto"))
    assert (folder / "a.md").read_bytes() == source.replace("Lisbon", "Porto").encode()


def test_a_later_turn_takes_the_new_question_too(folder: Path) -> None:
    source = QA.format("make a plan for Lisbon", "Go.") + "\n" + QA.format("And then?", "Stay.")
    store = write(folder, a=source)
    accept(store, ask("make a plan for Porto"))
    assert said(store.index, ask("make a plan for Porto", "Go.", "And then?")) == "Stay."


def test_of_several_sections_one_is_changed(folder: Path) -> None:
    source = "## One\n\n```yaml\nmodel: a\n```\n\n{}\n## Two\n\n{}".format(
        QA.format("make a plan for Lisbon", "Go."), QA.format("make a plan for Rome", "Stay.")
    )
    store = write(folder, a=source)
    accept(store, ask("make a plan for Lisbon", model="b"))
    assert (folder / "a.md").read_text() == source.replace("model: a", "model: b")


@pytest.mark.parametrize(
    ("sources", "asked", "reason"),
    [
        ({"a": QA.format("Pick a number.", "7")}, ask("make a plan for Porto"), "not much like"),
        (
            {
                "a": QA.format("make a plan for Lisbon", "Go."),
                "b": QA.format("make a plan for Madrid", "Stay."),
            },
            ask("make a plan for Porto"),
            "b.md:5 is as near",
        ),
        ({"a": QA.format("Hi", "Ho")}, ask("Hi"), "answers this already"),
        (
            {
                "a": "### user\n\n> Tell me of the town of Lisbon.\n\n"
                "### assistant, given\n\n> Fine.\n\n"
                "### user, like\n\n> and [..] of the town of Porto\n\n### assistant\n\n> Go.\n"
            },
            ask("Tell me of the town of Lisbon.", "Fine.", "but then of the town of Porto"),
            "pattern",
        ),
        (
            {"a": QA.format("make a plan for Lisbon", "Go.") + "\n" + QA.format("And now?", "Stay.")},
            ask("make a plan for Lisbon", "Go on.", "And now?"),
            "not the one that the client names",
        ),
        (
            {
                "a": "---\nmodel: a\n---\n\n## One\n\n"
                + QA.format("make a plan for Lisbon", "Go.")
                + "\n## Two\n\n"
                + QA.format("What else?", "Stay.")
            },
            ask("make a plan for Lisbon", model="b"),
            "several conversations",
        ),
        ({"a": "### user\n\n> make a plan for Lisbon\n\n### assistant\n"},
         ask("make a plan for Porto"), "still empty"),
    ],
)  # fmt: skip
def test_what_is_not_clearly_meant_is_refused_and_nothing_is_written(
    folder: Path, sources: dict[str, str], asked: Request, reason: str
) -> None:
    store = write(folder, **sources)
    with pytest.raises(RechatError, match=reason):
        accept(store, asked)
    assert {path.stem: path.read_text() for path in folder.glob("*.md")} == sources


def test_a_place_that_is_named_is_taken(folder: Path) -> None:
    source = QA.format("Pick a number.", "7")
    store = write(folder, a=source, b=QA.format("make a plan for Lisbon", "Go."))
    place = (folder / "a.md").as_posix()
    with pytest.raises(RechatError, match="no answer at"):
        accept(store, ask("make a plan for Porto"), f"{place}:9")
    accepted = accept(store, ask("make a plan for Porto"), f"{place}:5")
    assert accepted.before.place == f"{place}:5"
    assert said(store.index, ask("make a plan for Porto")) == "7"
    assert said(store.index, ask("make a plan for Lisbon")) == "Go."


def test_a_dump_of_mitmproxy_is_not_changed(folder: Path) -> None:
    store = write(folder)
    store.index.put("flows.dump", parse(QA.format("make a plan for Lisbon", "Go.")))
    with pytest.raises(RechatError, match=r"flows\.dump is not a transcript"):
        accept(store, ask("make a plan for Porto"))


def test_a_file_that_was_edited_meanwhile_is_not_spoilt(folder: Path) -> None:
    store = write(folder, a=QA.format("make a plan for Lisbon", "Go."))
    edited = QA.format("make a plan for Rome", "Stay.")
    (folder / "a.md").write_text(edited)
    with pytest.raises(RechatError, match="changed meanwhile"):
        accept(store, ask("make a plan for Porto"))
    assert (folder / "a.md").read_text() == edited
