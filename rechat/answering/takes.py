"""The order of takes: which of several answers to the same request a client gets next."""

from collections.abc import Callable

from rechat.matching import Exchange
from rechat.matching import Scheme
from rechat.values import Reply
from rechat.values import Request

_EVERYTHING = Scheme(None)


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

    def next_reply(self, exchange: Exchange, request: Request, client: str) -> Reply | None:
        """The take that this client gets now; None if it has had all and the transcript asks for an
        error then.
        """
        replies, count = exchange.answered, self._count(request, client)
        match exchange.section.options.takes:
            case "random":
                return replies[self._choose(len(replies))]
            case "cycle":
                return replies[count % len(replies)]
            case "error" if count >= len(replies):
                return None
            case _:
                return replies[min(count, len(replies) - 1)]

    def _count(self, request: Request, client: str) -> int:
        """How many takes of this request the client has had before."""
        key = _EVERYTHING.key(request)
        count = self._served.get((client, key), 0)
        self._served[client, key] = count + 1
        return count
