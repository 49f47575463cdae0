"""Fixtures of aimock, which matches by the last message of the user and the number of turns."""

from collections.abc import Sequence

from rechat.convert.exports.record import Record
from rechat.convert.exports.record import document
from rechat.values import Answer
from rechat.values import Call
from rechat.values import ErrorAnswer
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Reasoning
from rechat.values import Request
from rechat.values import jsontext


def write(records: Sequence[Record]) -> str:
    """A file of fixtures, one for each question whose answer is a message or an error."""
    fixtures: list[Json] = [
        {"match": _match(record.request), "response": response}
        for record in records
        if (response := _response(record))
    ]
    return document({"fixtures": fixtures})


def _match(request: Request) -> JsonObject:
    messages = request.messages
    asked = [message.text for message in messages if message.role == "user"]
    match: JsonObject = {"userMessage": asked[-1]} if asked and asked[-1] else {}
    match["turnIndex"] = sum(message.role == "assistant" for message in messages)
    match["hasToolResult"] = bool(messages) and messages[-1].role == "tool"
    return match | ({"model": request.model} if request.model else {})


def _response(record: Record) -> JsonObject:
    match record.answer:
        case Answer(choices=[choice, *_]):
            return _said(choice.message)
        case ErrorAnswer(status, body):
            told = body.get("error", body) if isinstance(body, dict) else {"message": str(body)}
            return {"error": told, "status": status}
    return {}


def _said(message: Message) -> JsonObject:
    said: JsonObject = {"content": message.text} if message.text else {}
    if calls := message.parts_of(Call):
        said["toolCalls"] = [_call(call) for call in calls]
    if thoughts := "".join(part.text for part in message.parts_of(Reasoning)):
        said["reasoning"] = thoughts
    return said or {"content": ""}


def _call(call: Call) -> JsonObject:
    told: JsonObject = {"name": call.name, "arguments": _arguments(call.arguments)}
    return ({"id": call.id} if call.id else {}) | told


def _arguments(text: str) -> Json:
    try:
        value = jsontext.parse(text)
    except JsonError:
        return text
    return value if isinstance(value, dict) and jsontext.dump(value) == text else text
