"""Applies a function to every text of a message or an answer."""

from collections.abc import Callable
from dataclasses import replace
from operator import is_

from rechat.values.conversation import Answer
from rechat.values.conversation import AnyAnswer
from rechat.values.conversation import BinaryAnswer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Fault
from rechat.values.conversation import Media
from rechat.values.conversation import Message
from rechat.values.conversation import Opaque
from rechat.values.conversation import Part
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Refusal
from rechat.values.conversation import Text
from rechat.values.jsontext import Json

type Rewrite = Callable[[str], str]


def in_message(message: Message, change: Rewrite, in_json: Rewrite | None = None) -> Message:
    """The message with each text changed, including those of its parts. `in_json` changes the
    arguments of calls instead, where what it inserts has to be escaped as in JSON.
    """
    body = None if message.body is None else change(message.body)
    if not message.parts:
        if body == message.body:
            return message
        return Message(message.role, body, (), message.fields, message.without)
    parts = tuple([_in_part(part, change, in_json or change) for part in message.parts])
    is_same = body == message.body and all(map(is_, parts, message.parts))
    return (
        message if is_same else Message(message.role, body, parts, message.fields, message.without)
    )


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
            changed = change(text)
            return part if changed == text else replace(part, text=changed)
        case Call(arguments=arguments):
            changed = in_json(arguments) if part.kind == "function" else change(arguments)
            if changed == arguments:
                return part
            return Call(part.name, part.id, changed, part.kind, part.fields)
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
