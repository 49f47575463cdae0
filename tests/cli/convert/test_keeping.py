"""What is found elsewhere is kept as a recording would be."""

import json
from pathlib import Path

import pytest
from foreign import ASKED
from foreign import SAID
from foreign import cassette
from foreign import claude_lines
from foreign import lines

from rechat.cli.convert.keeping import Keeper
from rechat.convert import Conversation
from rechat.convert import HttpExchange
from rechat.convert import Source
from rechat.convert import read
from rechat.store import Store
from rechat.store import placement
from rechat.values import Message
from rechat.values import RechatError
from rechat.values import Section

OTHER = json.loads(json.dumps(SAID).replace("Paris", "Lyon"))


def keep(folder: Path, content: bytes) -> list[str | None]:
    keeper = Keeper(folder)
    return [
        keeper.keep(found) if isinstance(found, HttpExchange) else keeper.keep_conversation(found)
        for found in read([Source("a", content)])
        if isinstance(found, HttpExchange | Conversation)
    ]


def test_a_question_that_was_asked_twice_has_two_takes_and_a_second_import_changes_nothing(
    tmp_path: Path,
) -> None:
    first, second = keep(tmp_path, cassette(SAID, OTHER))
    assert first
    assert second
    [path] = tmp_path.glob("*.md")
    before = path.read_bytes()
    assert "take 2" in before.decode()
    assert keep(tmp_path, cassette(SAID, OTHER)) == [None, None]
    assert path.read_bytes() == before


def test_an_error_that_may_pass_is_not_kept(tmp_path: Path) -> None:
    content = cassette(SAID).replace(b'"code": 200', b'"code": 503')
    with pytest.raises(RechatError, match="503 may pass"):
        keep(tmp_path, content)


def test_a_conversation_that_has_grown_takes_the_place_of_its_beginning(tmp_path: Path) -> None:
    rows = claude_lines()
    short = lines([row for row in rows if str(row.get("uuid")) in "abcdef"])
    [begun] = keep(tmp_path, short)
    assert begun
    whole, agent = keep(tmp_path, lines(rows))
    assert whole == begun
    assert agent != begun
    assert keep(tmp_path, lines(rows)) == [None, None]


def test_another_conversation_that_begins_alike_gets_a_file_of_its_own(tmp_path: Path) -> None:
    def example(text: str) -> bytes:
        said = {"role": "assistant", "content": text}
        return lines([{"messages": [*ASKED["messages"], said]}])

    [first] = keep(tmp_path, example("Paris"))
    [second] = keep(tmp_path, example("Lyon"))
    assert first != second
    assert keep(tmp_path, example("Lyon")) == [None]
    store = Store([tmp_path])
    store.load()
    assert not store.problems


def test_an_answer_has_the_day_that_its_response_tells_if_its_api_tells_none(
    tmp_path: Path,
) -> None:
    dated = {"date": ["Thu, 26 Nov 2026 10:00:00 GMT"], "content-type": ["application/json"]}
    untold = {**SAID, "id": "chatcmpl-2"}
    del untold["created"]
    content = cassette(SAID, untold)
    headers = json.dumps({"content-type": ["application/json"], "set-cookie": ["session=1"]})
    content = content.replace(headers.encode(), json.dumps(dated).encode())
    keep(tmp_path, content)
    [path] = tmp_path.glob("*.md")
    assert path.read_text().count('recorded: "2026-11-26"') == 1


def test_a_session_has_the_day_on_which_it_began(tmp_path: Path) -> None:
    rows = [{**row, "timestamp": "2026-11-26T10:00:00.000Z"} for row in claude_lines()]
    undated, *_ = keep(tmp_path, lines(claude_lines()))
    dated, *_ = keep(tmp_path, lines(rows))
    assert undated == dated
    assert 'recorded: "2026-11-26"' in Path(str(dated)).read_text()


def test_a_conversation_is_named_after_what_was_asked_whatever_the_agent_says_first(
    tmp_path: Path,
) -> None:
    said = [("developer", "<skills> many"), ("user", "<cwd>/home</cwd>"), ("user", "Count them")]
    entries = tuple(placement.given_of(Message(role, text)) for role, text in said)
    section = Section("", {"model": "m"}, entries)
    place = Keeper(tmp_path).keep_conversation(Conversation("a", section))
    assert place
    assert Path(place).name.startswith("count-them-")
