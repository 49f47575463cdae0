"""Every text of a message or an answer, changed in one way."""

from collections.abc import Callable
from dataclasses import replace

from rechat.values.conversation import (
    Answer,
    AnyAnswer,
    BinaryAnswer,
    Call,
    Choice,
    ErrorAnswer,
    Fault,
    Media,
    Message,
    Opaque,
    Part,
    RawAnswer,
    Reasoning,
    Refusal,
    Text,
)
from rechat.values.jsontext import Json

type Rewrite = Callable[[str], str]


def in_message(message: Message, change: Rewrite, in_json: Rewrite | None = None) -> Message:
    """The message with each text changed, those of its parts too. `in_json` is the change for the
    JSON text of a call's arguments, if that has to spell what it puts in as JSON does.
    """
    body = None if message.body is None else change(message.body)
    parts = tuple(_in_part(part, change, in_json or change) for part in message.parts)
    return replace(message, body=body, parts=parts)


def in_answer(answer: AnyAnswer, change: Rewrite, in_json: Rewrite | None = None) -> AnyAnswer:
    """The answer with each text changed."""
    match answer:
        case Answer(choices=choices):
            changed = (
                Choice(in_message(choice.message, change, in_json), choice.fields)
                for choice in choices
            )
            return replace(answer, choices=tuple(changed))
        case Fault(text=text):
            return replace(answer, text=change(text))
        case ErrorAnswer(body=body):
            return replace(answer, body=_in_value(body, change))
        case RawAnswer(value):
            return replace(answer, value=_in_value(value, change))
        case BinaryAnswer():
            return answer


def _in_part(part: Part, change: Rewrite, in_json: Rewrite) -> Part:
    match part:
        case Text(text=text) | Reasoning(text=text) | Refusal(text=text):
            return replace(part, text=change(text))
        case Call(arguments=arguments, kind="function"):
            return replace(part, arguments=in_json(arguments))
        case Call(arguments=arguments):
            return replace(part, arguments=change(arguments))
        case Opaque(value):
            return Opaque(_in_value(value, change))
        case Media():
            return part


def _in_value(value: Json, change: Rewrite) -> Json:
    match value:
        case str():
            return change(value)
        case list():
            return [_in_value(item, change) for item in value]
        case dict():
            return {key: _in_value(item, change) for key, item in value.items()}
        case _:
            return value
