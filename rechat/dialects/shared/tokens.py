"""Texts in pieces of about a token: to stream a hand-written answer, and to count what it uses."""

import re
from collections.abc import Iterable

from rechat.values import Answer
from rechat.values import Call
from rechat.values import Message
from rechat.values import Reasoning
from rechat.values import Refusal
from rechat.values import Request

# About the size of a token: a word of up to six letters with the space before it, or a mark.
_TOKEN = re.compile(r"\s*\w{1,6}|\s*[^\w\s]|\s+")


def tokens(text: str) -> list[str]:
    """The text in pieces of about a token; joined they are the text."""
    return _TOKEN.findall(text)


def asked_tokens(messages: Iterable[Message]) -> int:
    """About how many tokens a conversation has."""
    return sum(len(tokens(message.text)) for message in messages)


def said_tokens(answer: Answer) -> int:
    """About how many tokens the choices of an answer have, with their calls."""
    return sum(len(tokens(_said(choice.message))) for choice in answer.choices)


def used_tokens(answer: Answer, request: Request) -> tuple[int, int]:
    """The tokens that were asked and said: as a person wrote them in `usage`, else as counted."""
    usage = answer.fields.get("usage")
    asked, said = (
        usage.get(name) if isinstance(usage, dict) else None
        for name in ("prompt_tokens", "completion_tokens")
    )
    return (
        asked if isinstance(asked, int) else asked_tokens(request.messages),
        said if isinstance(said, int) else said_tokens(answer),
    )


def _said(message: Message) -> str:
    calls = "".join(call.name + call.arguments for call in message.parts_of(Call))
    thoughts = "".join(part.text for part in message.parts_of(Reasoning))
    refusals = "".join(part.text for part in message.parts_of(Refusal))
    return message.text + calls + thoughts + refusals
