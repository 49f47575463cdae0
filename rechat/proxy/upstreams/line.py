"""Lines of requests that wait until an upstream may take one more (`limit`).

Whoever waits for the same upstreams is in one line. Its clients take turns, so that one with a
thousand requests does not keep another from its first; and if the line is full, the client that has
most in it loses its last.
"""

import asyncio
from collections import OrderedDict
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field

from rechat.proxy.upstreams.upstream import Upstream

MOST = 1000
"""So many requests wait in a line at most."""


class FullError(Exception):
    """A line has no place left for a request."""


@dataclass(slots=True, eq=False)
class _Place:
    client: str
    take: Callable[[], Upstream | None]
    taken: asyncio.Future[Upstream]


@dataclass(slots=True)
class _Line:
    """The places of each client, whose turn is next first."""

    places: OrderedDict[str, deque[_Place]] = field(default_factory=OrderedDict)
    count: int = 0

    def add(self, place: _Place) -> None:
        self.places.setdefault(place.client, deque()).append(place)
        self.count += 1

    def remove(self, place: _Place) -> None:
        own = self.places[place.client]
        own.remove(place)
        self.count -= 1
        if own:
            self.places.move_to_end(place.client)
        else:
            del self.places[place.client]


class Lines:
    """The lines. `give_back` is told of an upstream that was taken for somebody who has left."""

    def __init__(self, give_back: Callable[[Upstream], None], most: int = MOST) -> None:
        self._give_back = give_back
        self._most = most
        self._lines: OrderedDict[tuple[Upstream, ...], _Line] = OrderedDict()

    async def wait(
        self, among: tuple[Upstream, ...], client: str, take: Callable[[], Upstream | None]
    ) -> Upstream:
        """What `take` finds among some upstreams when it is this client's turn; it is asked again
        whenever one of them has done a request. Raises `FullError`.
        """
        place = _Place(client, take, asyncio.get_running_loop().create_future())
        line = self._lines.setdefault(among, _Line())
        if line.count >= self._most:
            _make_room(line, place)
        line.add(place)
        self._serve(among)
        try:
            return await place.taken
        except asyncio.CancelledError:
            if place.taken.cancelled():
                self._remove(among, place)
            elif not place.taken.exception():
                self._give_back(place.taken.result())
            raise

    def wake(self, upstream: Upstream) -> None:
        """An upstream has done a request: it is the turn of those who wait for it."""
        for among in [among for among in self._lines if upstream in among]:
            self._serve(among)

    def waiting(self, upstream: Upstream) -> int:
        """How many requests wait that this upstream could take."""
        return sum(line.count for among, line in self._lines.items() if upstream in among)

    def _serve(self, among: tuple[Upstream, ...]) -> None:
        line = self._lines[among]
        while line.count:
            place = next(iter(line.places.values()))[0]
            if place.taken.done():  # its client has just left
                line.remove(place)
                continue
            found = place.take()
            if not found:
                break
            line.remove(place)
            place.taken.set_result(found)
            self._lines.move_to_end(among)
        if not line.count:
            del self._lines[among]

    def _remove(self, among: tuple[Upstream, ...], place: _Place) -> None:
        line = self._lines.get(among)
        if line and place in line.places.get(place.client, ()):
            line.remove(place)
            if not line.count:
                del self._lines[among]


def _make_room(line: _Line, place: _Place) -> None:
    """Send the last one away of the client that has most in a full line. Raises `FullError` if that
    is the one for whom there is to be room.
    """
    full = FullError(f"{line.count:,} requests wait already")
    longest = max(line.places.values(), key=len)
    if len(longest) <= len(line.places.get(place.client, ())) + 1:
        raise full
    last = longest[-1]
    line.remove(last)
    last.taken.set_exception(full)
