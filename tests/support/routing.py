"""rechat in front of several upstreams, and the load of many clients."""

import asyncio
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import ExitStack
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anthropic
import httpx
import httpx2
import openai
from anthropic import AsyncAnthropic
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


class _Http2(ssl.SSLContext):
    """What speaks HTTP/2 and nothing else, as clients of gRPC do; httpx would take HTTP/1.1 first."""

    def set_alpn_protocols(self, _alpn_protocols: Iterable[str]) -> None:
        super().set_alpn_protocols(["h2"])


def http2_client() -> httpx2.AsyncClient:
    """A client that asks all at once on one connection, whoever is at its end."""
    context = _Http2(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return httpx2.AsyncClient(http1=False, http2=True, verify=context, timeout=20)


class Clients:
    """The SDKs of OpenAI and Anthropic, which ask once, over one HTTP client."""

    def __init__(self, root: str, http_client: httpx2.AsyncClient) -> None:
        own: Any = {"api_key": "k", "max_retries": 0, "http_client": http_client}
        self._openai = AsyncOpenAI(base_url=f"{root}/v1", **own)
        self._anthropic = AsyncAnthropic(base_url=root, **own)

    async def call(self, number: int, *, stream: bool) -> str:
        """Nothing if a client got a whole answer, else what it met, with `cut` before it if that
        was after it had got a part.
        """
        events: list[Any] = []
        try:
            async for event in self._events(number, stream=stream):
                events.append(event)
        except (openai.APIError, anthropic.APIError, httpx2.HTTPError) as error:
            return f"{'cut: ' * bool(events)}{error!r}: {error.__cause__!r}"
        return "" if events and _is_last(events[-1]) else "cut"

    async def _events(self, number: int, *, stream: bool) -> AsyncIterator[Any]:
        said: Any = [{"role": "user", "content": f"question {number}"}]
        reply: Any
        if number % 3:
            reply = await self._openai.chat.completions.create(
                model="m", messages=said, stream=stream
            )
        else:
            reply = await self._anthropic.messages.create(
                model="m", max_tokens=99, messages=said, stream=stream
            )
        if not stream:
            yield reply
            return
        async for event in reply:
            yield event


def _is_last(event: Any) -> bool:
    """Whether an answer ends here: one that came whole, or the last event of a stream."""
    if getattr(event, "choices", None):
        return event.choices[0].finish_reason is not None
    return getattr(event, "stop_reason", None) is not None or event.type == "message_stop"


async def load(
    rechat: Rechat,
    *,
    streams: Sequence[bool] = (False, True),
    calls: int = CALLS,
    http2: bool = False,
    at_once: int = AT_ONCE,
) -> Counter[str]:
    """What the calls of many clients met that do not try again, of two SDKs in turn, and streamed
    in turn.
    """
    turns = asyncio.Semaphore(at_once)
    root = rechat.root.replace("http:", "https:") if http2 else rechat.root
    async with http2_client() if http2 else httpx2.AsyncClient(timeout=20) as http_client:
        clients = Clients(root, http_client)

        async def one(number: int) -> str:
            async with turns:
                return await clients.call(number, stream=streams[number % len(streams)])

        return Counter(await asyncio.gather(*map(one, range(calls))))
