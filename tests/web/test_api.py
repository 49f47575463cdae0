"""The journal API, without a socket."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from rechat.answering.endpoint import Endpoint
from rechat.answering.outcome import Answered
from rechat.answering.outcome import Asked
from rechat.answering.outcome import Held
from rechat.answering.policy import Session
from rechat.observe.entry import JournalEntry
from rechat.observe.history import Log
from rechat.store.folder import Store
from rechat.values.http import HttpRequest
from rechat.values.http import HttpResponse
from rechat.values.http import header
from rechat.web.api import Api
from rechat.web.api import Live
from rechat.web.guard import Guard

QA = "### user\n\n> {}\n\n### assistant\n\n> {}\n"


class Rig:
    """A store, an endpoint, and the API over them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "transcripts"
        self.folder.mkdir()
        (self.folder / "a.md").write_text(QA.format("Hi", "Ho"))
        self.store = Store([self.folder])
        self.store.load()
        self.endpoint = Endpoint(Session(self.store.index, "hold"), self.store)
        self.log = Log()
        self.changes = 0
        self.held: set[str] = set()
        guard = Guard("secret", is_open=True)
        self.api = Api(self.log, self.endpoint, self.store, guard, self._changed, lambda: self.held)

    def _changed(self) -> None:
        self.changes += 1

    def ask(self, text: str) -> Answered | Held:
        body = json.dumps({"model": "m", "messages": [{"role": "user", "content": text}]})
        asked = HttpRequest("POST", "/v1/chat/completions", "", (), body.encode())
        found = asyncio.run(self.endpoint.answer(Asked(asked, "", True, 0.0)))
        assert isinstance(found, Answered | Held)
        self.log.add(found.entry, 1.0)
        return found

    def call(
        self, method: str, path: str, value: Any = None, token: str = "secret"
    ) -> HttpResponse:
        path, _, query = path.partition("?")
        body = b"" if value is None else json.dumps(value).encode()
        headers = (("host", "localhost"), ("x-rechat-token", token))
        request = HttpRequest(method, path, query, headers, body)
        found = asyncio.run(self.api.answer(request, "http://localhost:8910"))
        assert isinstance(found, HttpResponse)
        return found

    def get(self, path: str) -> Any:
        response = self.call("GET", path)
        assert response.status == 200, response.body
        return json.loads(response.body)


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    monkeypatch.chdir(tmp_path)
    return Rig(tmp_path)


def test_a_question_is_accepted_where_the_answer_stands(rig: Rig) -> None:
    rig.endpoint = Endpoint(Session(rig.store.index, "replay"), rig.store)
    rig.api._endpoint = rig.endpoint
    rig.ask("Hi there you")
    refused = rig.call("POST", "/_rechat/exchanges/1/accept")
    assert refused.status == 409
    assert "not much like this" in json.loads(refused.body)["error"]
    place = "transcripts/a.md:5"
    [nearest] = {rig.get("/_rechat/exchanges/1")["nearest"]}
    assert nearest.endswith(place)
    done = json.loads(rig.call("POST", "/_rechat/exchanges/1/accept", {"into": nearest}).body)
    assert done["place"].endswith(place)
    assert len(done["differences"]) == 1
    assert rig.changes == 1
    assert (rig.folder / "a.md").read_text() == QA.format("Hi there you", "Ho")


def test_exchanges_are_listed_and_filtered(rig: Rig) -> None:
    for text in ("Hi", "Bye", "Hi"):
        rig.ask(text)
    found = rig.get("/_rechat/exchanges")
    assert [row["verdict"] for row in found["exchanges"]] == ["hit", "held", "hit"]
    assert found["latest"] == 3

    def numbers(query: str) -> list[int]:
        return [row["number"] for row in rig.get(f"/_rechat/exchanges?{query}")["exchanges"]]

    assert numbers("q=verdict:hit") == [1, 3]
    assert numbers("q=bye") == [2]
    assert numbers("after=2") == [3]
    assert numbers("limit=2") == [2, 3]
    assert numbers("after=nonsense&limit=-1") == [1, 2, 3]
    assert numbers(f"after={'9' * 5_000}") == [1, 2, 3]


