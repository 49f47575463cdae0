"""OpenAI's Responses API, and that of every compatible server: `POST …/responses`."""

from collections.abc import Iterable, Iterator

from rechat.dialects.openai_responses import stream_side
from rechat.dialects.openai_responses.handwritten import written
from rechat.dialects.openai_responses.input import read_input
from rechat.dialects.openai_responses.input import write_input
from rechat.dialects.openai_responses.items import said_of
from rechat.dialects.openai_responses.items import write_items
from rechat.dialects.openai_responses.output import choice_of
from rechat.dialects.openai_responses.output import opaque
from rechat.dialects.openai_responses.output import read_output
from rechat.dialects.openai_responses.settings import common_of
from rechat.dialects.openai_responses.stream_read import assemble
from rechat.dialects.openai_responses.stream_read import ends_in_error
from rechat.dialects.openai_responses.stream_write import events_of
from rechat.dialects.shared import Events
from rechat.dialects.shared import openai_wire
from rechat.dialects.shared import settings_of
from rechat.values import Answer
from rechat.values import Choice
from rechat.values import ErrorAnswer
from rechat.values import HttpRequest
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Request
from rechat.values import jsontext

PREVIOUS, CONVERSATION = "previous_response_id", "conversation"


class Responses(openai_wire.OpenAi):
    """The dialect of the Responses API."""

    name = "openai.responses"
    has = "output"
    opening = 4  # two events of the answer, one of its item, one of the text
    typed = True

    def claims(self, method: str, path: str) -> bool:
        """Whether this asks for an answer; `/responses/{id}` and what is below it do not."""
        return method == "POST" and path.endswith("/responses")

    def request_of(self, asked: JsonObject, request: HttpRequest) -> Request:
        """What is asked, with the instructions as its first message. Raises `BodyError`.

        The id of the answer or conversation that is gone on from stays among the settings too: it
        counts where what came before is not known.
        """
        given = openai_wire.deployed_model(request.path) | asked
        settings = settings_of(given, "input", "stream")
        messages = read_input(asked.get("input"))
        instructions = settings.get("instructions")
        if isinstance(instructions, str | None):
            settings.pop("instructions", None)
            messages = (*([Message("system", instructions)] if instructions else []), *messages)
        follows = asked.get(PREVIOUS)
        if not isinstance(follows, str) and (follows := _conversation(asked.get(CONVERSATION))):
            settings[CONVERSATION] = follows
        return Request(
            settings,
            messages,
            asked.get("stream") is True,
            query=request.query,
            api=self.name,
            common=common_of(settings),
            follows=follows,
        )

    def write_request(self, request: Request) -> bytes:
        """The body that asks for it."""
        asked, messages = dict(request.settings), request.messages
        match messages:
            case (Message("system", str(text), (), fields), *rest) if text and not fields:
                asked["instructions"], messages = text, tuple(rest)
        shaping: JsonObject = {"stream": True} if request.stream else {}
        return jsontext.dump(asked | {"input": write_input(messages)} | shaping).encode()

    def is_answer(self, whole: JsonObject) -> bool:
        """Whether a body has an output, or says that it is a response."""
        return super().is_answer(whole) or whole.get("object") == "response"

    def put_together(self, stream: Events) -> JsonObject:
        """The response of the events. Raises `BodyError` if they were truncated."""
        return assemble(stream.values, is_done=stream.is_done)

    def readings(self, whole: JsonObject) -> Iterable[Answer]:
        """The answer with readable items, then with opaque ones."""
        output = whole.get("output")
        if isinstance(output, list):
            around, without = settings_of(whole, "output"), () if "id" in whole else ("id",)
            yield Answer((read_output(output),), around, without)
            yield Answer((choice_of([opaque(item) for item in output]),), around, without)

    def recorded(self, answer: Answer) -> JsonObject:
        """The response that an answer was read from."""
        return answer.fields | {"output": write_items(said_of(_said(answer)))}

    def written(self, answer: Answer, request: Request) -> JsonObject:
        """The response of an answer."""
        if not answer.is_recorded:
            return written(answer, request)
        whole = self.recorded(answer)
        return whole if request.stream else stream_side.without_steps(whole)

    def failure(self, whole: JsonObject) -> ErrorAnswer | None:
        """The HTTP error of an `error` event. `response.failed` is a response in any shape."""
        is_response = self.is_answer(whole) and not ends_in_error(whole)
        return None if is_response else super().failure(whole)

    def error_of(self, whole: JsonObject) -> JsonObject:
        """The error of an event, or of a body that is nothing else, in OpenAI's form."""
        error = whole.get("error")
        if not isinstance(error, dict) or error.get("type") != "error":
            return super().error_of(whole)
        told = {key: value for key, value in error.items() if key != "type"}
        return told if told.get("error") else {"error": told}

    def raw_events(self, whole: JsonObject) -> Iterator[JsonObject]:
        """The events that stream a response."""
        return events_of(whole)


def _conversation(value: Json) -> str:
    """The id of a conversation; empty if none is named."""
    match value:
        case str(name) | {"id": str(name)}:
            return name
    return ""


def _said(answer: Answer) -> Choice:
    """What was said; this API has no other choices."""
    return answer.choices[0] if answer.choices else Choice(Message("assistant"))
