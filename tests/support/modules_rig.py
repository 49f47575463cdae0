"""The modules of the page in a real browser, one by one: without the page's own start, and with what the
server says given by the test.

The browser runs in a thread of its own, since Playwright keeps an event loop running in the one it is in.
"""

import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from page_rig import CHROMIUM
from page_rig import FLAGS
from page_rig import sync_api

from rechat.values import HttpResponse
from rechat.web import replies

ORIGIN = "http://localhost:8910"
# So many milliseconds a script may take.
_PATIENCE = 20_000
# So many seconds it may take to end.
_END = 10
_START = '<script type="module" src="/_rechat/static/main.js"></script>'


class Browser:
    """One browser for all tests of a process."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "browser")
        self._playwright: Any = None
        self._driver: set[int] = set()
        self.browser: Any = None
        self.page: Any = None

    def run[T](self, task: Any, *arguments: Any) -> Any:
        """What a task gives in the browser's thread."""
        future: Future[Any] = self._thread.submit(task, *arguments)
        return future.result(60)

    def __enter__(self) -> Self:
        self.run(self._start)
        return self

    def _start(self) -> None:
        before = _children()
        self._playwright = sync_api.sync_playwright().start()
        self._driver = _children() - before
        self.browser = self._playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        self.page = self.browser.new_page(
            viewport={"width": 1440, "height": 900},
            permissions=["clipboard-read", "clipboard-write"],
        )

    def __exit__(self, *_: object) -> None:
        try:
            self._thread.submit(self._stop).result(_END)
        except TimeoutError:  # under load it may not hear that its browser has ended
            for process in self._driver:
                os.kill(process, signal.SIGKILL)
        self._thread.shutdown()

    def _stop(self) -> None:
        self.browser.close()
        self._playwright.stop()


def _children() -> set[int]:
    """The processes that this one has started, where the system tells."""
    lists = Path("/proc/self/task").glob("*/children")
    return {int(number) for told in lists for number in told.read_text().split()}


class Modules:
    """A page with the elements of ours, in which nothing has run yet. `answers` is what the server says,
    by path (without `/_rechat/`): a value, or a status with a value; `streams` are server-sent events,
    which end at once; `asked` is what it was asked.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._session = ""
        self.answers: dict[str, Any] = {}
        self.streams: dict[str, str] = {}
        self.asked: list[tuple[str, str, Any]] = []
        self.problems: list[str] = []

    def __enter__(self) -> Self:
        self._browser.run(self._open)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._browser.run(self._close)
        if kind is None:
            assert self.problems == []

    def _open(self) -> None:
        self.page = self._browser.page
        self.page.on("pageerror", self._note)
        self.page.route("**/*", self._respond)
        self.page.goto(f"{ORIGIN}/")
        self.page.evaluate("localStorage.clear()")

    def _close(self) -> None:
        self.page.unroute("**/*")
        self.page.remove_listener("pageerror", self._note)

    def _note(self, error: object) -> None:
        self.problems.append(str(error))

    def _respond(self, route: Any) -> None:
        request = route.request
        address = urlsplit(request.url)
        if not request.url.startswith(ORIGIN):
            self.problems.append(f"asks {request.url}")
            route.abort()
            return
        path = address.path
        if path == "/":
            self._give(route, self._page())
        elif path.startswith("/_rechat/static/"):
            self._give(route, replies.static(path.rpartition("/")[2]))
        else:
            query = f"?{address.query}" if address.query else ""
            self._answer(route, path.removeprefix("/_rechat/") + query)

    def _answer(self, route: Any, path: str) -> None:
        body = route.request.post_data
        self.asked.append((route.request.method, path, json.loads(body) if body else None))
        if path in self.streams:
            headers = (("content-type", "text/event-stream"),)
            self._give(route, HttpResponse.whole(200, headers, self.streams[path].encode()))
            return
        found = self.answers.get(path, (404, {"error": f"there is no {path}"}))
        status, value = found if isinstance(found, tuple) else (200, found)
        self._give(route, replies.told(value, status))

    def _page(self) -> HttpResponse:
        whole = replies.page("secret")
        given = f'<script type="application/json" id="session">{self._session}</script></body>'
        text = whole.body.decode().replace(_START, "")
        text = text.replace("</body>", given if self._session else "</body>")
        return HttpResponse.whole(200, whole.headers, text.encode())

    def _give(self, route: Any, response: HttpResponse) -> None:
        route.fulfill(status=response.status, headers=dict(response.headers), body=response.body)

    def save(self, rows: list[Any]) -> None:
        """Make it the page of a saved session, with these exchanges."""
        self._session = json.dumps(rows)
        self._browser.run(self.page.goto, f"{ORIGIN}/")

    def run(self, script: str, given: Any = None) -> Any:
        """What a script returns, the body of an asynchronous function. It sees what is `given`, and
        `load`, which imports a module of the page by its name.
        """
        load = "const load = (name) => import(`/_rechat/static/${name}.js`);"
        late = f"setTimeout(() => fail(new Error('the script has not ended')), {_PATIENCE})"
        race = f"new Promise((_, fail) => {late})"
        whole = f"(given) => {{ {load} return Promise.race([(async () => {{ {script} }})(), {race}]); }}"
        return self._browser.run(self.page.evaluate, whole, given)


def browsers() -> Iterator[Browser]:
    """The browser, while tests need it."""
    with Browser() as browser:
        yield browser