def test_one_exchange_has_all(rig: Rig) -> None:
    rig.ask("Hi")
    found = rig.get("/_rechat/exchanges/1")
    assert [message["role"] for message in found["messages"]] == ["user"]
    assert json.loads(found["response"])["choices"][0]["message"]["content"] == "Ho"
    assert dict(found["answer_headers"])["x-rechat-match"] == "listed"
    for number in ("9", "x", "-1"):
        assert rig.call("GET", f"/_rechat/exchanges/{number}").status == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/_rechat/exchanges"),
        ("GET", "/_rechat/exchanges/1"),
        ("GET", "/_rechat/events"),
        ("GET", "/_rechat/export"),
        ("GET", "/_rechat/state"),
        ("POST", "/_rechat/exchanges/1/answer"),
        ("POST", "/_rechat/reset"),
    ],
)
def test_without_the_token_nothing_is_told_or_done(rig: Rig, method: str, path: str) -> None:
    rig.ask("Hi")
    refused = rig.call(method, path, token="wrong")
    assert refused.status == 403
    assert "x-rechat-token" in refused.body.decode()


def test_health_needs_no_token_and_tells_nothing(rig: Rig) -> None:
    response = rig.call("GET", "/_rechat/health", token="")
    assert set(json.loads(response.body)) == {"status", "version"}


def test_an_unknown_path_is_not_found(rig: Rig) -> None:
    for method, path in (
        ("GET", "/_rechat/x"),
        ("POST", "/_rechat/x"),
        ("GET", "/_rechat/static/x.js"),
    ):
        assert rig.call(method, path).status == 404
    assert rig.call("GET", "/_rechat/static/..%2fapi.py").status == 404


def test_the_page_has_a_strict_policy(rig: Rig) -> None:
    page = rig.call("GET", "/", token="")
    assert 'content="secret"' in page.body.decode()
    policy = header(page.headers, "content-security-policy")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    script = rig.call("GET", "/_rechat/static/main.js", token="")
    assert header(script.headers, "content-type").startswith("text/javascript")


def test_a_held_question_is_listed_and_answered(rig: Rig) -> None:
    held = rig.ask("Bye")
    assert isinstance(held, Held)
    rig.held = {held.entry.place}
    [row] = rig.get("/_rechat/held")["exchanges"]
    assert row["place"] == held.entry.place
    done = json.loads(rig.call("POST", "/_rechat/exchanges/1/answer", {"text": "So long."}).body)
    assert Path(done["absolute"].rpartition(":")[0]).is_file()
    assert rig.changes == 1
    found = rig.ask("Bye")
    assert isinstance(found, Answered)
    assert json.loads(found.response.body)["choices"][0]["message"]["content"] == "So long."
    again = rig.call("POST", "/_rechat/exchanges/1/answer", {"text": "Other"})
    assert (again.status, rig.changes) == (409, 1)
    assert rig.call("POST", "/_rechat/exchanges/1/answer", {"txt": ""}).status == 400


def test_a_question_is_added_once_with_a_blank(rig: Rig) -> None:
    rig.ask("Bye")
    places = [
        json.loads(rig.call("POST", "/_rechat/exchanges/1/add", {}).body)["place"] for _ in "ab"
    ]
    assert places[0] == places[1]
    assert Path(places[0].rpartition(":")[0]).read_text().endswith("### assistant\n")


def test_transcripts_are_listed_with_hits(rig: Rig) -> None:
    rig.ask("Hi")
    [row] = rig.get("/_rechat/transcripts")["transcripts"]
    assert (Path(row["path"]).name, row["requests"]) == ("a.md", 1)


