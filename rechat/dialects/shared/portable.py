"""An answer without what only its own API understands, so that another API can give it."""

from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import Call
from rechat.values import Choice
from rechat.values import Media
from rechat.values import Message
from rechat.values import Opaque
from rechat.values import Part
from rechat.values import Reasoning
from rechat.values import Refusal
from rechat.values import Text

# What every dialect knows how to say, in the words of Chat Completions.
_OF_ANSWER = ("model", "usage")
_OF_CHOICE = ("finish_reason",)


def portable(answer: AnyAnswer) -> AnyAnswer:
    """The answer as a person would have written it: texts, calls, how it ended and the tokens. Each
    dialect makes its own envelope for such an answer. Errors stay as they are.
    """
    match answer:
        case Answer(choices, fields):
            kept = {key: fields[key] for key in _OF_ANSWER if key in fields}
            return Answer(tuple(map(_choice, choices)), kept)
        case _:
            return answer


def _choice(choice: Choice) -> Choice:
    message = choice.message
    if message.role != "assistant":
        return choice
    parts = tuple(_part(part) for part in message.parts if not isinstance(part, Opaque))
    kept = {key: choice.fields[key] for key in _OF_CHOICE if key in choice.fields}
    return Choice(Message(message.role, message.body, parts), kept)


def _part(part: Part) -> Part:
    match part:
        case Text(text):
            return Text(text)
        case Reasoning(text, name):
            return Reasoning(text, name)
        case Call(name, call_id, arguments, kind):
            return Call(name, call_id, arguments, kind)
        case Media(kind, url):
            return Media(kind, url)
        case Refusal() | Opaque():
            return part
