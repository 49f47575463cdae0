"""A unique variant of a question, so that no server answers it from a warm prompt cache."""

from dataclasses import replace

from rechat.resend.asking.question import Asked
from rechat.values import Message
from rechat.values import Text


def marked(asked: Asked, mark: str) -> Asked:
    """The question with a mark before its first system message, or else before the first message,
    since prompt caches compare from the beginning.
    """
    messages = asked.request.messages
    systems = [at for at, one in enumerate(messages) if one.role in ("system", "developer")]
    first = systems[0] if systems else 0
    changed = _marked(messages[first], f"[{mark}]\n\n")
    rest = (*messages[:first], changed, *messages[first + 1 :])
    return replace(asked, request=replace(asked.request, messages=rest))


def _marked(message: Message, mark: str) -> Message:
    if message.body is not None:
        return replace(message, body=mark + message.body)
    return replace(message, parts=(Text(mark), *message.parts))
