"""The order of takes: which of several answers to the same request a client gets next."""

from collections.abc import Callable
from dataclasses import dataclass

from rechat.matching import Exchange
from rechat.matching import Scheme
from rechat.values import Reply
from rechat.values import Request

_EVERYTHING = Scheme(None)


@dataclass(frozen=True, slots=True)
class Room:
    """For how many more takes of a request there is room, and which of these a client is to have,
    from 0; None is the next one, whoever asks.
    """

    left: int = 1
    at: int | None = None


ONE = Room()


def _first(count: int) -> int:
    """The choice without a source of chance: always the first."""
    return min(0, count)


class Takes:
    """How many takes each client has had of each request. `choose` returns a number below the one
    it is given, for takes that are served at random.
    """

    def __init__(self, choose: Callable[[int], int] = _first) -> None:
        self._choose = choose
        self._served: dict[tuple[str, bytes], int] = {}

    def reset(self) -> None:
        """Start again with the first take of each request."""
        self._served.clear()

    def had(self, request: Request, client: str) -> int:
        """How many takes of this request the client has had."""
        return self._served.get((client, _EVERYTHING.key(request)), 0)

    def count(self, request: Request, client: str) -> int:
        """Count one more take that the client has; how many it has had before."""
        key = client, _EVERYTHING.key(request)
        count = self._served.get(key, 0)
        self._served[key] = count + 1
        return count

    def next_reply(self, exchange: Exchange, request: Request, client: str) -> Reply | None:
        """The take that this client gets now; None if it has had all and the transcript asks for an
        error then.
        """
        replies, count = exchange.answered, self.count(request, client)
        match exchange.section.options.takes:
            case "random":
                return replies[self._choose(len(replies))]
            case "cycle":
                return replies[count % len(replies)]
            case "error" if count >= len(replies):
                return None
            case _:
                return replies[min(count, len(replies) - 1)]
