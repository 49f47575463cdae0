"""What the real SDKs read in a response of each API: the text and the calls of the first choice."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from importlib import import_module
from typing import Any

import anthropic
import httpx
import httpx2
import ollama
import openai

from rechat.values import HttpResponse

genai: Any = None
with suppress(ImportError):  # it cannot be installed beside mitmproxy on Python 3.12
    genai = import_module("google.genai")

USER = {"role": "user", "content": "q"}


@dataclass
class Reading:
    """What a program has in its hands: the text, and each call with its arguments as a value."""

    text: str = ""
    calls: list[tuple[str, Any]] = field(default_factory=list)


def read(api: str, response: HttpResponse, *, stream: bool) -> Reading:
    """What the SDK of an API reads. Raises what it raises."""
    reader: Callable[[HttpResponse, bool], Reading] = READERS[api]
    return reader(response, stream)


def _transport(response: HttpResponse) -> Any:
    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(
            response.status, headers=list(response.headers), content=response.body
        )

    return httpx2.MockTransport(answer)


def _openai(response: HttpResponse) -> openai.OpenAI:
    client = httpx2.Client(transport=_transport(response))
    return openai.OpenAI(api_key="none", base_url="http://h/v1", max_retries=0, http_client=client)


def _value(arguments: Any) -> Any:
    return json.loads(arguments) if isinstance(arguments, str) and arguments else arguments or {}


def _chat(response: HttpResponse, stream: bool) -> Reading:
    with _openai(response) as client:
        asked: Any = {"model": "m", "messages": [USER]}
        if not stream:
            message = client.chat.completions.create(**asked).choices[0].message
            calls = [call for call in message.tool_calls or [] if hasattr(call, "function")]
            named = [(call.function.name, _value(call.function.arguments)) for call in calls]
            return Reading(_text(message.content), named)
        return _chat_chunks(client.chat.completions.create(**asked, stream=True))


def _chat_chunks(chunks: Any) -> Reading:
    """As programs put chunks together: a call for each index."""
    text = ""
    calls: dict[int, list[str]] = {}
    for chunk in chunks:
        for choice in chunk.choices or []:
            if choice.index:
                continue
            delta = choice.delta
            text += _text(delta.content) if delta else ""
            for piece in (delta.tool_calls if delta else None) or []:
                call = calls.setdefault(piece.index, ["", ""])
                if piece.function:
                    call[0] += piece.function.name or ""
                    call[1] += piece.function.arguments or ""
    return Reading(text, [(name, _value(arguments)) for name, arguments in calls.values()])


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "".join(str(part["text"]) for part in content if part["type"] == "text")
    return content or ""


def _completions(response: HttpResponse, stream: bool) -> Reading:
    with _openai(response) as client:
        asked: Any = {"model": "m", "prompt": "q", "stream": stream}
        found = client.completions.create(**asked)
        chunks = found if stream else [found]
        choices = [choice for chunk in chunks for choice in chunk.choices or []]
        return Reading("".join(choice.text or "" for choice in choices if not choice.index))


def _responses(response: HttpResponse, stream: bool) -> Reading:
    with _openai(response) as client:
        asked: Any = {"model": "m", "input": "q"}
        if stream:
            events = list(client.responses.create(**asked, stream=True))
            ends = ("response.completed", "response.incomplete", "response.failed")
            (found,) = [event.response for event in events if event.type in ends]
        else:
            found = client.responses.create(**asked)
        calls = [item for item in found.output if item.type == "function_call"]
        return Reading(found.output_text, [(call.name, _value(call.arguments)) for call in calls])


def _anthropic(response: HttpResponse, stream: bool) -> Reading:
    asked: Any = {"model": "m", "max_tokens": 9, "messages": [USER]}
    http = httpx2.Client(transport=_transport(response))
    with anthropic.Anthropic(
        api_key="none", base_url="http://h", max_retries=0, http_client=http
    ) as client:
        if stream:
            with client.messages.stream(**asked) as events:
                message = events.get_final_message()
        else:
            message = client.messages.create(**asked)
    texts = [block.text for block in message.content if block.type == "text"]
    calls = [(block.name, block.input) for block in message.content if block.type == "tool_use"]
    return Reading("".join(texts), list(calls))


def _gemini(response: HttpResponse, stream: bool) -> Reading:
    http = httpx2.Client(transport=_transport(response))
    options = genai.types.HttpOptions(base_url="http://h", httpx_client=http)
    client = genai.Client(api_key="none", http_options=options)
    models, asked = client.models, {"model": "m", "contents": "q"}
    found = (
        models.generate_content_stream(**asked) if stream else [models.generate_content(**asked)]
    )
    reading = Reading()
    for chunk in found:
        for candidate in chunk.candidates or []:
            if candidate.index:
                continue
            for part in (candidate.content.parts if candidate.content else None) or []:
                reading.text += part.text if part.text and not part.thought else ""
                if part.function_call:
                    reading.calls.append((part.function_call.name, part.function_call.args or {}))
    return reading


def _ollama(response: HttpResponse, stream: bool) -> Reading:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(
            response.status, headers=list(response.headers), content=response.body
        )

    client = ollama.Client(host="http://h", transport=httpx.MockTransport(answer))
    asked: Any = {"model": "m", "messages": [USER], "stream": stream}
    found = client.chat(**asked)
    messages = [chunk.message for chunk in (found if stream else [found])]
    client._client.close()  # it has no other way
    calls = [call.function for message in messages for call in message.tool_calls or []]
    text = "".join(message.content or "" for message in messages)
    return Reading(text, [(call.name, dict(call.arguments)) for call in calls])


READERS: dict[str, Callable[[HttpResponse, bool], Reading]] = {
    "chat": _chat,
    "completions": _completions,
    "responses": _responses,
    "anthropic": _anthropic,
    "ollama": _ollama,
    **({"gemini": _gemini} if genai else {}),
}
"""The SDK of each API, if it is installed."""
