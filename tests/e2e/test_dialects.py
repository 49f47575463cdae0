"""One hand-written transcript answers the SDKs of every API, tool call and all, streamed or not."""

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import anthropic
import httpx
import ollama
import openai
import pytest
from process import Rechat

genai: Any = None
with suppress(ImportError):  # it cannot be installed beside mitmproxy on Python 3.12
    genai = import_module("google.genai")

TRANSCRIPT = """---
model: librarian
---

### system

> You are a librarian.

### user

> Is the library open on Sunday?

### assistant

> Let me look.

#### call opening_hours, call_1

```json
{"day": "Sunday"}
```

### tool, call_1

> closed

### assistant

> No, it is closed on Sunday.

## Plain

### user

> Say it.

### assistant

> It is said.

## Errors

### user

> Too fast?

### error 429

> Slow down.

## No such thing

### user

> What is missing?

### error 404

> There is no such model.
"""
SYSTEM, QUESTION, RESULT = "You are a librarian.", "Is the library open on Sunday?", "closed"
SCHEMA: dict[str, Any] = {"type": "object", "properties": {"day": {"type": "string"}}}
LAST = "No, it is closed on Sunday."

type Said = tuple[str, str, dict[str, Any], Any]


@pytest.fixture(scope="module")
def rechat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rechat]:
    folder: Path = tmp_path_factory.mktemp("dialects")
    (folder / "transcripts").mkdir()
    (folder / "transcripts" / "library.md").write_text(TRANSCRIPT)
    with Rechat("replay", folder=folder) as running:
        yield running


def chat(rechat: Rechat, stream: bool) -> Iterator[Any]:
    with rechat.client() as client:
        messages: list[Any] = [
            {"role": "system", "content": SYSTEM},
            {"role": "user", "content": QUESTION},
        ]

        def ask() -> Any:
            if not stream:
                return client.chat.completions.create(model="librarian", messages=messages)
            with client.chat.completions.stream(model="librarian", messages=messages) as events:
                return events.get_final_completion()

        message = ask().choices[0].message
        (call,) = message.tool_calls
        yield message.content, call.function.name, json.loads(call.function.arguments)
        messages += [message, {"role": "tool", "tool_call_id": call.id, "content": RESULT}]
        yield ask().choices[0].message.content


def responses(rechat: Rechat, stream: bool) -> Iterator[Any]:
    with rechat.client() as client:
        given: list[Any] = [{"role": "user", "content": QUESTION}]

        def ask(**more: Any) -> Any:
            asked = {"model": "librarian", "instructions": SYSTEM, "input": given, **more}
            if not stream:
                return client.responses.create(**asked)
            with client.responses.stream(**asked) as events:
                return events.get_final_response()

        answer = ask()
        call = answer.output[-1]
        yield answer.output_text, call.name, json.loads(call.arguments)
        output = {"type": "function_call_output", "call_id": call.call_id, "output": RESULT}
        given += [*answer.output, output]
        yield ask().output_text


def chained_responses(rechat: Rechat, stream: bool) -> Iterator[Any]:
    with rechat.client() as client:

        def ask(given: Any, **more: Any) -> Any:
            asked = {"model": "librarian", "instructions": SYSTEM, "input": given, **more}
            if not stream:
                return client.responses.create(**asked)
            with client.responses.stream(**asked) as events:
                return events.get_final_response()

        answer = ask(QUESTION)
        call = answer.output[-1]
        yield answer.output_text, call.name, json.loads(call.arguments)
        output = {"type": "function_call_output", "call_id": call.call_id, "output": RESULT}
        yield ask([output], previous_response_id=answer.id).output_text


def messages(rechat: Rechat, stream: bool) -> Iterator[Any]:
    with anthropic.Anthropic(base_url=rechat.root, api_key="none", max_retries=0) as client:
        given: list[Any] = [{"role": "user", "content": QUESTION}]
        tools: list[Any] = [{"name": "opening_hours", "input_schema": SCHEMA}]

        def ask() -> Any:
            asked: dict[str, Any] = {
                "model": "librarian",
                "max_tokens": 100,
                "system": SYSTEM,
                "messages": given,
                "tools": tools,
            }
            if not stream:
                return client.messages.create(**asked)
            with client.messages.stream(**asked) as events:
                return events.get_final_message()

        answer = ask()
        assert answer.stop_reason == "tool_use"
        text, call = answer.content
        yield text.text, call.name, call.input
        result = {"type": "tool_result", "tool_use_id": call.id, "content": RESULT}
        given += [
            {"role": "assistant", "content": answer.content},
            {"role": "user", "content": [result]},
        ]
        yield ask().content[0].text


