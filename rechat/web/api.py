"""The page and the journal API: `GET /` and all under `/_rechat/`.

| request | gives |
|---|---|
| `GET /_rechat/health` | that the proxy is up; with the token also its upstreams |
| `GET /_rechat/exchanges?q=&after=&limit=` | rows, oldest first, and the latest number |
| `GET /_rechat/exchanges/N` | one exchange in full |
| `GET /_rechat/events?q=&after=` | rows as they come, as server-sent events |
| `GET /_rechat/held` | the exchanges that wait for a person |
| `GET /_rechat/transcripts` | the files: answers, hits, problems |
| `GET /_rechat/state` | policy, counts by verdict |
| `GET /_rechat/export?q=` | the session as one HTML file |
| `POST /_rechat/exchanges/N/add` | writes the question with an empty answer |
| `POST /_rechat/exchanges/N/answer` | writes the answer `{"text": …}` |
| `POST /_rechat/exchanges/N/accept` | gives the nearest answer this question (or `{"into": …}`) |
| `POST /_rechat/sessions/NAME/open`, `close` | for tests (`web.sessions`) |
| `POST /_rechat/reset` | starts again with the first take of everything |
| `POST /_rechat/reload` | reads all transcripts again |
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from importlib import resources
from pathlib import Path
from urllib.parse import parse_qs

from rechat import __version__
from rechat.answering import Endpoint
from rechat.answering import Sessions
from rechat.observe import Log
from rechat.observe import Logged
from rechat.observe import search
from rechat.store import Store
from rechat.values import Headers
from rechat.values import HttpRequest
from rechat.values import HttpResponse
from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import RechatError
from rechat.values import Request
from rechat.values import jsontext
from rechat.web import export
from rechat.web.guard import Guard
from rechat.web.listing import transcripts
from rechat.web.rows import Prices
from rechat.web.rows import details
from rechat.web.rows import rows
from rechat.web.sessions import change_session

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE_HEADERS: Headers = (
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cache-control", "no-store"),
)
_NUMBER = re.compile("[0-9]{1,18}")
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_STATIC = resources.files("rechat.web") / "static"
# Seconds between two updates of a page, and between two signs of life.
_TICK = 0.25
_HEARTBEAT = 60
# Rows in one update, which makes 2,000 a second.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Live:
    """A response without a known end: its headers, and its body piece by piece."""

    headers: Headers
    body: AsyncIterator[bytes]


class Api:
    """Answers the page's requests from the log and the store."""

    def __init__(
        self,
        log: Log,
        endpoint: Endpoint,
        store: Store,
        guard: Guard,
        changed: Callable[[], None],
        held: Callable[[], set[str]],
        prices: Prices | None = None,
        upstreams: Callable[[], list[Json]] = list,
    ) -> None:
        self._upstreams = upstreams
        self._log = log
        self._endpoint = endpoint
        self._store = store
        self._guard = guard
        self._changed = changed
        self._held = held
        self._prices = prices

    async def answer(self, request: HttpRequest, url: str) -> HttpResponse | Live:
        """The response to a request; `url` is the address of the proxy as the client knows it."""
        match request.method, request.path.strip("/").split("/"):
            case "GET" | "HEAD", [""]:
                return self._page(request)
            case "GET" | "HEAD", ["_rechat", "health"] if self._guard.lets_in(request):
                return health(self._upstreams())
            case "GET" | "HEAD", ["_rechat", "health"] | ["ready"]:
                return health()
            case "GET" | "HEAD", ["_rechat", "static", name]:
                return _static(name)
        if not self._guard.lets_in(request):
            return _refused("this needs the header x-rechat-token, from the page's own address")
        try:
            if request.method == "POST":
                return await self._change(request)
            return await self._read(request, url)
        except (RechatError, OSError) as error:
            return _json({"error": str(error)}, 409)

    async def _read(self, request: HttpRequest, url: str) -> HttpResponse | Live:
        match request.method, request.path.strip("/").split("/")[1:]:
            case "GET", ["exchanges"]:
                return self._exchanges(request)
            case "GET", ["exchanges", number]:
                logged = self._logged(number)
                return _json(details(logged, url, self._prices)) if logged else _gone(number)
            case "GET", ["events"]:
                return self._events(request)
            case "GET", ["held"]:
                waiting = self._held()
                known = self._log.after(0)
                return self._rows([one for one in known if _is_held(one, waiting)])
            case "GET", ["transcripts"]:
                served = dict(self._log.served())
                return _json(await self._run(partial(transcripts, self._store, served)))
            case "GET", ["state"]:
                return _json(self._state())
            case "GET", ["export"]:
                found = self._found(request, 0)
                page = export.page([details(one, url, self._prices) for one in found])
                return HttpResponse.whole(200, export.HEADERS, page)
        return _unknown(request)

    async def _change(self, request: HttpRequest) -> HttpResponse:
        match request.path.strip("/").split("/")[1:]:
            case ["exchanges", number, "add" | "answer" | "accept" as action]:
                logged = self._logged(number)
                if not logged:
                    return _gone(number)
                return await self._write(logged.entry.request, action, request.body)
            case ["sessions", name, action] if isinstance(self._endpoint, Sessions):
                return _json(await change_session(self._endpoint, name, action, request.body))
            case ["reset"]:
                self._endpoint.reset()
                return _json({"status": "ok"})
            case ["reload"]:
                await self._run(self._reload)
                self._changed()
                return _json({"status": "ok", "problems": self._problems()})
        return _unknown(request)

    async def _run[T](self, task: Callable[[], T]) -> T:
        return await self._endpoint.thread.run(task)

    def _reload(self) -> None:
        for path in self._store.files():
            self._store.reload(path)

    def _page(self, request: HttpRequest) -> HttpResponse:
        if not self._guard.opens_page(request):
            return _refused("open the address that rechat printed at its start, with its token")
        page = (_STATIC / "page.html").read_text("utf-8")
        page = page.replace("{{token}}", self._guard.token)
        return HttpResponse.whole(
            200, (("content-type", "text/html; charset=utf-8"), *_PAGE_HEADERS), page.encode()
        )

    def _logged(self, number: str) -> Logged | None:
        return self._log.get(int(number)) if _NUMBER.fullmatch(number) else None

    def _found(self, request: HttpRequest, after: int) -> list[Logged]:
        terms = search.parse(_parameter(request, "q"))
        fresh = self._log.after(after)
        return [one for one in fresh if search.matches(terms, one.entry)] if terms else fresh

    def _exchanges(self, request: HttpRequest) -> HttpResponse:
        found = self._found(request, _number(request, "after"))
        limit = _number(request, "limit")
        return self._rows(found[-limit:] if limit else found)

    def _rows(self, found: list[Logged]) -> HttpResponse:
        # There may be 10,000 rows of plain values: `json` is six times as fast as `jsontext`.
        shown = {"exchanges": rows(found, self._prices), "latest": self._log.latest}
        return _said(json.dumps(shown))

    def _events(self, request: HttpRequest) -> Live:
        headers: Headers = (("content-type", "text/event-stream"), ("cache-control", "no-store"))
        return Live(headers, self._news(request))

    async def _news(self, request: HttpRequest) -> AsyncIterator[bytes]:
        """Updates a few times a second, starting after the last number that the page saw."""
        number, ticks = _number(request, "after"), 0
        state = ""
        while True:
            latest = self._log.latest
            # Under load, more than anybody could read is skipped; it can be requested later.
            found = self._found(request, max(number, latest - _AT_ONCE)) if latest > number else []
            number = latest
            told = jsontext.dump(self._state())
            events = []
            if found:
                told_rows = json.dumps(rows(found, self._prices))
                events.append(f"event: rows\nid: {latest}\ndata: {told_rows}\n\n")
            if told != state:
                state = told
                events.append(f"event: state\nid: {latest}\ndata: {told}\n\n")
            ticks += 1
            if not events and ticks % _HEARTBEAT == 1:
                events.append(": all is well\n\n")
            if events:
                yield "".join(events).encode()
            await asyncio.sleep(_TICK)

    def _state(self) -> JsonObject:
        waiting = sorted(self._held())
        return {
            "policy": self._endpoint.policy,
            "folder": Path.cwd().as_posix(),
            "latest": self._log.latest,
            "answers": self._store.index.answers,
            "files": len(self._store.index.paths),
            "version": self._store.index.version,
            "problems": len(self._store.problems),
            "held": list(waiting),
        }

    def _problems(self) -> list[Json]:
        return [str(problem) for problem in [*self._store.problems.values()]]

    async def _write(self, request: Request | None, action: str, body: bytes) -> HttpResponse:
        if not request:
            return _json({"error": "what was asked could not be read"}, 409)
        if action == "add":
            place = await self._endpoint.write_blank(request)
        elif action == "accept":
            into = _text(body, "into") if body else ""
            accepted = await self._endpoint.accept(request, into or "")
            self._changed()
            place, before = accepted.saved.place, accepted.before
            told: list[Json] = [difference.reason for difference in before.differences]
            return _json({"place": place, "absolute": _absolute(place), "differences": told})
        else:
            text = _text(body, "text")
            if not isinstance(text, str):
                return _json({"error": 'expected {"text": "the answer"}'}, 400)
            place = await self._endpoint.write_answer(request, text)
        self._changed()
        return _json({"place": place, "absolute": _absolute(place)})


