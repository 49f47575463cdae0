"""Records to be exported."""

from typing import Any

from rechat.convert import Record
from rechat.values import Answer
from rechat.values import Call
from rechat.values import Choice
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Request

ANSWER = Answer(
    (Choice(Message("assistant", "Paris"), {"finish_reason": "stop"}),),
    {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "gpt-5-2026",
        "usage": {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4},
    },
)
CALLED = (
    Message("system", "Be brief"),
    Message("user", "Sun?"),
    Message("assistant", None, (Call("look", "c1", '{"at": 1}'),)),
    Message("tool", "yes", fields={"tool_call_id": "c1"}),
)


def record(*messages: Message, answer: Any = ANSWER, name: str = "a.md", **settings: Any) -> Record:
    """A record of a chat."""
    told: JsonObject = {"model": "gpt-5", **settings}
    asked = messages or (Message("user", "What is the capital of France?"),)
    return Record(name, "a.md#", Request(told, asked), answer)