def gemini(rechat: Rechat, stream: bool) -> Iterator[Any]:
    options = genai.types.HttpOptions(base_url=rechat.root, retry_options=None)
    with genai.Client(api_key="none", http_options=options) as client:
        given: list[Any] = [
            genai.types.Content(role="user", parts=[genai.types.Part(text=QUESTION)])
        ]
        config = genai.types.GenerateContentConfig(system_instruction=SYSTEM)

        def ask() -> list[Any]:
            asked: dict[str, Any] = {"model": "librarian", "contents": given, "config": config}
            if not stream:
                answer: Any = client.models.generate_content(**asked)
                return list(answer.candidates[0].content.parts)
            chunks: list[Any] = list(client.models.generate_content_stream(**asked))
            contents = [chunk.candidates[0].content for chunk in chunks]
            return [part for content in contents if content for part in content.parts or []]

        parts = ask()
        call = next(part.function_call for part in parts if part.function_call)
        yield "".join(part.text or "" for part in parts), call.name, call.args
        result = genai.types.Part.from_function_response(
            name=call.name, response={"result": RESULT}
        )
        given += [
            genai.types.Content(role="model", parts=parts),
            genai.types.Content(role="user", parts=[result]),
        ]
        yield "".join(part.text for part in ask())


def ollama_chat(rechat: Rechat, stream: bool) -> Iterator[Any]:
    with ollama.Client(host=rechat.root) as client:
        given: list[Any] = [
            {"role": "system", "content": SYSTEM},
            {"role": "user", "content": QUESTION},
        ]

        def ask() -> list[Any]:
            answer = client.chat(model="librarian", messages=given, stream=stream)
            return [part.message for part in (answer if stream else [answer])]

        said = ask()
        (call,) = [call for message in said for call in message.tool_calls or []]
        text = "".join(message.content or "" for message in said)
        yield text, call.function.name, dict(call.function.arguments)
        given.append({"role": "assistant", "content": text, "tool_calls": [call]})
        given.append({"role": "tool", "content": RESULT, "tool_name": "opening_hours"})
        yield "".join(message.content or "" for message in ask())


type Talk = Callable[[Rechat, bool], Iterator[Any]]

GEMINI: dict[str, Talk] = {"google.gemini": gemini} if genai else {}
CLIENTS: dict[str, Talk] = {
    "openai.chat": chat,
    "openai.responses": responses,
    "openai.responses, chained": chained_responses,
    "anthropic.messages": messages,
    "ollama.chat": ollama_chat,
    **GEMINI,
}


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("name", CLIENTS)
def test_a_tool_loop(rechat: Rechat, name: str, stream: bool) -> None:
    asked, answered = CLIENTS[name](rechat, stream)
    assert asked == ("Let me look.", "opening_hours", {"day": "Sunday"})
    assert answered == LAST


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_apis_without_messages(rechat: Rechat, stream: bool) -> None:
    with rechat.client() as client:
        answer: Any = client.completions.create(model="librarian", prompt="Say it.", stream=stream)
        chunks: list[Any] = list(answer) if stream else [answer]
    assert "".join(chunk.choices[0].text for chunk in chunks if chunk.choices) == "It is said."
    with ollama.Client(host=rechat.root) as local:
        found: Any = local.generate(model="librarian", prompt="Say it.", stream=stream)
        parts: list[Any] = list(found) if stream else [found]
    assert "".join(part.response for part in parts) == "It is said."


def test_errors_are_each_sdks_own(rechat: Rechat) -> None:
    with (
        rechat.client() as client,
        anthropic.Anthropic(base_url=rechat.root, api_key="none", max_retries=0) as native,
        ollama.Client(host=rechat.root) as local,
    ):
        for question, words, kinds in (
            ("Too fast?", "Slow down", (openai.RateLimitError, anthropic.RateLimitError)),
            ("What is missing?", "no such model", (openai.NotFoundError, anthropic.NotFoundError)),
        ):
            given: list[Any] = [{"role": "user", "content": question}]
            once = client.with_options(max_retries=0)
            with pytest.raises(kinds[0], match=words):
                once.chat.completions.create(model="librarian", messages=given)
            with pytest.raises(kinds[0], match=words):
                once.completions.create(model="librarian", prompt=question)
            with pytest.raises(kinds[0], match=words):
                once.responses.create(model="librarian", input=question)
            with pytest.raises(kinds[1], match=words):
                native.messages.create(model="librarian", max_tokens=9, messages=given)
            with pytest.raises(ollama.ResponseError, match=words):
                local.chat(model="librarian", messages=given)


