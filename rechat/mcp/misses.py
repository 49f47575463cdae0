"""Why a request missed, and what is done about it. A request is the number of an exchange of a
running rechat, or the request itself, which is compared with the folder.
"""

from collections.abc import Callable

from rechat.answering import accept
from rechat.answering import write_answer
from rechat.dialects import request_of_body
from rechat.explain import SIGNS
from rechat.explain import Difference
from rechat.index import Hit
from rechat.mcp.exchanges import Exchanges
from rechat.store import Store
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Request
from rechat.values import UsageError
from rechat.values import redact_text


class Misses:
    """The misses of a server, and of requests that are given."""

    def __init__(self, exchanges: Exchanges, load: Callable[[], Store]) -> None:
        self._exchanges = exchanges
        self._load = load

    def explained(self, number: int = 0, request: str = "") -> JsonObject:
        """Why no transcript answers, and how the nearest one differs."""
        if _by_number(number, request):
            return self._explained_exchange(number)
        store = self._load()
        asked = _request_of(request)
        found = store.index.find(asked)
        unread: list[Json] = [str(problem) for problem in store.problems.values()]
        told: JsonObject = {"unreadable": unread} if unread else {}
        if isinstance(found, Hit):
            return {"verdict": "hit", "place": found.place, "rule": found.rule} | told
        near = found.nearest
        told |= {"verdict": "miss", "reason": found.reason}
        if near:
            told |= {"nearest": near.place, "ratio": round(near.ratio, 4)}
            told["differences"] = [*map(_shown, near.differences)]
        return told

    def _explained_exchange(self, number: int) -> JsonObject:
        found = self._exchanges.get(f"exchanges/{number}")
        named = ("verdict", "place", "rule", "reason", "nearest")
        differences: list[Json] = [
            _shown(Difference(one["reason"], one["recorded"], one["asked"]))
            for one in found["differences"]
        ]
        told: JsonObject = {name: found[name] for name in named if found.get(name)}
        return told | ({"differences": differences} if differences else {})

    def answer(self, text: str, number: int = 0, request: str = "") -> JsonObject:
        """Write an answer; returns where it is."""
        if _by_number(number, request):
            said = self._exchanges.change(f"exchanges/{number}/answer", {"text": text})
            return {"place": said["place"]}
        return {"place": write_answer(self._load(), _request_of(request), text)}

    def accept(self, number: int = 0, request: str = "", into: str = "") -> JsonObject:
        """Put a new question above an answer; returns the place, and how it differs from the old
        question.
        """
        if _by_number(number, request):
            said = self._exchanges.change(f"exchanges/{number}/accept", {"into": into})
            return {"place": said["place"], "differences": said["differences"]}
        accepted = accept(self._load(), _request_of(request), into)
        reasons: list[Json] = [one.reason for one in accepted.before.differences]
        return {"place": accepted.saved.place, "differences": reasons}


def _by_number(number: int, request: str) -> bool:
    """Whether an exchange is meant. Raises `UsageError` if that is ambiguous."""
    if bool(number) == bool(request):
        raise UsageError("expected a number of an exchange or a request, one of them")
    return bool(number)


def _request_of(request: str) -> Request:
    if request.lstrip()[:1] in ("{", "["):
        return request_of_body(request.encode("utf-8", "surrogatepass"))
    return Request({}, (Message("user", redact_text(request)),))


def _shown(difference: Difference) -> JsonObject:
    lines = [f"{SIGNS[line.kind]} {line.text}" for line in difference.lines()]
    return {"reason": difference.reason} | ({"diff": "\n".join(lines)} if lines else {})
