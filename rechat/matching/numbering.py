"""The ids of calls as numbers, results in the order of their calls, and nothing in the place of
what says the settings again that hold, or in which shape an answer is wanted.
"""

from collections.abc import Callable, Iterable, Iterator

from rechat.dialects import shape_of
from rechat.dialects import shapeless
from rechat.matching.settings import updated
from rechat.values import Call
from rechat.values import JsonObject
from rechat.values import Message

NOTHING = Message("")
"""What is compared with no message."""

# What says in one API or another which call a result belongs to.
_RESULT_NAMES = frozenset({"tool_call_id", "name", "tool_name"})


class Numbering:
    """Puts numbers in the place of the ids of calls, message after message, in a conversation with
    these settings. A message that only says them again becomes `NOTHING`.
    """

    def __init__(self, settings: JsonObject) -> None:
        self._settings = settings
        self._numbers: dict[str, str] = {}
        self._results = 0

    def __call__(self, messages: tuple[Message, ...]) -> tuple[Message, ...]:
        """The takes of one message, with the number of the call for its id. A result whose id no
        call has is that of the next call.
        """
        if any(message.parts and message.parts_of(Call) for message in messages):
            self._numbers = {
                call.id: str(number)
                for message in reversed(messages)
                for number, call in enumerate(message.parts_of(Call), 1)
            }
            self._results = 0
        return tuple(self._told(message) for message in messages)

    def _told(self, message: Message) -> Message:
        if message.role != "developer" or not message.parts:
            return self._result(message)
        settings = updated(self._settings, message)
        is_said_again = settings is not None and settings == self._settings
        self._settings = self._settings if settings is None else settings
        return NOTHING if is_said_again else message

    def _result(self, message: Message) -> Message:
        if message.role == "request" and shape_of(self._settings):
            return shapeless(message)
        if message.role != "tool":
            return message
        self._results += 1
        call_id = message.fields.get("tool_call_id")
        number = self._numbers.get(call_id) if isinstance(call_id, str) and call_id else None
        number = number or str(self._results)
        return message.once(number, lambda: _result(message, number))


def _result(message: Message, number: str) -> Message:
    fields = {key: value for key, value in message.fields.items() if key not in _RESULT_NAMES}
    fields["tool_call_id"] = number
    return Message(message.role, message.body, message.parts, fields, message.without)


def in_call_order[T](items: Iterable[T], message_of: Callable[[T], Message]) -> Iterator[T]:
    """What stands for messages in one spelling, with the results of each turn in the order of their
    calls.
    """
    results: list[T] = []
    for item in items:
        if message_of(item).role == "tool":
            results.append(item)
            continue
        if results:
            yield from sorted(results, key=lambda result: _number_of(message_of(result)))
            results = []
        yield item
    yield from sorted(results, key=lambda result: _number_of(message_of(result)))


def _number_of(result: Message) -> int:
    return int(str(result.fields["tool_call_id"]))


def numbered(messages: tuple[Message, ...], settings: JsonObject) -> tuple[Message, ...]:
    """The messages of a request with numbers for the ids of calls, results in the order of their
    calls. They remember what follows from them.
    """
    number = Numbering(settings)
    numbered = (number((message.kept(),))[0].kept() for message in messages)
    return tuple(in_call_order(numbered, lambda message: message))
