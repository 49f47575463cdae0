"""The page and the journal API: `GET /` and all under `/_rechat/`.

| request | gives |
|---|---|
| `GET /_rechat/health` | that the proxy is up; with the token also its upstreams |
| `GET /_rechat/exchanges?q=&after=&before=&limit=` | rows, oldest first, and the latest number |
| `GET /_rechat/exchanges/N?brief=` | one exchange; `brief`: a line for each earlier message |
| `GET /_rechat/exchanges/N/messages/I` | one message in full |
| `GET /_rechat/exchanges/N/takes` | all takes of the answer that was served |
| `GET /_rechat/events?q=&after=` | rows as they come, as server-sent events; `brief` as above |
| `GET /_rechat/exchanges/-N` | one whose answer is on its way; `/text`: its text as it grows |
| `GET /_rechat/held` | the exchanges that wait for a person |
| `GET /_rechat/transcripts` | the files: answers, hits, problems |
| `GET /_rechat/transcripts/search?q=` | the files in which all words stand |
| `GET /_rechat/transcripts/text?path=` | one file: its source, and its messages |
| `GET /_rechat/state` | policy, counts by verdict |
| `GET /_rechat/export?q=` | the session as one HTML file |
| `POST /_rechat/exchanges/N/add` | writes the question with an empty answer |
| `POST /_rechat/exchanges/N/answer` | writes the answer `{"text": …}` |
| `POST /_rechat/exchanges/N/edit` | the answer says `{"text": …}` in place of `{"before": …}` |
| `POST /_rechat/exchanges/N/accept` | gives the nearest answer this question (or `{"into": …}`) |
| `POST /_rechat/exchanges/N/resend` | asks `{"to": UPSTREAM}` again, and compares |
| `POST /_rechat/transcripts/check` | what `{"path": …, "text": …}` would say, its problems |
| `POST /_rechat/transcripts/save` | the file says `text` in place of `before` |
| `POST /_rechat/transcripts/promote` | the recording `path` as one by hand, named `to` |
| `POST /_rechat/sessions/NAME/open`, `uses`, `close` | for tests (`web.sessions`) |
| `POST /_rechat/render` | `{"text": …}` as safe HTML |
| `POST /_rechat/reset` | starts again with the first take of everything |
| `POST /_rechat/reload` | reads all transcripts again |
"""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs

from rechat import __version__
from rechat.answering import ConflictError
from rechat.answering import Endpoint
from rechat.answering import Sessions
from rechat.observe import Arrival
from rechat.observe import Arriving
from rechat.observe import JournalEntry
from rechat.observe import Log
from rechat.observe import Logged
from rechat.observe import Prices
from rechat.store import Store
from rechat.values import Headers
from rechat.values import HttpRequest
from rechat.values import HttpResponse
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import RechatError
from rechat.web import export
from rechat.web import listing
from rechat.web import replies
from rechat.web.acting import NotUnderstoodError
from rechat.web.acting import change_file
from rechat.web.acting import resend
from rechat.web.acting import text_in
from rechat.web.acting import write
from rechat.web.details import details
from rechat.web.details import shown_message
from rechat.web.guard import Guard
from rechat.web.journal import Journal
from rechat.web.live import Arrivals
from rechat.web.live import Followed
from rechat.web.live import state_of
from rechat.web.rendering import html_of
from rechat.web.sessions import change_session
from rechat.web.takes import takes
from rechat.web.texts import Texts
from rechat.web.texts import read

