"""Calls of tools that a client cannot make, and calls without their results."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from itertools import pairwise

from rechat.store.doubts.arguments import misfits
from rechat.store.doubts.conversations import Doubt
from rechat.store.doubts.conversations import is_recorded
from rechat.values import Answer
from rechat.values import Call
from rechat.values import Given
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Opaque
from rechat.values import Reply
from rechat.values import Section
from rechat.values import jsontext

# What servers and APIs take as the name of a function: "get_weather", "mcp.search:2".
_NAME = re.compile(r"[\w.:/-]{1,256}")
# A hole as a value of JSON, without the quotes of a string.
_BARE_HOLE = re.compile(r"[:,\[]\s{0,9}(\{\{[^{}\n]{1,60}\}\})\s{0,9}[,}\]]")
# What a call is to the APIs.
_TYPES_OF_CALLS = ("function", "function_call", "tool_call", "tool_use", "tool_calls")
# An ID with its name before it.
_LABELLED = re.compile(r"(?:call_|tool_call_)?id[=:](.*)", re.IGNORECASE)


def doubts_about_calls(section: Section) -> Iterator[Doubt]:
    """The line of a message with a call, what is odd about it and how to write it."""
    tools = _tools(section.settings)
    for entry in section.entries:
        match entry:
            case Given(message, line=line):
                yield from ((line, words) for words in _doubts(message))
            case Reply(Answer(choices) as said, line=line):
                for choice in choices:
                    yield from ((line, words) for words in _doubts(choice.message))
                    if not is_recorded(said):
                        own = _doubts_about_answer(choice.message, tools)
                        yield from ((line, words) for words in own)
    for answer, following in pairwise(section.entries):
        match answer, following:
            case (
                Reply(Answer(choices), line=line),
                Given(Message("user"), pattern),
            ) if pattern != "any":
                calls = [call for choice in choices for call in choice.message.parts_of(Call)]
                if calls:
                    told = calls[-1].id or "ID"
                    yield (
                        line,
                        (
                            f"`#### call {calls[-1].name}` has no result, and clients send one: "
                            f"write it as `### tool, {told}` below"
                        ),
                    )


def _tools(settings: JsonObject) -> Mapping[str, Json]:
    """The functions that the settings name, and the schema of the arguments of each; none if one
    of them has no name.
    """
    found: dict[str, Json] = {}
    listed = settings.get("tools", settings.get("functions"))
    for tool in listed if isinstance(listed, list) else ():
        match tool:
            case {"function": {"name": str(name)} as function}:
                found[name] = function.get("parameters")
            case {"name": str(name)}:
                found[name] = tool.get("parameters", tool.get("input_schema"))
            case _:
                return {}
    return found


def _doubts_about_answer(message: Message, tools: Mapping[str, Json]) -> Iterator[str]:
    """What is odd about the calls of an answer that was written by hand."""
    for call in message.parts_of(Call):
        heading = f"`#### call {call.name}`"
        if call.kind == "function" and tools and call.name not in tools:
            close = get_close_matches(call.name, tools, 1)
            hint = f"did you mean {close[0]}? " if close else ""
            yield f"{heading} calls no tool of the settings: {hint}they have {', '.join(tools)}"
        for words in misfits(call.arguments, tools.get(call.name)):
            yield f"{heading} {words}"
    content = message.fields.get("content")
    for item in content if isinstance(content, list) else ():
        if isinstance(item, dict) and item.get("type") in _TYPES_OF_CALLS:
            yield (
                f"this JSON is a content with an item of type {item['type']}, and no call: write "
                "`#### call NAME, ID`, and the arguments in a ```json fence below"
            )


def _doubts_about_results(message: Message, calls: tuple[Call, ...]) -> Iterator[str]:
    """Results of the client's own tools, written as those of the server's."""
    own = {call.id for call in calls}
    for part in message.parts_of(Opaque):
        match part.value:
            case {"type": str(kind), **rest} if kind.endswith(("_tool_result", "_output")):
                given = rest.get("tool_use_id", rest.get("call_id"))
                if message.role == "tool":
                    yield (
                        "`#### result` is what a tool of the server gave: write the text below the "
                        "heading `### tool, ID`, each line with `> ` in front"
                    )
                elif given and given in own:
                    yield (
                        f"`#### result` is no part of an answer with `#### call …, {given}`, whose "
                        f"result the client sends: write it as `### tool, {given}` below"
                    )


def _doubts(message: Message) -> Iterator[str]:
    calls = message.parts_of(Call)
    yield from _doubts_about_results(message, calls)
    seen: set[str] = set()
    for call in calls:
        heading = f"`#### call {call.name}`"
        if call.id and call.id in seen:
            yield f"two calls have the ID {call.id}: give {heading} another one"
        seen.add(call.id)
        if not _NAME.fullmatch(call.name):
            name = re.split(r"\W", call.name, maxsplit=1)[0] or "NAME"
            yield (
                f"{call.name!r} is no name of a function: write `#### call {name}, ID`, and the "
                "arguments in a ```json fence below"
            )
        elif labelled := _LABELLED.fullmatch(call.id):
            meant = f"`#### call {call.name}, {labelled[1]}`"
            yield f"the ID of {heading} is {call.id!r}: write {meant}"
        elif call.kind == "function":
            yield from _doubts_about_arguments(call, heading)


def _doubts_about_arguments(call: Call, heading: str) -> Iterator[str]:
    if not call.arguments:
        fields = ", ".join(f"`{name}`" for name in call.fields)
        read = f" (its YAML sets {fields} beside them)" if fields else ""
        yield (
            f"{heading} has no arguments{read}, and clients parse them as JSON: write them in a "
            "```json fence, `{}` for none"
        )
        return
    try:
        found = jsontext.parse(call.arguments)
    except JsonError:
        if bare := _BARE_HOLE.search(call.arguments):
            yield (
                f"{bare[1]} in the arguments of {heading} stands outside of quotes, and a word in "
                f'its place is no JSON: write `"{bare[1]}"` unless it is always a number'
            )
        return
    if twice := _name_given_twice(call.arguments):
        yield (
            f"the arguments of {heading} say {twice!r} twice, and clients read the last: take one "
            "out"
        )
    if isinstance(found, dict) and found.get("name") == call.name and "arguments" in found:
        yield f"the arguments of {heading} name the function again: write only those below them"


def _name_given_twice(arguments: str) -> str:
    """The first name that one object of the JSON gives two values; empty if none does."""
    found: list[str] = []

    def note(pairs: list[tuple[str, Json]]) -> None:
        counted = Counter(name for name, _ in pairs)
        found.extend(name for name, count in counted.items() if count > 1)

    try:
        json.loads(arguments, object_pairs_hook=note)
    except (ValueError, RecursionError):
        return ""  # deeper than any call, or another error
    return found[0] if found else ""
