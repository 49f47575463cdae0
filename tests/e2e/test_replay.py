"""Answers from hand-written files through the real SDK."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openai import AsyncOpenAI
from openai import BadRequestError
from openai import NotFoundError
from openai import OpenAI
from openai import RateLimitError
from process import Rechat
from pydantic import BaseModel

FOLDER = Path(__file__).parent / "transcripts"


@pytest.fixture(scope="module")
def rechat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rechat]:
    """A replay of the tests' own transcripts; no test changes them."""
    with Rechat("replay", FOLDER, folder=tmp_path_factory.mktemp("replay")) as running:
        yield running


def ask(client: OpenAI, text: str, **more: Any) -> str:
    """The text of the answer to one user message."""
    answer = client.chat.completions.create(
        model="gpt-5", messages=[{"role": "user", "content": text}], **more
    )
    return answer.choices[0].message.content or ""


def test_answers_a_plain_request(rechat: Rechat) -> None:
    assert ask(rechat.client(), "What is the capital of France?") == "Paris."


def test_the_strict_sdk_accepts_a_hand_written_answer(rechat: Rechat) -> None:
    client = rechat.client(_strict_response_validation=True)
    assert ask(client, "What is the capital of France?") == "Paris."
    chunks = list(
        client.chat.completions.create(
            model="gpt-5",
            messages=[{"role": "user", "content": "What is the capital of France?"}],
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == "Paris."
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.total_tokens > 0


def test_says_where_the_answer_stands(rechat: Rechat) -> None:
    raw = rechat.client().chat.completions.with_raw_response.create(
        model="gpt-5", messages=[{"role": "user", "content": "What is the capital of France?"}]
    )
    assert raw.headers["x-rechat"] == "hit"
    assert raw.headers["x-rechat-match"] == "listed"
    path, _, line = raw.headers["x-rechat-transcript"].rpartition(":")
    assert Path(path).read_text().splitlines()[int(line) - 1] == "### assistant"


def test_the_sdk_accumulates_a_streamed_tool_call(rechat: Rechat) -> None:
    tool: Any = {"type": "function", "function": {"name": "get_weather", "parameters": {}}}
    with rechat.client().chat.completions.stream(
        model="gpt-5", messages=[{"role": "user", "content": "Weather in Oslo?"}], tools=[tool]
    ) as stream:
        final = stream.get_final_completion()
    [call] = final.choices[0].message.tool_calls or []
    assert (call.id, call.function.name, call.function.arguments) == (
        "call_1",
        "get_weather",
        '{"city": "Oslo"}',
    )
    assert final.choices[0].finish_reason == "tool_calls"


def test_a_tool_loop_goes_on_after_the_result(rechat: Rechat) -> None:
    client = rechat.client()
    messages: list[Any] = [{"role": "user", "content": "Weather in Oslo?"}]
    first = client.chat.completions.create(model="gpt-5", messages=messages)
    messages += [
        first.choices[0].message.model_dump(),
        {"role": "tool", "tool_call_id": "call_1", "content": "9 °C, rain"},
    ]
    second = client.chat.completions.create(model="gpt-5", messages=messages)
    assert second.choices[0].message.content == "Rain in Oslo, 9 °C."


def test_parse_reads_a_structured_answer(rechat: Rechat) -> None:
    class City(BaseModel):
        name: str
        people: int

    answer = rechat.client().chat.completions.parse(
        model="gpt-5",
        messages=[{"role": "user", "content": "Describe Paris as JSON."}],
        response_format=City,
    )
    assert answer.choices[0].message.parsed == City(name="Paris", people=2_100_000)


def test_the_async_client_streams_the_same_text(rechat: Rechat) -> None:
    async def main() -> str:
        async with AsyncOpenAI(base_url=rechat.url, api_key="test", max_retries=0) as client:
            stream = await client.chat.completions.create(
                model="gpt-5",
                messages=[{"role": "user", "content": "What is the capital of France?"}],
                stream=True,
            )
            return "".join([chunk.choices[0].delta.content or "" async for chunk in stream])

    assert asyncio.run(main()) == "Paris."


def test_takes_are_served_in_order_and_the_last_repeats(rechat: Rechat) -> None:
    client = rechat.client(default_headers={"x-rechat-session": "takes"})
    assert [ask(client, "Roll a die.") for _ in range(4)] == ["Two.", "Five.", "Six.", "Six."]


def test_each_session_has_its_own_order(rechat: Rechat) -> None:
    one = rechat.client(default_headers={"x-rechat-session": "one"})
    two = rechat.client(default_headers={"x-rechat-session": "two"})
    assert [ask(one, "Roll a die."), ask(two, "Roll a die.")] == ["Two.", "Two."]


def test_an_error_comes_first_and_the_sdk_retries_to_the_answer(rechat: Rechat) -> None:
    client = rechat.client(max_retries=1, default_headers={"x-rechat-session": "retry"})
    assert ask(client, "Summarise the incident.") == "The disk filled up."
    once = rechat.client(default_headers={"x-rechat-session": "no retry"})
    with pytest.raises(RateLimitError, match="Rate limit reached"):
        ask(once, "Summarise the incident.")


def test_choices_come_together(rechat: Rechat) -> None:
    answer = rechat.client().chat.completions.create(
        model="gpt-5", n=2, messages=[{"role": "user", "content": "Name a colour."}]
    )
    assert [choice.message.content for choice in answer.choices] == ["Red.", "Blue."]


def test_a_pattern_answers_with_what_it_caught(rechat: Rechat) -> None:
    assert ask(rechat.client(), "My name is Ada, hello!") == "Hello, Ada."


def test_a_miss_is_refused_with_the_nearest_transcript(rechat: Rechat) -> None:
    with pytest.raises(BadRequestError) as caught:
        ask(rechat.client(), "What is the capital of Spain?")
    assert caught.value.code == "rechat_no_match"
    assert "capital.md:" in str(caught.value)
    assert caught.value.response.headers["x-should-retry"] == "false"


def test_an_endpoint_that_is_not_known_is_refused(rechat: Rechat) -> None:
    with pytest.raises(BadRequestError, match="no transcript answers GET /v1/files"):
        rechat.client().files.list()


def test_a_body_that_is_no_json_is_refused_with_the_reason(rechat: Rechat) -> None:
    client = rechat.client()
    with pytest.raises(BadRequestError, match="not JSON"):
        client.post("/chat/completions", content=b"{", cast_to=object)


def test_a_recorded_status_is_the_sdks_own_error(rechat: Rechat) -> None:
    with pytest.raises(NotFoundError, match="no such model"):
        ask(rechat.client(), "Use a model that is gone.")
