"""What a transcript says in the words of Chat Completions, for APIs that know nothing but text."""

from http import HTTPStatus

from rechat.values import Answer
from rechat.values import Call
from rechat.values import Choice
from rechat.values import ErrorAnswer
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Refusal
from rechat.values import header
from rechat.values import jsontext


def as_text(message: Message) -> str:
    """What was said as one text. Such an API has no calls: beside a text they are dropped; alone
    they stand as their arguments, one below the other, so that the answer says something.
    """
    if message.whole_text:
        return message.whole_text
    refused = [part.text for part in message.parts_of(Refusal)]
    return "\n".join(refused or [call.arguments for call in message.parts_of(Call)])


def arguments_of(text: str) -> JsonObject:
    """The arguments of a call as an object; a text or value that is none is its `input`."""
    value: Json
    try:
        value = jsontext.parse(text) if text else {}
    except JsonError:
        value = text
    return value if isinstance(value, dict) else {"input": value}


def error_text(answer: ErrorAnswer) -> str | None:
    """What an error says that a person wrote as a text, or without a body; None if it has a body of
    its own, to be served as it is.
    """
    if header(answer.headers, "content-type") or answer.body == "":
        return None
    match answer.body:
        case None:
            return _phrase(answer.status)
        case str(text):
            return text
        case _:
            return None


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"error {status}"


def text_answer(text: str) -> Answer:
    """An answer that is one text."""
    return Answer((Choice(Message("assistant", text)),))
