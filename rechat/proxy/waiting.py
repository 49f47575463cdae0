"""What waits for somebody: requests whose answer a person has to write, and pieces of answers that
are not due yet. Neither outlasts the client's connection.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from dataclasses import replace

from mitmproxy import http
from mitmproxy.connection import Client

from rechat.answering import Answered
from rechat.answering import Endpoint
from rechat.answering import Held
from rechat.answering import Sent
from rechat.answering import since
from rechat.proxy.hits.shared import Report
from rechat.proxy.layers.paced_stream import PIECES
from rechat.proxy.layers.paced_stream import Due


class Waiting:
    """The addon that knows which clients are there, and what they wait for."""

    def __init__(self, endpoint: Endpoint, report: Report) -> None:
        self._endpoint = endpoint
        self._report = report
        self._gone: dict[str, asyncio.Event] = {}
        self._held: dict[object, Held] = {}
        self._change = asyncio.Event()

    def client_connected(self, client: Client) -> None:
        """Remember the connection, so that a request that is never answered ends with it."""
        self._gone[client.id] = asyncio.Event()

    def client_disconnected(self, client: Client) -> None:
        """Let go of what waits for this connection."""
        self._gone.pop(client.id, asyncio.Event()).set()

    def changed(self) -> None:
        """The store has changed: what waits for an answer looks again."""
        self._change.set()
        self._change = asyncio.Event()

    def places(self) -> set[str]:
        """Where the answers are missing that somebody waits for, as `path:line`."""
        return {held.entry.place for held in self._held.values()}

    async def hold(self, flow: http.HTTPFlow, held: Held) -> Answered | Sent | None:
        """What there is to answer once a person has written it; None if the client has left."""
        self._report(held.entry, since(held.asked.started))
        place = object()  # a web socket may ask several questions at once
        self._held[place] = held
        try:
            while True:
                change = self._change
                outcome = await self._endpoint.answer(held.asked)
                if not isinstance(outcome, Held):
                    return outcome
                self._held[place] = outcome
                if not await self.unless_gone(flow, change.wait()):
                    flow.kill()
                    left = replace(held.entry, verdict="failed", reason="the client left")
                    self._report(left, since(held.asked.started))
                    return None
        finally:
            del self._held[place]

    async def until_gone(self, flow: http.HTTPFlow) -> None:
        """Wait until the client of a flow has left."""
        gone = self._gone.get(flow.client_conn.id)
        if gone:
            await gone.wait()

    async def rechat_pace(self, due: Due) -> None:
        """Wait for the next piece; a client that leaves is not waited for."""
        pieces: AsyncIterator[bytes] = due.flow.metadata[PIECES]
        due.data = await self.unless_gone(due.flow, anext(pieces, b"")) or b""

    async def unless_gone[T](self, flow: http.HTTPFlow, awaited: Awaitable[T]) -> T | None:
        """What is waited for; None if the client leaves before it is there."""
        found = asyncio.ensure_future(awaited)
        gone = asyncio.ensure_future(self.until_gone(flow))
        try:
            await asyncio.wait({found, gone}, return_when=asyncio.FIRST_COMPLETED)
            return found.result() if found.done() else None
        finally:
            found.cancel()
            gone.cancel()