def _text(body: bytes, name: str) -> str | None:
    """A text in the JSON of a request; None if it has none."""
    try:
        text = jsontext.parse_object(body).get(name)
    except JsonError:
        return None
    return text if isinstance(text, str) else None


def health(upstreams: list[Json] | None = None) -> HttpResponse:
    """That the server is there, for load balancers and scripts, and how its upstreams are."""
    of_upstreams: JsonObject = {} if upstreams is None else {"upstreams": upstreams}
    return _json({"status": "ok", "version": __version__} | of_upstreams)


def _absolute(place: str) -> str:
    path, _, line = place.rpartition(":")
    return f"{Path(path).absolute().as_posix()}:{line}"


def _is_held(logged: Logged, waiting: set[str]) -> bool:
    return logged.entry.verdict == "held" and logged.entry.place in waiting


def _parameter(request: HttpRequest, name: str) -> str:
    return parse_qs(request.query).get(name, [""])[0]


def _number(request: HttpRequest, name: str) -> int:
    text = _parameter(request, name)
    return int(text) if _NUMBER.fullmatch(text) else 0


def _json(value: JsonObject, status: int = 200) -> HttpResponse:
    return _said(jsontext.dump(value), status)


def _said(text: str, status: int = 200) -> HttpResponse:
    headers = (("content-type", "application/json"), *_PAGE_HEADERS)
    return HttpResponse.whole(status, headers, text.encode())


def _unknown(request: HttpRequest) -> HttpResponse:
    return _json({"error": f"there is no {request.method} {request.path}"}, 404)


def _gone(number: str) -> HttpResponse:
    return _json({"error": f"exchange {number} does not exist, or was dropped"}, 404)


def _refused(why: str) -> HttpResponse:
    return _json({"error": f"{HTTPStatus(403).phrase}: {why}"}, 403)


def _static(name: str) -> HttpResponse:
    file = _STATIC / name
    kind = _TYPES.get(Path(name).suffix, "")
    if not kind or not file.is_file():
        return _json({"error": f"there is no {name}"}, 404)
    headers = (("content-type", f"{kind}; charset=utf-8"), *_PAGE_HEADERS)
    return HttpResponse.whole(200, headers, file.read_bytes())
