"""Calls of tools that a client cannot make, and calls without their results."""

import re
from collections.abc import Iterator
from itertools import pairwise

from rechat.store.doubts.conversations import Doubt
from rechat.values import Answer
from rechat.values import Call
from rechat.values import Given
from rechat.values import JsonError
from rechat.values import Message
from rechat.values import Reply
from rechat.values import Section
from rechat.values import jsontext

# What servers and APIs take as the name of a function: "get_weather", "mcp.search:2".
_NAME = re.compile(r"[\w.:/-]{1,256}")
# An ID with its name before it.
_LABELLED = re.compile(r"(?:call_|tool_call_)?id[=:](.*)", re.IGNORECASE)


def doubts_about_calls(section: Section) -> Iterator[Doubt]:
    """The line of a message with a call, what is odd about it and how to write it."""
    for entry in section.entries:
        match entry:
            case Given(message, line=line):
                yield from ((line, words) for words in _doubts(message))
            case Reply(Answer(choices), line=line):
                for choice in choices:
                    yield from ((line, words) for words in _doubts(choice.message))
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


def _doubts(message: Message) -> Iterator[str]:
    calls = message.parts_of(Call)
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
        return  # holes, or another error
    if isinstance(found, dict) and found.get("name") == call.name and "arguments" in found:
        yield f"the arguments of {heading} name the function again: write only those below them"