@pytest.mark.skipif(not genai, reason="google-genai is not here")
@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Too fast?", "Slow down"),
        ("What is missing?", "no such model"),
        ("Never heard?", "FAILED_PRECONDITION. .*rechat: no transcript answers"),
    ],
)
def test_errors_are_googles_own(rechat: Rechat, question: str, words: str) -> None:
    options = genai.types.HttpOptions(base_url=rechat.root)
    with (
        genai.Client(api_key="none", http_options=options) as google,
        pytest.raises(genai.errors.ClientError, match=words),
    ):
        google.models.generate_content(model="librarian", contents=question)


def test_what_each_sdk_records_replays_in_a_fresh_process(rechat: Rechat, tmp_path: Path) -> None:
    """The hand-written folder is the upstream here; a chain is one file, and so is each API."""
    runs = [(name, stream) for name in CLIENTS for stream in (False, True)]
    with Rechat("record", rechat.root, folder=tmp_path) as recording:
        said = [list(CLIENTS[name](recording, stream)) for name, stream in runs]
    assert all(answered == LAST for _, answered in said)
    files = sorted((tmp_path / "transcripts").glob("*.md"))
    apis = [re.findall(r"api: ([a-z.]+)", path.read_text())[:1] for path in files]
    assert sorted(apis) == [
        [],
        ["anthropic.messages"],
        *([["google.gemini"]] if genai else []),
        ["ollama.chat"],
        ["openai.responses"],
    ]
    with Rechat("replay", folder=tmp_path) as replaying:
        assert [list(CLIENTS[name](replaying, stream)) for name, stream in runs] == said


def test_async_clients_are_answered_as_well(rechat: Rechat) -> None:
    async def asked() -> list[str]:
        given: list[Any] = [{"role": "user", "content": "Say it."}]
        async with (
            openai.AsyncOpenAI(base_url=rechat.url, api_key="none") as client,
            anthropic.AsyncAnthropic(base_url=rechat.root, api_key="none") as native,
        ):
            chat = await client.chat.completions.create(model="librarian", messages=given)
            response = await client.responses.create(model="librarian", input="Say it.")
            message = await native.messages.create(model="librarian", max_tokens=9, messages=given)
        return [
            chat.choices[0].message.content or "",
            response.output_text,
            "".join(block.text for block in message.content if block.type == "text"),
        ]

    assert asyncio.run(asked()) == ["It is said."] * 3


ENDPOINTS = (
    "/v1/chat/completions",
    "/v1/responses",
    "/v1/completions",
    "/v1/embeddings",
    "/v1/messages",
    "/v1beta/models/m:generateContent",
    "/v1beta/models/m:streamGenerateContent?alt=sse",
    "/api/chat",
    "/api/generate",
    "/v1/files",
)
BROKEN = (
    b"",
    b"{",
    b"null",
    b"[]",
    b"\xff\xfe",
    b'{"messages": 1, "input": {}, "contents": 1, "prompt": {}}',
    b'{"messages": [1], "input": [1], "contents": [1], "prompt": [[]]}',
    b'{"messages": [{}], "input": [{}], "contents": [{}]}',
    b'{"messages": [{"role": "user", "content": [[]]}], "input": [{"role": "user", "content": 1}]}',
    b'{"model": [], "messages": [{"role": 1, "content": null}], "tools": 1, "stream": "yes"}',
    b'{"messages": ' + b"[" * 100_000,
    b'{"messages": [{"role": "user", "content": "\\ud800"}], "input": "\\ud800"}',
)


@pytest.mark.parametrize("path", ENDPOINTS)
def test_a_broken_body_is_refused_and_all_goes_on(rechat: Rechat, path: str) -> None:
    with httpx.Client(base_url=rechat.root, timeout=20) as client:
        for body in BROKEN:
            reply = client.post(path, content=body, headers={"content-type": "application/json"})
            assert reply.status_code == 400, body[:80]
            error = reply.json()["error"]
            message = error if isinstance(error, str) else error["message"]
            assert message.startswith("rechat: ")
    assert "Traceback" not in rechat.output
