"""Sessions of Claude Code: a JSON line for each block of a message, in a tree.

1. Lines with one `message.id` are one message; each repeats its usage, which is not summed.
2. `parentUuid` makes a tree: of several branches the last is taken. Results of calls are children
   of the call, so those of a call on the branch are taken too.
3. Subagents (`isSidechain`, told apart by `agentId`) are separate conversations.
4. The system prompt and the tools are missing, so the original requests are unknown.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from rechat.convert.conversation import MESSAGES
from rechat.convert.conversation import conversation_of
from rechat.convert.found import Conversation
from rechat.convert.found import Found
from rechat.convert.found import Left
from rechat.convert.found import Source
from rechat.values import JsonObject

_TOLD = ("input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")


def is_row(row: object) -> bool:
    """Whether a row is one of a session."""
    return isinstance(row, dict) and "sessionId" in row and "type" in row


def read(source: Source, rows: list[Any]) -> Iterator[Found]:
    """The conversations of a session, and how many lines are in none."""
    groups: dict[str, list[JsonObject]] = defaultdict(list)
    for row in rows:
        if isinstance(row, dict) and row.get("uuid"):
            agent = str(row.get("agentId", "subagent")) if row.get("isSidechain") else ""
            groups[agent].append(row)
    for agent, lines in groups.items():
        yield from _conversations(f"{source.name}#{agent}" if agent else source.name, lines)


def _conversations(place: str, lines: list[JsonObject]) -> Iterator[Found]:
    by_name = {str(line["uuid"]): line for line in lines}
    taken: dict[str, set[str]] = {}
    for line in lines:
        if _is_said(line):
            chain = _above(str(line["uuid"]), by_name)
            taken[chain[-1]] = {*chain}
    kept = 0
    for chain_names in taken.values():
        said = [line for line in lines if _is_said(line) and _belongs(line, chain_names, by_name)]
        kept += len(said)
        found = _conversation(place, said)
        yield found
        if isinstance(found, Conversation):
            place = f"{place}+"
    if lost := sum(map(_is_said, lines)) - kept:
        yield Left(place.rstrip("+"), f"{lost} lines of branches that were given up")


def _is_said(line: JsonObject) -> bool:
    return line.get("type") in ("user", "assistant") and not line.get("isMeta")


def _above(name: str, by_name: dict[str, JsonObject]) -> list[str]:
    """A line and its ancestors, up to the root."""
    chain = [name]
    seen = {name}
    while (above := str(by_name[chain[-1]].get("parentUuid"))) in by_name and above not in seen:
        chain.append(above)
        seen.add(above)
    return chain


def _belongs(line: JsonObject, chain: set[str], by_name: dict[str, JsonObject]) -> bool:
    """Whether a line is in a chain, or a block or a result beside it."""
    if line["uuid"] in chain:
        return True
    above = by_name.get(str(line.get("parentUuid")))
    if above is None or above["uuid"] not in chain:
        return False
    return _has_result(line) or _message_id(line) == _message_id(above)


def _has_result(line: JsonObject) -> bool:
    match line.get("message"):
        case {"content": list(blocks)}:
            return any(isinstance(one, dict) and one.get("type") == "tool_result" for one in blocks)
    return False


def _message_id(line: JsonObject) -> object:
    match line.get("message"):
        case {"id": str(name)}:
            return name
    return line.get("uuid")


def _conversation(place: str, lines: list[JsonObject]) -> Conversation | Left:
    messages: list[JsonObject] = []
    fields: dict[int, JsonObject] = {}
    model = ""
    number = -1
    for line in lines:
        match line.get("message"):
            case {"role": str(role), "content": content, **told}:
                blocks = _blocks(content)
            case _:
                continue
        if messages and messages[-1]["role"] == role:
            messages[-1]["content"] += blocks
        elif blocks:
            messages.append({"role": role, "content": blocks})
            number += role == "assistant"
        if role == "assistant":
            model = str(told.get("model") or model)
            usage = told.get("usage")
            if isinstance(usage, dict):
                fields[number] = {"usage": {key: usage[key] for key in _TOLD if key in usage}}
    body: JsonObject = {"model": model} if model and model != "<synthetic>" else {}
    began = lines[0].get("timestamp")
    body |= {"messages": messages}
    return conversation_of(place, MESSAGES, body, fields=fields, began=began)


def _blocks(content: Any) -> list[Any]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content or ())
