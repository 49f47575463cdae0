"""The logs of `llm`, in both of its schemas."""

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from rechat.convert import Conversation
from rechat.convert import Left
from rechat.convert import Source
from rechat.convert import read
from rechat.values import Answer
from rechat.values import Call
from rechat.values import Given
from rechat.values import Media
from rechat.values import Reply

OLD = """
create table responses (id text, model text, prompt text, system text, options_json text, response text,
  conversation_id text, input_tokens int, output_tokens int, resolved_model text);
create table tool_calls (id integer primary key, response_id text, name text, arguments text, tool_call_id text);
create table tool_results (id integer primary key, response_id text, name text, output text, tool_call_id text);
create table fragments (id integer primary key, content text);
create table prompt_fragments (response_id text, fragment_id int, "order" int);
create table attachments (id text, type text, path text, url text, content blob);
create table prompt_attachments (response_id text, attachment_id text, "order" int);
"""
NEW = """
create table messages (hash text, parent_hash text, role text);
create table parts (id integer primary key, message_hash text, position int, type text, text text, payload text);
create table threads (id text, tip_message_hash text);
create table turns (id text, thread_id text, tip_message_hash text, model text, resolved_model text,
  options_json text, input_tokens int, output_tokens int);
"""
PIXEL = b"\x89PNG\r\n"


def database(script: str, rows: Iterable[tuple[str, tuple[Any, ...]]]) -> bytes:
    with closing(sqlite3.connect(":memory:")) as made:
        made.executescript(script)
        for table, row in rows:
            made.execute(f"insert into {table} values ({', '.join('?' * len(row))})", row)
        made.commit()
        return made.serialize()


def conversations(content: bytes) -> list[Any]:
    return [*read([Source("logs.db", content)])]


def message(number: int, role: str, *parts: tuple[str, str | None, Any]) -> list[tuple[str, Any]]:
    """A message that follows the one before."""
    above = f"m{number - 1}" if number else None
    return [
        ("messages", (f"m{number}", above, role)),
        *(
            ("parts", (None, f"m{number}", at, kind, text, json.dumps(told) if told else None))
            for at, (kind, text, told) in enumerate(parts)
        ),
    ]


ROWS = [
    *message(0, "system", ("text", "Be brief", None)),
    *message(
        1,
        "user",
        ("text", None, {"text_ref": [{"fragment": 1}, {"literal": " Sun?"}]}),
        ("attachment", None, {"attachment": {"id": "a1"}}),
    ),
    *message(
        2,
        "assistant",
        ("reasoning", "Hm.", None),
        ("tool_call", None, {"name": "look", "arguments": {"b": 1, "a": 2}, "tool_call_id": "c1"}),
    ),
    *message(
        3, "tool", ("tool_result", None, {"name": "look", "output": "yes", "tool_call_id": "c1"})
    ),
    *message(4, "assistant", ("text", "It shines.", None)),
    ("threads", ("t1", "m4")),
    ("turns", ("1", "t1", "m2", "mini", "gpt-5-mini", '{"temperature": 0.5, "seed": null}', 3, 4)),
    ("turns", ("2", "t1", "m4", "mini", "gpt-5-mini", '{"temperature": 0.5, "seed": null}', 9, 5)),
    ("fragments", (1, "Look here:")),
    ("attachments", ("a1", "image/png", None, None, PIXEL)),
]


def test_a_thread_is_a_conversation_with_its_calls_fragments_and_attachments() -> None:
    [found] = conversations(database(NEW + OLD, ROWS))
    assert isinstance(found, Conversation)
    assert found.place == "logs.db#t1"
    section = found.section
    assert section.settings == {"model": "gpt-5-mini", "temperature": 0.5}
    system, asked, called, result, said = section.entries
    assert isinstance(system, Given)
    assert isinstance(asked, Given)
    assert asked.message.whole_text.startswith("Look here: Sun?")
    assert [part.url for part in asked.message.parts_of(Media)] == [
        "data:image/png;base64,iVBORw0K"
    ]
    assert isinstance(called, Reply)
    assert isinstance(called.answer, Answer)
    assert called.answer.tokens == (3, 4)
    [call] = called.answer.choices[0].message.parts_of(Call)
    assert (call.name, call.id, call.arguments) == ("look", "c1", '{"b":1,"a":2}')
    assert isinstance(result, Given)
    assert result.message.text == "yes"
    assert isinstance(said, Reply)
    assert isinstance(said.answer, Answer)
    assert (said.answer.choices[0].message.text, said.answer.tokens) == ("It shines.", (9, 5))


