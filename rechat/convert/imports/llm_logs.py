"""The logs of `llm`: an SQLite database with two schemas, both of which one file may have.

1. `threads` end in a message; each message names the one before it. Its parts are text, reasoning,
   calls, results and attachments; `turns` say which model answered, and how many tokens it took.
2. Older chats are rows of `responses`, one for each answer, with calls and results in tables of
   their own. A chat that is a thread as well is read as that.
3. What was on the wire is not stored, so the original requests are unknown.
"""

import base64
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from rechat.convert.conversation import CHAT
from rechat.convert.conversation import conversation_of
from rechat.convert.found import Found
from rechat.convert.found import Left
from rechat.convert.found import Source
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import jsontext

_MAGIC = b"SQLite format 3\x00"
# The header field which says that changes may be in a file beside it, which is not read.
_JOURNAL = slice(18, 20)
_LONGEST_CHAIN = 10_000


def is_database(content: bytes) -> bool:
    """Whether bytes are an SQLite database."""
    return content.startswith(_MAGIC)


def read(source: Source) -> Iterator[Found]:
    """The conversations in a database. Raises `ValueError` for one that is not a log of `llm`."""
    with closing(_opened(source.content)) as database:
        try:
            tables = {row["name"] for row in database.execute("select name from sqlite_master")}
            if not tables & {"turns", "responses"}:
                raise ValueError("is a database, but no log of llm")
            known: set[str] = set()
            if "turns" in tables:
                for found, name in _threads(source, database):
                    known.add(name)
                    yield found
            if "responses" in tables:
                yield from _chats(source, database, tables, known)
        except sqlite3.Error as error:
            raise ValueError(f"is a database that cannot be read: {error}") from None


def _opened(content: bytes) -> sqlite3.Connection:
    raw = bytearray(content)
    raw[_JOURNAL] = b"\x01\x01"
    database = sqlite3.connect(":memory:")
    database.row_factory = sqlite3.Row
    try:
        database.deserialize(bytes(raw))
        database.execute("pragma trusted_schema = off")
        database.execute("pragma query_only = on")
    except sqlite3.Error as error:
        database.close()
        raise ValueError(f"is a database that cannot be read: {error}") from None
    return database


def _threads(source: Source, database: sqlite3.Connection) -> Iterator[tuple[Found, str]]:
    for thread in database.execute("select id, tip_message_hash as tip from threads order by id"):
        place = f"{source.name}#{thread['id']}"
        turns = _rows(
            database,
            "select tip_message_hash as tip, * from turns where thread_id = ? order by id",
            thread["id"],
        )
        messages: list[JsonObject] = []
        fields: dict[int, JsonObject] = {}
        tokens = {turn["tip"]: turn for turn in turns}
        number = -1
        for message in _chain(database, thread["tip"]):
            told = [*_messages(database, message)]
            messages += told
            if any(one["role"] == "assistant" for one in told):
                number += 1
                if turn := tokens.get(message["hash"]):
                    fields[number] = _usage(turn)
        body = _settings(turns) | {"messages": messages}
        began = _column(turns[0], "datetime_utc") if turns else None
        yield conversation_of(place, CHAT, body, fields=fields, began=began), thread["id"]


def _chain(database: sqlite3.Connection, tip: str | None) -> list[Any]:
    """The messages up to one, oldest first."""
    found: list[Any] = []
    while tip and len(found) < _LONGEST_CHAIN:
        rows = _rows(database, "select hash, parent_hash, role from messages where hash = ?", tip)
        found += rows[:1]
        tip = rows[0]["parent_hash"] if rows else None
    return found[::-1]


def _messages(database: sqlite3.Connection, message: Any) -> Iterator[JsonObject]:
    """A message in the format of Chat Completions; each result is a separate one."""
    content: list[JsonObject] = []
    calls: list[JsonObject] = []
    thoughts: list[str] = []
    query = "select type, text, payload from parts where message_hash = ? order by position"
    for row in _rows(database, query, message["hash"]):
        told = _object(row["payload"])
        text = row["text"] or _text_of(database, told)
        match row["type"]:
            case "text":
                content.append({"type": "text", "text": text})
            case "reasoning" if text:
                thoughts.append(text)
            case "attachment":
                content += _attachments(database, [told.get("attachment")])
            case "tool_call" if not told.get("server_executed"):
                calls.append(
                    _call(told.get("tool_call_id"), told.get("name"), told.get("arguments"))
                )
            case "tool_result" if not told.get("server_executed"):
                yield _result(told.get("tool_call_id"), told.get("output"))
    if content or calls:
        said: JsonObject = {"role": message["role"], "content": _plain(content)}
        said |= {"tool_calls": calls} if calls else {}
        yield said | ({"reasoning_content": "".join(thoughts)} if thoughts else {})


def _text_of(database: sqlite3.Connection, told: JsonObject) -> str:
    """A text that is stored in pieces, some of them fragments that are stored once."""
    pieces = []
    for piece in told.get("text_ref") or ():
        rows = _rows(database, "select content from fragments where id = ?", piece.get("fragment"))
        pieces.append(piece.get("literal") or (rows[0]["content"] if rows else ""))
    return "".join(pieces)


