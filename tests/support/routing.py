"""rechat in front of several upstreams, and the load of many clients."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from openai import APIError
from openai import AsyncOpenAI
from process import Rechat
from upstream import Upstream

CALLS = 60
AT_ONCE = 12
KEYS = {"KEY_OF_A": "key-of-a", "KEY_OF_B": "key-of-b"}


@contextmanager
def upstreams(count: int) -> Iterator[list[Upstream]]:
    """So many upstreams."""
    with ExitStack() as stack:
        yield [stack.enter_context(Upstream()) for _ in range(count)]


def routed(folder: Path, *upstreams: str | Upstream, **more: str) -> Rechat:
    """A `rechat record` that routes to them, with more options."""
    specs = [each if isinstance(each, str) else each.url for each in upstreams]
    options = [f"--{name.replace('_', '-')}={value}" for name, value in more.items()]
    words: list[str | Path] = ["record", *specs, "--to", folder, *options]
    return Rechat(*words, folder=folder.parent, RECHAT_TOKEN="secret", **KEYS)


def ask(rechat: Rechat, words: str = "Hello", path: str = "/v1", **headers: str) -> httpx.Response:
    """A request that is not streamed."""
    body = {"model": "m", "messages": [{"role": "user", "content": words}]}
    url = f"{rechat.root}{path}/chat/completions"
    return httpx.post(url, json=body, headers=headers, timeout=20)


async def call(client: AsyncOpenAI, number: int, *, stream: bool) -> str:
    """Nothing if a client got a whole answer, else what it met."""
    said: Any = {"role": "user", "content": f"question {number}"}
    try:
        reply: Any = await client.chat.completions.create(model="m", messages=[said], stream=stream)
        if not stream:
            return "" if reply.choices[0].message.content else "no content"
        ends = [event.choices[0].finish_reason async for event in reply if event.choices]
        return "" if ends and ends[-1] else "cut"
    except (APIError, httpx.HTTPError) as error:
        return f"{error!r}: {error.__cause__!r}"


async def load(rechat: Rechat, *, stream: bool, calls: int = CALLS) -> Counter[str]:
    """What the calls of many clients met that do not try again."""
    turns = asyncio.Semaphore(AT_ONCE)
    async with AsyncOpenAI(base_url=rechat.url, api_key="k", max_retries=0, timeout=20) as client:

        async def one(number: int) -> str:
            async with turns:
                return await call(client, number, stream=stream)

        return Counter(await asyncio.gather(*map(one, range(calls))))