def test_an_older_chat_is_read_from_its_responses_unless_it_is_a_thread() -> None:
    chat = [
        ("responses", ("1", "m", "Sun?", "Be brief", "{}", "", "chat", 3, 4, None)),
        ("tool_calls", (None, "1", "look", '{"at": 1}', "c1")),
        ("responses", ("2", "m", "", "Be brief", "{}", "It shines.", "chat", None, None, None)),
        ("tool_results", (None, "2", "look", "yes", "c1")),
        ("prompt_fragments", ("1", 1, 0)),
        ("responses", ("3", "m", "never", "", "{}", "never", "t1", 1, 1, None)),
    ]
    found = conversations(database(NEW + OLD, [*ROWS, *chat]))
    assert [one.place for one in found] == ["logs.db#t1", "logs.db#chat"]
    entries = found[1].section.entries
    assert [type(entry) for entry in entries] == [Given, Given, Reply, Given, Reply]
    assert entries[1].message.text == "Look here:\nSun?"
    assert entries[2].answer.choices[0].message.parts_of(Call)[0].arguments == '{"at": 1}'
    assert (entries[2].answer.tokens, entries[4].answer.tokens) == ((3, 4), None)
    assert found[1].section.settings == {"model": "m"}


def test_a_system_prompt_that_changes_is_told() -> None:
    chat = [
        ("responses", ("1", "m", "a", "one", "{}", "b", "chat", 1, 1, None)),
        ("responses", ("2", "n", "c", "two", "{}", "d", "chat", 1, 1, None)),
    ]
    left, found = conversations(database(OLD, chat))
    assert isinstance(left, Left)
    assert found.section.settings == {}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (database("create table other (a)", []), "no log of llm"),
        (database("create table turns (a)", []), "cannot be read"),
        (b"SQLite format 3\x00" + b"x" * 500, "cannot be read"),
    ],
)
def test_another_database_is_told(content: bytes, reason: str) -> None:
    [left] = conversations(content)
    assert isinstance(left, Left)
    assert reason in left.reason


def test_a_chain_that_has_no_end_is_left_off() -> None:
    rows = [("messages", ("m0", "m0", "user")), ("threads", ("t", "m0"))]
    [left] = conversations(database(NEW + OLD, rows))
    assert isinstance(left, Left)


def test_what_llm_itself_writes_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    llm = pytest.importorskip("llm", reason="llm is not installed: pip install '.[frameworks]'")
    monkeypatch.setenv("LLM_USER_PATH", str(tmp_path))
    migrate = pytest.importorskip("llm.migrations").migrate
    database_of = pytest.importorskip("sqlite_utils").Database

    def execute(_self: Any, prompt: Any, *_: Any, **_more: Any) -> Any:
        yield f"You said {prompt.prompt}"

    echo = type("Echo", (llm.Model,), {"model_id": "echo", "execute": execute})
    path = tmp_path / "logs.db"
    stored = database_of(path)
    migrate(stored)
    chat = echo().conversation()
    for text in ("one", "two"):
        response = chat.prompt(text, system="Be brief")
        response.text()
        response.log_to_db(stored)
    stored.conn.close()
    [found] = [one for one in conversations(path.read_bytes()) if isinstance(one, Conversation)]
    said = [entry for entry in found.section.entries if isinstance(entry, Reply)]
    texts = [one.answer.choices[0].message.text for one in said if isinstance(one.answer, Answer)]
    assert texts == ["You said one", "You said two"]


def test_a_thread_began_on_the_day_of_its_first_turn() -> None:
    schema = NEW.replace(
        "create table turns (id text,", "create table turns (datetime_utc text, id text,"
    )
    rows = [
        (name, ("2026-11-20T10:00:00+00:00", *row) if name == "turns" else row)
        for name, row in ROWS
    ]
    [found] = conversations(database(schema + OLD, rows))
    assert "2026-11-20" in repr(found)