_NUMBER = re.compile("[0-9]{1,18}")
_BELOW_ZERO = re.compile("-[0-9]{1,18}")
_EVENTS: Headers = (("content-type", "text/event-stream"), ("cache-control", "no-store"))
_ACTIONS = ("add", "answer", "accept", "edit", "resend")


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
        arriving: Arriving | None = None,
    ) -> None:
        self._upstreams = upstreams
        self._log = log
        self._endpoint = endpoint
        self._store = store
        self._guard = guard
        self._changed = changed
        self._held = held
        self._prices = prices
        self._texts = Texts(store)
        self._arrivals = Arrivals(arriving or Arriving(), log, endpoint)
        self._journal = Journal(log, endpoint, prices, self._arrivals)
        self._repository = Followed(Path.cwd())

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
                return replies.static(name)
        if not self._guard.lets_in(request):
            return replies.refused(
                "this needs the header x-rechat-token, from the page's own address"
            )
        try:
            if request.method == "POST":
                return await self._change(request)
            return await self._read(request, url)
        except ConflictError as conflict:
            return replies.told({"error": str(conflict), "current": conflict.current}, 409)
        except NotUnderstoodError as error:
            return replies.told({"error": str(error)}, 400)
        except (RechatError, OSError) as error:
            return replies.told({"error": str(error)}, 409)

    async def _read(self, request: HttpRequest, url: str) -> HttpResponse | Live:
        match request.method, request.path.strip("/").split("/")[1:]:
            case "GET", ["exchanges"]:
                numbers = (_number(request, name) for name in ("after", "before", "limit"))
                query, is_brief = _parameter(request, "q"), _is_brief(request)
                told = await self._journal.listed(query, *numbers, is_brief=is_brief)
                return replies.text(told)
            case "GET", ["exchanges", number, *more] if arrival := self._arrival(number):
                return await self._under_way(arrival, more, request, url)
            case "GET", ["exchanges", number, *more]:
                logged = self._logged(number)
                return (
                    await self._one(logged, more, request, url) if logged else replies.gone(number)
                )
            case "GET", ["events"]:
                return self._events(request)
            case "GET", ["held"]:
                waiting = self._held()
                known = self._log.after(0)
                return replies.text(
                    self._journal.told(one for one in known if _is_held(one, waiting))
                )
            case "GET", ["transcripts"]:
                served = dict(self._log.served())
                # Files that are read may have changed, and only the store thread may process
                # changes.
                is_large = listing.is_large(self._store)
                run = self._endpoint.thread.read if is_large else self._run
                return replies.told(await run(partial(listing.transcripts, self._store, served)))
            case "GET", ["transcripts", "search"]:
                look = partial(self._texts.search, _parameter(request, "q"))
                return replies.told(await self._endpoint.thread.read(look))
            case "GET", ["transcripts", "text"]:
                path = _parameter(request, "path")
                return replies.told(await self._run(partial(read, self._store, path)))
            case "GET", ["state"]:
                return replies.told(self._state())
            case "GET", ["export"]:
                found = await self._journal.found(_parameter(request, "q"))
                page = await self._endpoint.thread.read(
                    lambda: export.page_of(found, url, self._prices)
                )
                return HttpResponse.whole(200, export.HEADERS, page)
        return replies.unknown(request)

    async def _change(self, request: HttpRequest) -> HttpResponse:
        match request.path.strip("/").split("/")[1:]:
            case ["exchanges", number, action] if action in _ACTIONS:
                logged = self._logged(number)
                if not logged:
                    return replies.gone(number)
                return await self._act(logged.entry, action, request.body)
            case ["transcripts", "check" | "save" | "promote" as action]:
                told = await change_file(self._endpoint, self._store, action, request.body)
                if action != "check":
                    self._changed()
                return replies.told(told)
            case ["sessions", name, action] if isinstance(self._endpoint, Sessions):
                return replies.told(
                    await change_session(self._endpoint, name, action, request.body)
                )
            case ["render"]:
                text = text_in(request.body, "text") or ""
                return replies.told(
                    {"html": await self._endpoint.thread.read(lambda: html_of(text))}
                )
            case ["reset"]:
                self._endpoint.reset()
                return replies.told({"status": "ok"})
            case ["reload"]:
                await self._run(self._reload)
                self._changed()
                return replies.told({"status": "ok", "problems": self._problems()})
        return replies.unknown(request)

    async def _run[T](self, task: Callable[[], T]) -> T:
        return await self._endpoint.thread.run(task)

    def _reload(self) -> None:
        for path in self._store.files():
            self._store.reload(path)

    def _page(self, request: HttpRequest) -> HttpResponse:
        if not self._guard.opens_page(request):
            return replies.refused(
                "open the address that rechat printed at its start, with its token"
            )
        return replies.page(self._guard.token)

    def _logged(self, number: str) -> Logged | None:
        return self._log.get(int(number)) if _NUMBER.fullmatch(number) else None

    def _arrival(self, number: str) -> Arrival | None:
        return self._arrivals.get(int(number)) if _BELOW_ZERO.fullmatch(number) else None

    async def _under_way(
        self, arrival: Arrival, more: list[str], request: HttpRequest, url: str
    ) -> HttpResponse | Live:
        """An exchange whose answer is in flight, or its text."""
        match more:
            case []:
                show = partial(self._arrivals.details, arrival, url, self._prices)
                told = partial(show, is_brief=_is_brief(request))
                return replies.told(await self._endpoint.thread.read(told))
            case ["text"]:
                return Live(_EVENTS, self._arrivals.text(arrival))
        return replies.unknown(request)

    async def _one(
        self, logged: Logged, more: list[str], request: HttpRequest, url: str
    ) -> HttpResponse:
        """An exchange, or a part of it."""
        asked = logged.entry.request
        match more:
            case []:
                is_brief = _is_brief(request)
                show = partial(details, logged, url, self._prices, is_brief=is_brief)
                return replies.told(await self._endpoint.thread.read(show))
            case ["messages", at] if asked and _NUMBER.fullmatch(at):
                if int(at) < len(asked.messages):
                    show = partial(shown_message, asked.messages[int(at)])
                    return replies.told(await self._endpoint.thread.read(show))
            case ["takes"]:
                return replies.told(await self._run(partial(takes, self._store, logged.entry)))
        return replies.unknown(request)

    def _events(self, request: HttpRequest) -> Live:
        query, after = _parameter(request, "q"), _number(request, "after")
        is_brief = _is_brief(request)
        news = self._journal.news(query, after, self._state, is_brief=is_brief)
        return Live(_EVENTS, self._followed(news))

    async def _followed(self, news: AsyncGenerator[bytes]) -> AsyncIterator[bytes]:
        """The news; the branch of the repository may change meanwhile."""
        async with aclosing(news):
            async for update in news:
                yield update
                await self._repository.look()

    def _state(self) -> JsonObject:
        return state_of(
            self._endpoint, self._store, self._log, self._held(), self._repository.found
        )

    def _problems(self) -> list[Json]:
        return [str(problem) for problem in [*self._store.problems.values()]]

    async def _act(self, entry: JournalEntry, action: str, body: bytes) -> HttpResponse:
        if action == "resend":
            told = await resend(self._endpoint, entry, self._upstreams(), body, self._prices)
            return replies.told(told)
        told = await write(self._endpoint, entry, action, body)
        self._changed()
        return replies.told(told)


def health(upstreams: list[Json] | None = None) -> HttpResponse:
    """That the server is up, for load balancers and scripts, and the state of its upstreams."""
    of_upstreams: JsonObject = {} if upstreams is None else {"upstreams": upstreams}
    return replies.told({"status": "ok", "version": __version__} | of_upstreams)


def _is_held(logged: Logged, waiting: set[str]) -> bool:
    return logged.entry.verdict == "held" and logged.entry.place in waiting


def _parameter(request: HttpRequest, name: str) -> str:
    return parse_qs(request.query).get(name, [""])[0]


def _is_brief(request: HttpRequest) -> bool:
    return bool(_parameter(request, "brief"))


def _number(request: HttpRequest, name: str) -> int:
    text = _parameter(request, name)
    return int(text) if _NUMBER.fullmatch(text) else 0