def _plain(content: list[JsonObject]) -> Any:
    """Texts alone are one text."""
    if all(part["type"] == "text" for part in content):
        return "".join(part["text"] for part in content) if content else None
    return content


def _attachments(database: sqlite3.Connection, named: list[Any]) -> Iterator[JsonObject]:
    for one in named:
        name = one.get("id") if isinstance(one, dict) else one
        for row in _rows(database, "select type, url, content from attachments where id = ?", name):
            url = row["url"]
            if not url and row["content"]:
                encoded = base64.b64encode(row["content"]).decode()
                url = f"data:{row['type'] or 'application/octet-stream'};base64,{encoded}"
            if url:
                yield {"type": "image_url", "image_url": {"url": url}}


def _chats(
    source: Source, database: sqlite3.Connection, tables: set[str], known: set[str]
) -> Iterator[Found]:
    """The chats in the older tables."""
    chats: dict[str, list[Any]] = {}
    for row in database.execute("select * from responses order by id"):
        chats.setdefault(row["conversation_id"] or row["id"], []).append(row)
    for name, rows in chats.items():
        place = f"{source.name}#{name}"
        if name in known:
            continue
        messages: list[JsonObject] = []
        if system := next((row["system"] for row in rows if row["system"]), ""):
            messages.append({"role": "system", "content": system})
        fields: dict[int, JsonObject] = {}
        for number, row in enumerate(rows):
            messages += _request_messages(database, tables, row)
            messages.append(_answer_message(database, tables, row))
            fields[number] = _usage(row)
        if any(row["system"] and row["system"] != system for row in rows):
            yield Left(place, "its system prompt changes within the chat: the first one is kept")
        body = _settings(rows) | {"messages": messages}
        began = _column(rows[0], "datetime_utc")
        yield conversation_of(place, CHAT, body, fields=fields, began=began)


def _request_messages(
    database: sqlite3.Connection, tables: set[str], row: Any
) -> Iterator[JsonObject]:
    name = row["id"]
    if "tool_results" in tables:
        query = "select tool_call_id, output from tool_results where response_id = ? order by id"
        for result in _rows(database, query, name):
            yield _result(result["tool_call_id"], result["output"])
    fragments: list[Any] = []
    if "prompt_fragments" in tables:
        query = (
            "select content from prompt_fragments join fragments on fragments.id = fragment_id "
            'where response_id = ? order by "order"'
        )
        fragments = [one["content"] for one in _rows(database, query, name)]
    text = "\n".join(filter(None, [*fragments, row["prompt"]]))
    content: list[JsonObject] = [{"type": "text", "text": text}] if text else []
    if "prompt_attachments" in tables:
        query = (
            'select attachment_id from prompt_attachments where response_id = ? order by "order"'
        )
        named = [one["attachment_id"] for one in _rows(database, query, name)]
        content += _attachments(database, named)
    if content:
        yield {"role": "user", "content": _plain(content)}


def _answer_message(database: sqlite3.Connection, tables: set[str], row: Any) -> JsonObject:
    calls: list[JsonObject] = []
    if "tool_calls" in tables:
        query = (
            "select tool_call_id, name, arguments from tool_calls where response_id = ? order by id"
        )
        calls = [_call(*one) for one in _rows(database, query, row["id"])]
    content = row["response"] or (None if calls else "")
    said: JsonObject = {"role": "assistant", "content": content}
    return said | ({"tool_calls": calls} if calls else {})


def _call(name: Any, tool: Any, arguments: Any) -> JsonObject:
    text = arguments if isinstance(arguments, str) else jsontext.dump(arguments or {})
    function: JsonObject = {"name": str(tool), "arguments": text}
    return {"id": str(name or ""), "type": "function", "function": function}


def _result(name: Any, output: Any) -> JsonObject:
    return {"role": "tool", "tool_call_id": str(name or ""), "content": str(output or "")}


def _settings(rows: list[Any]) -> JsonObject:
    """The model and the options that all answers have in common."""
    models = {_column(row, "resolved_model") or row["model"] for row in rows}
    options = {row["options_json"] for row in rows}
    found: JsonObject = {"model": models.pop()} if len(models) == 1 else {}
    return found | (_object(options.pop()) if len(options) == 1 else {})


def _usage(row: Any) -> JsonObject:
    asked, said = _column(row, "input_tokens"), _column(row, "output_tokens")
    if not isinstance(asked, int) or not isinstance(said, int):
        return {}
    return {"usage": {"prompt_tokens": asked, "completion_tokens": said}}


def _column(row: Any, name: str) -> Any:
    """A column that older databases do not have."""
    return row[name] if name in row.keys() else None  # noqa: SIM118  # a row is no mapping


def _rows(database: sqlite3.Connection, query: str, name: Any) -> list[Any]:
    return database.execute(query, (name,)).fetchall()


def _object(text: Any) -> JsonObject:
    try:
        value = jsontext.parse(text) if isinstance(text, str) else None
    except JsonError:
        return {}
    return (
        {key: one for key, one in value.items() if one is not None}
        if isinstance(value, dict)
        else {}
    )
