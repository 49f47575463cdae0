"""Conversations whose original requests are unknown, as sections.

The dialect in whose format the messages are reads them. What the model said is an answer; what it
said before anyone asked, or what is marked so, is given.
"""

from collections.abc import Container, Iterable, Mapping
from itertools import pairwise

from rechat.convert.days import day_of
from rechat.convert.found import Conversation
from rechat.convert.found import Left
from rechat.dialects import dialect_of
from rechat.values import Answer
from rechat.values import BodyError
from rechat.values import Choice
from rechat.values import Entry
from rechat.values import Given
from rechat.values import HttpRequest
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Reply
from rechat.values import Section
from rechat.values import jsontext

CHAT = "/v1/chat/completions"
MESSAGES = "/v1/messages"
RESPONSES = "/v1/responses"


def conversation_of(
    place: str,
    path: str,
    body: JsonObject,
    *,
    given: Container[int] = (),
    fields: Mapping[int, JsonObject] | None = None,
    began: object = None,
) -> Conversation | Left:
    """The conversation that a request to this path would continue, or why it cannot be read.

    `given` has the numbers (from 0) of those messages of the model that are not answers, `fields`
    the known metadata of the others (such as their tokens). Answers are as old as the conversation,
    which `began` at a time.
    """
    dialect = dialect_of("POST", path)
    assert dialect
    content = jsontext.dump(body).encode("utf-8", "surrogatepass")
    try:
        request = dialect.read_request(HttpRequest("POST", path, body=content))
    except BodyError as error:
        return Left(place, f"cannot be read: {error}")
    entries = _entries(request.messages, given, fields or {}, day_of(began))
    if not any(isinstance(entry, Reply) for entry in entries):
        return Left(place, "the model says nothing in it")
    return Conversation(place, Section("", request.settings, entries))


def _entries(
    messages: Iterable[Message],
    given: Container[int],
    fields: Mapping[int, JsonObject],
    day: str,
) -> tuple[Entry, ...]:
    entries: list[Entry] = []
    number = -1
    for before, message in pairwise([None, *messages]):
        assert message
        if message.role != "assistant":
            entries.append(Given(message))
            continue
        number += 1
        follows = before is None or before.role in ("assistant", "system")
        if number in given or follows:
            entries.append(Given(message))
        else:
            answer = Answer((Choice(message),), dict(fields.get(number, {})))
            entries.append(Reply(answer, recorded=day))
    return tuple(entries)
