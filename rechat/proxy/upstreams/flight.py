"""Single flight: equal requests that are in flight at once, while recording, are one request to the
upstream.

The first one leads. The others get its bytes as they come, and live on if its client leaves; so
what each client had is what the one recording gives to whoever asks again. If the upstream fails,
those that have had nothing yet ask again, one of them first.

All of this belongs to the event loop.
"""

import asyncio
from collections.abc import AsyncIterator, Hashable

from mitmproxy import http

from rechat.answering import Room
from rechat.answering import Sent
from rechat.observe import JournalEntry
from rechat.proxy.limits import KEPT

FLIGHT = "rechat.flight"
"""Where a flow that leads keeps its flight."""


class BrokenError(Exception):
    """The answer that was followed broke off."""


class Flight:
    """An answer on its way from an upstream, and who takes part in it: the client whose request it
    answers (on the connection `leader`), and its followers. `before` is the flight whose answer is
    saved first.
    """

    def __init__(
        self,
        key: Hashable,
        sent: Sent,
        leader: str,
        before: "Flight | None" = None,
        limit: int = KEPT,
    ) -> None:
        self.key = key
        self.sent = sent
        self.leader = leader
        self.before = before
        self.head: http.Response | None = None
        self.entry: JournalEntry | None = None
        self.clients = [sent.asked.client]
        self._followers = 0
        self._limit = limit
        self._size = 0
        self._pieces: list[bytes] = []
        self._is_whole = False
        self._is_broken = False
        self._is_over = False
        self._news = asyncio.Event()

    @property
    def is_followed(self) -> bool:
        """Whether anybody else waits for the answer."""
        return self._followers > 0

    @property
    def is_broken(self) -> bool:
        """Whether there will be no whole answer for followers."""
        return self._is_broken

    def join(self, client: str) -> None:
        """One more follower takes part."""
        self.clients.append(client)
        self._followers += 1

    def leave(self) -> None:
        """A follower has all that it waited for, or its client has left."""
        self._followers -= 1
        self._tell()

    def fits(self, sent: Sent) -> bool:
        """Whether the very bytes of the answer are for this request too: it says the same in the
        same words, and asks for the same shape.
        """
        ours, theirs = self.sent.request, sent.request
        assert ours
        assert theirs
        return ours.shape == theirs.shape and ours.messages == theirs.messages

    def begin(self, head: http.Response) -> None:
        """The upstream's head is here, and an answer follows that will be saved."""
        self.head = head
        self._tell()

    def add(self, piece: bytes) -> None:
        """More of the body has gone to the client. One that is too long to be saved breaks off for
        its followers.
        """
        if not piece or not self.head or self._is_whole or self._is_broken:
            return
        self._size += len(piece)
        self._pieces.append(piece)
        if self._size > self._limit:
            self._pieces.clear()
            self.fail()
        self._tell()

    def finish(self) -> None:
        """All of the body has gone to the client."""
        self._is_whole = not self._is_broken
        self._tell()

    def fail(self) -> None:
        """The body has no end, or there is none at all."""
        self._is_broken = not self._is_whole
        self._tell()

    def land(self, entry: JournalEntry | None) -> None:
        """The answer was saved, or it will not be, as the entry tells."""
        self.entry = entry
        self._is_over = True
        self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def begun(self) -> bool:
        """Wait for the head and some of the body; False if there will be none."""
        while not (self._pieces or self._is_whole or self._is_broken):
            await self._news.wait()
        return self.head is not None and not self._is_broken

    async def over(self) -> bool:
        """Wait until it is known what became of the answer; True."""
        while not self._is_over:
            await self._news.wait()
        return True

    async def left_alone(self) -> None:
        """Wait until the followers have gone, or have all that they wait for."""
        while self.is_followed and not self._is_over:
            await self._news.wait()

    def is_all(self, count: int) -> bool:
        """Whether so many pieces are the whole body."""
        return self._is_whole and count >= len(self._pieces)

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body, as it goes to the client. Raises `BrokenError` if it has no end."""
        count = 0
        while True:
            while count < len(self._pieces):
                count += 1
                yield self._pieces[count - 1]
            if self._is_whole:
                return
            if self._is_broken:
                raise BrokenError
            await self._news.wait()


class Flights:
    """The flights that are not over."""

    def __init__(self) -> None:
        self._flights: dict[Hashable, list[Flight]] = {}

    def find(self, key: Hashable, room: Room, client: str) -> Flight | None:
        """The flight that a request joins; None if it is to lead one. With room for several takes
        each flight is one of them: those who have no name lead until there is no more room, and a
        client with a name joins the one that is its turn.
        """
        flights = [flight for flight in self._flights.get(key, []) if not flight.is_broken]
        at = len(flights)
        if room.at is not None:
            at = room.at + sum(flight.clients.count(client) for flight in flights)
        at = min(at, max(0, room.left - 1))
        return flights[at] if at < len(flights) else None

    def led_by(self, leader: str) -> list[Flight]:
        """The flights that are led on a connection."""
        return [
            flight
            for flights in self._flights.values()
            for flight in flights
            if flight.leader == leader
        ]

    def lead(self, key: Hashable, sent: Sent, leader: str) -> Flight:
        """A new flight."""
        flights = self._flights.setdefault(key, [])
        flight = Flight(key, sent, leader, flights[-1] if flights else None)
        flights.append(flight)
        return flight

    def land(self, flight: Flight, entry: JournalEntry | None) -> None:
        """A flight is over."""
        flights = self._flights.get(flight.key, [])
        if flight in flights:
            flights.remove(flight)
        if not flights:
            self._flights.pop(flight.key, None)
        flight.land(entry)
