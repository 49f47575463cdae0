"""Anthropic Messages: `POST …/v1/messages`."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Any, cast

from rechat.dialects.anthropic import stream as messages_stream
from rechat.dialects.anthropic.blocks import read_block
from rechat.dialects.anthropic.blocks import read_messages
from rechat.dialects.anthropic.blocks import read_system
from rechat.dialects.anthropic.blocks import with_body
from rechat.dialects.anthropic.blocks import write_content
from rechat.dialects.anthropic.blocks import write_messages
from rechat.dialects.shared import Events
from rechat.dialects.shared import Frame
from rechat.dialects.shared import asked_tokens
from rechat.dialects.shared import said_tokens
from rechat.dialects.shared import settings_of
from rechat.values import Answer
from rechat.values import BodyError
from rechat.values import Call
from rechat.values import Choice
from rechat.values import HttpRequest
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Refusal
from rechat.values import Request
from rechat.values import jsontext
from rechat.values import made_once

_PATH = re.compile(r"(?:.*/v\d+(?:beta\d*)?|/api|/anthropic)?/messages")
_ENDS = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "function_call": "tool_use",
    "content_filter": "refusal",
}
_ERRORS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}


class Messages(Frame):
    """The dialect of Anthropic Messages."""

    name = "anthropic.messages"
    has = "content"
    opening = 2  # the start of the message and of its block
    typed = True

    def claims(self, method: str, path: str) -> bool:
        """Whether this asks for a message; `/chat/completions/{id}/messages` does not."""
        return method == "POST" and bool(_PATH.fullmatch(path))

    def is_answer(self, whole: JsonObject) -> bool:
        """Whether a body has content, which some servers send as a text."""
        return isinstance(whole.get("content"), list | str)

    def request_of(self, asked: JsonObject, request: HttpRequest) -> Request:
        """What is asked, with the system prompt as its first message. Raises `BodyError`."""
        settings = settings_of(asked, "messages", "system", "stream")
        kept = [part for part in request.query.split("&") if part and part != "beta=true"]
        return Request(
            settings,
            (*read_system(asked.get("system")), *read_messages(asked.get("messages"))),
            asked.get("stream") is True,
            query="&".join(kept),
            api=self.name,
            common=_common(settings),
        )

    def write_request(self, request: Request) -> bytes:
        """The body that asks for it."""
        messages = request.messages
        system: JsonObject = {}
        if messages and messages[0].role == "system":
            system, messages = {"system": write_content(messages[0])}, messages[1:]
        shaping: JsonObject = {"stream": True} if request.stream else {}
        asked = request.settings | system | {"messages": write_messages(messages)} | shaping
        return jsontext.dump(asked).encode()

    def put_together(self, stream: Events) -> JsonObject:
        """The message of the events. Raises `BodyError` if they were truncated."""
        return messages_stream.assemble(stream.values)

    def readings(self, whole: JsonObject) -> Iterable[Answer]:
        """The answer with the blocks as its parts."""
        if not isinstance(whole["content"], list):
            raise BodyError("the content of an answer is a list")
        said = Message("assistant", None, tuple(map(read_block, whole["content"])))
        around = settings_of(whole, "content", "role", "type")
        ending = {key: around.pop(key) for key in ("stop_reason",) if key in around}
        lacking = tuple(key for key in ("type", "role", "id") if key not in whole)
        yield Answer((Choice(with_body(said), ending),), around, lacking)

    def recorded(self, answer: Answer) -> JsonObject:
        """The message that an answer was read from. Raises `BodyError` if it is not one of this
        API.
        """
        if len(answer.choices) != 1:
            raise BodyError(
                f"{len(answer.choices)} choices, and an answer of this API has one: "
                "write them as takes (`### assistant, take 2`)"
            )
        choice = answer.choices[0]
        written: JsonObject = {"type": "message", "role": "assistant"}
        for key in answer.without:
            written.pop(key, None)
        return written | {"content": write_content(choice.message)} | choice.fields | answer.fields

    def written(self, answer: Answer, request: Request) -> JsonObject:
        """The message of an answer."""
        whole = self._whole(answer, request)
        return settings_of(whole, messages_stream.USAGE_AT_START)

    def _whole(self, answer: Answer, request: Request) -> JsonObject:
        return self.recorded(answer) if answer.is_recorded else _made(answer, request)

    def events(self, answer: Answer, request: Request) -> Iterator[JsonObject]:
        """The events of an answer."""
        return messages_stream.events_of(self._whole(answer, request))

    def raw_events(self, whole: JsonObject) -> Iterator[JsonObject]:
        """The events that stream a message."""
        return messages_stream.events_of(whole)

    def error_of(self, whole: JsonObject) -> JsonObject:
        """The error as the SDKs know it."""
        return {"type": "error"} | super().error_of(whole)

    def error_body(self, status: int, text: str, request: Request) -> Json:
        """The error as the SDKs know it by its type."""
        del request
        kind = _ERRORS.get(status, "api_error" if status >= 500 else _ERRORS[400])
        return {"type": "error", "error": {"type": kind, "message": text}}


def _common(settings: JsonObject) -> JsonObject:
    """The settings in the words of Chat Completions too, where they say the same."""
    common = dict(settings)
    if "stop_sequences" in settings:
        common["stop"] = settings["stop_sequences"]
    if isinstance(tools := settings.get("tools"), list):
        common["tools"] = [made_once(tool, "Anthropic tool", _common_tool) for tool in tools]
    match settings.get("tool_choice"):
        case {"type": "any"}:
            common["tool_choice"] = "required"
        case {"type": "auto" | "none" as kind}:
            common["tool_choice"] = kind
        case {"type": "tool", "name": name}:
            common["tool_choice"] = {"type": "function", "function": {"name": name}}
    return common


def _common_tool(tool: Any) -> Json:
    match tool:
        case {"name": name, "input_schema": schema}:
            told = {"description": tool["description"]} if "description" in tool else {}
            return {"type": "function", "function": {"name": name, **told, "parameters": schema}}
    return tool  # type: ignore[no-any-return]


def _made(answer: Answer, request: Request) -> JsonObject:
    """A hand-written message, with what clients rely on."""
    choice = answer.choices[0]
    content = [_signed(block) for block in write_content(choice.message)]
    name = hashlib.sha256(jsontext.dump(content).encode()).hexdigest()[:24]
    around = {key: value for key, value in answer.fields.items() if key not in ("usage", "object")}
    return {
        "id": f"msg_{name}",
        "type": "message",
        "role": "assistant",
        "model": request.model or "rechat",
        "content": content,
        "stop_reason": _stop_reason(choice),
        "stop_sequence": None,
        "usage": _usage(answer, request),
        **around,
    }


def _signed(block: Any) -> Json:
    """A thought with the signature that clients expect."""
    match block:
        case {"type": "thinking"}:
            return {"signature": "", **block}
    return cast("Json", block)


def _stop_reason(choice: Choice) -> Json:
    written = choice.fields.get("stop_reason", choice.fields.get("finish_reason"))
    if choice.message.parts_of(Refusal) and written in (None, "stop"):
        return "refusal"
    if isinstance(written, str):
        return _ENDS.get(written, written)
    return "tool_use" if choice.message.parts_of(Call) else "end_turn"


def _usage(answer: Answer, request: Request) -> JsonObject:
    """The tokens as written, in either API's words, else counted in pieces of about a token."""
    written = answer.fields.get("usage")
    usage: JsonObject = dict(written) if isinstance(written, dict) else {}
    asked = usage.pop("prompt_tokens", asked_tokens(request.messages))
    said = usage.pop("completion_tokens", said_tokens(answer))
    usage.pop("total_tokens", None)
    return {"input_tokens": asked, "output_tokens": said} | usage