def test_the_first_take_comes_again_after_a_reset(rig: Rig) -> None:
    takes = "### user\n\n> Two\n\n### assistant\n\n> one\n\n### assistant, take 2\n\n> two\n"
    (rig.folder / "t.md").write_text(takes)
    assert json.loads(rig.call("POST", "/_rechat/reload").body)["status"] == "ok"

    def said() -> str:
        found = rig.ask("Two")
        assert isinstance(found, Answered)
        text: str = json.loads(found.response.body)["choices"][0]["message"]["content"]
        return text

    assert [said(), said()] == ["one", "two"]
    rig.call("POST", "/_rechat/reset")
    assert said() == "one"


def test_events_begin_where_the_page_was(rig: Rig) -> None:
    for _ in range(3):
        rig.ask("Hi")
    asyncio.run(_events(rig))


async def _events(rig: Rig) -> None:
    headers = (("x-rechat-token", "secret"), ("host", "localhost"))
    live = await rig.api.answer(HttpRequest("GET", "/_rechat/events", "after=1&q=hi", headers), "")
    assert isinstance(live, Live)
    first = (await anext(live.body)).decode()
    events = dict(part.split("\n", 1) for part in first.strip().split("\n\n"))
    rows = json.loads(events["event: rows"].partition("data: ")[2])
    assert [row["number"] for row in rows] == [2, 3]
    assert json.loads(events["event: state"].partition("data: ")[2])["policy"] == "hold"
    rig.log.add(JournalEntry("hit", "POST /", reason="hi"), 1.0)
    assert b"id: 4" in await anext(live.body)


def test_the_session_is_exported(rig: Rig) -> None:
    rig.ask("Hi")
    page = rig.call("GET", "/_rechat/export")
    assert b'"words":"Hi"' in page.body
    assert (
        b'"words"'
        not in rig.call("GET", "/_rechat/export?q=nothing")
        .body.partition(b"session")[2]
        .partition(b"</script>")[0]
    )


def test_an_answer_is_edited_and_a_conflict_is_told(rig: Rig) -> None:
    rig.ask("Hi")
    path = "/_rechat/exchanges/1/edit"
    assert rig.call("POST", path, {"text": "x"}).status == 400
    done = json.loads(rig.call("POST", path, {"before": "Ho", "text": "Hey"}).body)
    assert done["place"].endswith("a.md:5")
    assert rig.changes == 1
    assert (rig.folder / "a.md").read_text() == QA.format("Hi", "Hey")
    refused = rig.call("POST", path, {"before": "Ho", "text": "Hum"})
    assert refused.status == 409
    assert json.loads(refused.body)["current"] == "Hey"
    assert (rig.folder / "a.md").read_text() == QA.format("Hi", "Hey")


def test_what_is_typed_is_rendered_safely(rig: Rig) -> None:
    response = rig.call("POST", "/_rechat/render", {"text": "**a** <script>"})
    assert json.loads(response.body) == {"html": "<p><strong>a</strong> &lt;script&gt;</p>\n"}


def test_transcripts_are_searched_and_read(rig: Rig) -> None:
    [found] = rig.get("/_rechat/transcripts/search?q=ho")["found"]
    assert found["text"] == "Ho"
    path = found["path"]
    assert rig.get(f"/_rechat/transcripts/text?path={path}")["source"] == QA.format("Hi", "Ho")
    assert rig.call("GET", "/_rechat/transcripts/text?path=/etc/passwd").status == 409


def test_parts_of_an_exchange_are_told(rig: Rig) -> None:
    rig.ask("Hi")
    assert rig.get("/_rechat/exchanges/1/messages/0")["raw"] == "Hi"
    assert rig.call("GET", "/_rechat/exchanges/1/messages/9").status == 404
    [take] = rig.get("/_rechat/exchanges/1/takes")["takes"]
    assert (take["text"], take["is_this"]) == ("Ho", True)
