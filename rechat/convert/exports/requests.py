"""The questions alone: bodies for load generators, batches, and arrays of messages."""

from collections.abc import Sequence

from rechat.convert.exports.record import BY_NAME
from rechat.convert.exports.record import Record
from rechat.convert.exports.record import body_of
from rechat.convert.exports.record import document
from rechat.convert.exports.record import lines
from rechat.convert.exports.record import url_of
from rechat.values import Answer
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Request
from rechat.values import jsontext


def raw(records: Sequence[Record]) -> str:
    """The body of each request on a line, as aiperf's `raw_payload` and others read it."""
    return lines(body_of(record.request) for record in records)


def batch(records: Sequence[Record]) -> str:
    """The input file of a batch of OpenAI."""
    return lines(_row(record) for record in records)


def batch_output(records: Sequence[Record]) -> str:
    """The output file of the same batch."""
    return lines(_output(record) for record in records)


def _row(record: Record) -> JsonObject:
    path = url_of(record.request).removeprefix("https://api.openai.com")
    body = body_of(record.request)
    return {"custom_id": record.name, "method": "POST", "url": path, "body": body}


def _output(record: Record) -> JsonObject:
    response = BY_NAME[record.request.api].write_answer(record.answer, record.request)
    body = jsontext.parse(response.body)
    said: JsonObject = {"status_code": response.status, "request_id": "", "body": body}
    return {"id": "", "custom_id": record.name, "response": said, "error": None}


def messages(records: Sequence[Record]) -> str:
    """The messages of each conversation with its last answer, as the API has them."""
    arrays: list[Json] = [_messages(record) for record in records if record.is_last]
    return document(arrays[0] if len(arrays) == 1 else arrays)


def _messages(record: Record) -> Json:
    body = body_of(with_answer(record))
    return body if "system" in body else body.get("messages", body)


def with_answer(record: Record) -> Request:
    """The request that continues from the answer."""
    request = record.request
    said = record.answer.choices[:1] if isinstance(record.answer, Answer) else ()
    told = (*request.messages, *(choice.message for choice in said))
    return Request({}, told, api=request.api)
