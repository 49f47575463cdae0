"""The endpoint: whole requests in, whole answers out."""

import asyncio
import json
import threading
from collections.abc import Awaitable
from pathlib import Path

import pytest

from rechat.answering.endpoint import Endpoint
from rechat.answering.outcome import Answered
from rechat.answering.outcome import Asked
from rechat.answering.outcome import Held
from rechat.answering.outcome import Later
from rechat.answering.outcome import Sent
from rechat.answering.pace import Pace
from rechat.answering.policy import Session
from rechat.index.index import Index
from rechat.observe.entry import JournalEntry
from rechat.store.folder import Store
from rechat.values.conversation import Policy
from rechat.values.errors import RechatError
from rechat.values.http import Headers
from rechat.values.http import HttpRequest
from rechat.values.http import HttpResponse
from rechat.values.http import Piece
from rechat.values.http import header

CHAT = "/v1/chat/completions"
JSON: Headers = (("content-type", "application/json"),)


def endpoint(folder: Path, policy: Policy = "replay", pace: Pace | None = None) -> Endpoint:
    store = Store([folder])
    store.load()
    return Endpoint(Session(store.index, policy), store, pace)


def asked(
    path: str = CHAT, text: str = "Hello", *, is_ours: bool = True, method: str = "POST"
) -> Asked:
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": text}]}).encode()
    return Asked(HttpRequest(method, path, "", (), body), "", is_ours, 0.0)


def answered(served: Endpoint, request: Asked) -> Answered | Sent | Held:
    return asyncio.run(served.answer(request))


def received(served: Endpoint, sent: Sent, response: HttpResponse) -> JournalEntry:
    return asyncio.run(served.received(sent, lambda: response))


def said(found: Answered | Sent | Held) -> Answered:
    assert isinstance(found, Answered)
    return found


def completion(text: str) -> HttpResponse:
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text},
        "finish_reason": "stop",
    }
    body = json.dumps({"id": "1", "choices": [choice]}).encode()
    return HttpResponse.whole(200, (("content-type", "application/json"),), body)


def test_a_hit_has_its_place_and_stays_until_the_store_changes(mine: Path) -> None:
    served = endpoint(mine.parent)
    found = said(answered(served, asked()))
    assert found.is_stable
    assert header(found.response.headers, "x-rechat") == "hit"
    assert header(found.response.headers, "x-rechat-transcript") == f"{mine}:7"
    assert (found.entry.verdict, found.entry.place) == ("hit", f"{mine}:7")
    assert found.entry.milliseconds > 0


def test_the_list_of_models_is_a_hit(mine: Path) -> None:
    mine.write_text(f"---\nmodel: mine\n---\n{mine.read_text()}")
    found = said(answered(endpoint(mine.parent), asked("/v1/models", method="GET")))
    assert [model["id"] for model in json.loads(found.response.body)["data"]] == ["mine"]
    assert found.entry.rule == "models"


def test_a_refusal_is_not_remembered(mine: Path) -> None:
    found = said(answered(endpoint(mine.parent), asked(text="Hallo")))
    assert (found.response.status, found.entry.verdict, found.is_stable) == (400, "miss", False)
    assert found.entry.miss


def test_a_fault_is_named(folder: Path) -> None:
    (folder / "a.md").write_text("### user\n\n> Hello\n\n### error reset\n")
    found = said(answered(endpoint(folder), asked()))
    assert found.fault
    assert (found.fault.kind, found.is_stable) == ("reset", False)


def test_one_of_several_takes_is_not_remembered(mine: Path) -> None:
    mine.write_text(f"{mine.read_text()}\n### assistant, take 2\n\n> Ho!\n")
    assert not said(answered(endpoint(mine.parent), asked())).is_stable


def test_an_answer_leaves_at_its_pace(mine: Path) -> None:
    found = said(answered(endpoint(mine.parent, pace=Pace(10, 1.0)), asked()))
    assert [piece.at for piece in found.response.pieces] == [1200.0]


def test_a_miss_is_sent_and_what_comes_back_is_saved_and_served(folder: Path) -> None:
    served = endpoint(folder, "record")
    before = served.version
    sent = answered(served, asked())
    assert isinstance(sent, Sent)
    assert (sent.saves, sent.model) == (True, "m")
    entry = received(served, sent, completion("Hi!"))
    assert (entry.verdict, entry.place) == ("recorded", f"{folder}/hello-{entry.place[-12:]}")
    assert served.version != before
    assert said(answered(served, asked())).response.body == completion("Hi!").body


@pytest.mark.parametrize(
    ("response", "verdict", "reason"),
    [
        (HttpResponse.whole(200, (), b"{"), "failed", "not saved: "),
        (HttpResponse.whole(429, (), b"{}"), "forwarded", "not saved: status 429 may pass"),
    ],
)
def test_what_is_not_saved_is_told(
    folder: Path, response: HttpResponse, verdict: str, reason: str
) -> None:
    served = endpoint(folder, "record")
    sent = answered(served, asked())
    assert isinstance(sent, Sent)
    entry = received(served, sent, response)
    assert entry.verdict == verdict
    assert entry.reason.startswith(reason)
    assert list(folder.glob("*.md")) == []


def test_live_saves_nothing(folder: Path) -> None:
    served = endpoint(folder, "live")
    sent = answered(served, asked())
    assert isinstance(sent, Sent)
    assert received(served, sent, completion("Hi!")).verdict == "forwarded"
    assert list(folder.glob("*.md")) == []


def test_endpoints_of_other_hosts_are_none_of_our_business(folder: Path) -> None:
    sent = answered(endpoint(folder, "record"), asked("/v1/files", is_ours=False))
    assert isinstance(sent, Sent)
    assert not sent.saves
    assert "other than the upstreams" in sent.reason


def test_a_hit_that_is_only_similar_says_what_differs(mine: Path) -> None:
    store = Store([mine.parent])
    store.load()
    served = Endpoint(Session(store.index, "replay", fuzzy=0.1), store)
    found = said(answered(served, asked(text="Hello?")))
    assert found.entry.rule.startswith("fuzzy")
    assert found.entry.miss
    assert found.entry.miss.nearest
    assert "differs" in found.entry.miss.nearest.differences[0].reason


def test_a_held_question_is_written_once_and_answered(mine: Path) -> None:
    served = endpoint(mine.parent, "hold")
    held = [answered(served, asked(text="Why?")) for _ in range(2)]
    places = {one.entry.place for one in held if isinstance(one, Held)}
    assert len(places) == 1
    [place] = places
    assert Path(place.rpartition(":")[0]).read_text().endswith("### assistant\n")
    request = held[0].entry.request  # type: ignore[union-attr]
    assert request
    assert asyncio.run(served.edits.write_answer(request, "Because.")) == place
    assert (
        json.loads(said(answered(served, asked(text="Why?"))).response.body)["choices"][0][
            "message"
        ]["content"]
        == "Because."
    )
    with pytest.raises(RechatError):
        asyncio.run(served.edits.write_answer(request, "Or not."))
    with pytest.raises(RechatError):
        asyncio.run(served.edits.write_blank(request))


def test_a_recorded_stream_says_what_it_saved(folder: Path) -> None:
    served = endpoint(folder, "record")
    sent = answered(served, asked())
    assert isinstance(sent, Sent)
    usage = {"prompt_tokens": 3, "completion_tokens": 4}
    body = json.loads(completion("Hi!").body) | {"usage": usage}
    recorded = HttpResponse(200, JSON, (Piece(250.0, json.dumps(body).encode()),))
    received(served, sent, recorded)
    entry = said(answered(served, asked())).entry
    assert (entry.saved_ms, entry.saved_tokens) == (250.0, 7)
    assert entry.times == ((0.0, len(recorded.body)),)


@pytest.mark.parametrize(
    ("options", "pace", "first", "last"),
    [
        ("delay: 2", None, 2000.0, 2000.0),
        ("pace: 10", None, 0.0, 200.0),
        ("delay: 2, pace: 10:0.5", None, 2500.0, 2700.0),
        ("pace: none", Pace(10.0), 0.0, 0.0),
        ("delay: 2", Pace(10.0), 2000.0, 2200.0),
    ],
)
def test_an_answer_comes_when_its_file_says(
    folder: Path, options: str, pace: Pace | None, first: float, last: float
) -> None:
    (folder / "slow.md").write_text(
        f"---\nrechat: {{{options}}}\n---\n\n### user\n\n> Hello\n\n### assistant\n\n> One two.\n"
    )
    question = [{"role": "user", "content": "Hello"}]
    body = json.dumps({"model": "m", "messages": question, "stream": True}).encode()
    http = HttpRequest("POST", CHAT, "", (), body)
    found = said(answered(endpoint(folder, pace=pace), Asked(http, "", True, 0.0)))
    times = [piece.at for piece in found.response.pieces]
    assert (times[0], times[-1]) == (first, last)


def test_an_error_comes_when_its_file_says(folder: Path) -> None:
    (folder / "slow.md").write_text(
        "---\nrechat: {delay: 2}\n---\n\n### user\n\n> Hello\n\n### error 429\n\n> Slow.\n"
    )
    found = said(answered(endpoint(folder), asked()))
    assert [piece.at for piece in found.response.pieces] == [2000.0]


TWO_CHOICES = """---
rechat: {api: anthropic.messages}
---

### user

> Hello

### assistant

> Hi!

```yaml
id: msg_1
```

### assistant, choice 2

> Ho!
"""


def ask_for_two_choices(folder: Path, *, stream: bool = False) -> Answered:
    (folder / "a.md").write_text(TWO_CHOICES)
    question = [{"role": "user", "content": "Hello"}]
    body = {"model": "m", "max_tokens": 5, "messages": question, "stream": stream}
    http = HttpRequest("POST", "/v1/messages", "", (), json.dumps(body).encode())
    return said(answered(endpoint(folder), Asked(http, "", True, 0.0)))


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_that_cannot_be_said_is_a_failure_with_its_place(
    folder: Path, stream: bool
) -> None:
    failed = ask_for_two_choices(folder, stream=stream)
    place = f"{(folder / 'a.md').as_posix()}:9"
    assert failed.response.status == 500
    assert header(failed.response.headers, "x-should-retry") == "false"
    assert header(failed.response.headers, "x-rechat") == "failed"
    error = json.loads(failed.response.body)["error"]
    assert error["message"].startswith(f"rechat: {place} cannot be served: 2 choices")
    assert (failed.entry.verdict, failed.entry.place) == ("failed", place)
    assert not failed.is_stable


def test_answering_never_raises(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = endpoint(mine.parent, "record")

    def stumble(*_: object) -> None:
        raise KeyError("n")

    monkeypatch.setattr(Session, "decide_at_once", stumble)
    failed = said(answered(served, asked()))
    assert (failed.response.status, failed.entry.verdict) == (500, "failed")
    assert failed.entry.reason.startswith("KeyError: 'n' (rechat/answering/endpoint.py:")


def test_a_miss_is_explained_on_the_thread_of_the_store(mine: Path) -> None:
    served = endpoint(mine.parent)
    later = served.ask(asked(text="Hallo"))
    assert isinstance(later, Later)
    found = said(asyncio.run(served.finish(later)))
    assert found.entry.miss
    assert found.entry.miss.nearest


def test_a_failure_while_a_miss_is_explained_is_an_answer(
    mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = endpoint(mine.parent)
    monkeypatch.setattr(Index, "nearest", lambda *_: 1 // 0)
    failed = said(answered(served, asked(text="Hallo")))
    assert (failed.response.status, failed.entry.verdict) == (500, "failed")


def test_a_hit_in_a_file_that_memory_has_let_go_of_does_not_wait_for_the_store(
    folder: Path,
) -> None:
    """The store's own thread is busy all the time; the file is read beside it."""
    for name, text in (("a", "Hello"), ("b", "Bye")):
        (folder / f"{name}.md").write_text(f"### user\n\n> {text}\n\n### assistant\n\n> {name}\n")
    store = Store([folder], limit=0)
    store.load()
    store.answer_here()
    served = Endpoint(Session(store.index, "replay"), store)
    found = asyncio.run(while_the_store_is_busy(served, served.answer(asked())))
    assert header(said(found).response.headers, "x-rechat-transcript").endswith("a.md:5")


def test_a_file_that_was_edited_after_memory_let_it_go_is_read_by_the_store(folder: Path) -> None:
    path = folder / "a.md"
    path.write_text("### user\n\n> Hello\n\n### assistant\n\n> Old\n")
    (folder / "b.md").write_text("### user\n\n> Bye\n\n### assistant\n\n> b\n")
    store = Store([folder], limit=0)
    store.load()
    store.answer_here()
    path.write_text("### user\n\n> Hello\n\n### assistant\n\n> New\n")
    served = Endpoint(Session(store.index, "replay"), store)
    assert b"New" in said(answered(served, asked())).response.body


async def while_the_store_is_busy[T](served: Endpoint, work: Awaitable[T]) -> T:
    loop, has_begun, is_over = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def hold() -> None:
        loop.call_soon_threadsafe(has_begun.set)
        is_over.wait()

    busy = asyncio.ensure_future(served.thread.run(hold))
    await has_begun.wait()
    try:
        return await work
    finally:
        assert not busy.done()
        is_over.set()
        await busy


def test_what_was_recorded_before_saving_failed_can_still_be_gone_on_from(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = endpoint(folder, "record")
    sent = answered(served, asked())
    assert isinstance(sent, Sent)
    seen: list[object] = []
    monkeypatch.setattr(Session, "answered", lambda _, request, __: seen.append(request))
    monkeypatch.setattr(Store, "save", lambda *_, **__: 1 // 0)
    assert received(served, sent, completion("Hi!")).verdict == "failed"
    assert seen == [sent.request]


def test_a_miss_names_the_broken_file_first(folder: Path) -> None:
    (folder / "a.md").write_text("### user\n\n> Hello\n\n### asistant\n\n> Hi!\n")
    (folder / "b.md").write_text("### user\n\n> Goodbye\n\n### assistant\n\n> Bye!\n")
    found = said(answered(endpoint(folder), asked()))
    error = json.loads(found.response.body)["error"]
    start = f"rechat: no transcript answers this request of m: {folder}/a.md:5 cannot be read: "
    assert error["message"].startswith(start)
    assert f"; nearest {folder}/b.md" in error["message"]
    assert found.entry.reason.startswith(f"{folder}/a.md:5 cannot be read: ")


class TestEdited:
    """A file that was edited a moment ago, and is not read again yet."""

    EDITED = "### user\n\n> Hello\n\n### assistant\n\n> Edited!\n"

    def edited(self, mine: Path, policy: Policy = "replay") -> tuple[Endpoint, Store]:
        store = Store([mine.parent])
        store.load()
        served = Endpoint(Session(store.index, policy), store)
        before = served.version
        mine.write_text(self.EDITED)
        store.news.come([mine])
        assert served.version != before
        return served, store

    def read_again(self, mine: Path, policy: Policy = "replay") -> str:
        """What a request gets that was asked in between, once the file is read again."""
        served, store = self.edited(mine, policy)

        async def ask() -> Answered | Sent | Held:
            later = served.ask(asked())
            assert isinstance(later, Later)
            finished = asyncio.ensure_future(served.finish(later))
            await asyncio.sleep(0)
            read = store.news.told
            store.reload(mine)
            store.news.taken_in(read)
            return await finished

        return said(asyncio.run(ask())).response.body.decode()

    @pytest.mark.parametrize("policy", ["replay", "record"])
    def test_gives_no_answer_that_it_had_before(self, mine: Path, policy: Policy) -> None:
        assert "Edited!" in self.read_again(mine, policy)

    def test_is_waited_for_by_a_replay_before_a_miss_is_told(self, folder: Path) -> None:
        assert "Edited!" in self.read_again(folder / "new.md")

    def test_keeps_no_recording_from_other_files(self, mine: Path) -> None:
        served, _ = self.edited(mine, "record")
        assert isinstance(served.ask(asked(text="Something else")), Sent)

    def test_that_was_read_meanwhile_is_served_though_the_store_is_busy(self, mine: Path) -> None:
        served, store = self.edited(mine)
        later = served.ask(asked())
        assert isinstance(later, Later)
        store.reload(mine)
        store.news.taken_in(store.news.told)
        found = asyncio.run(while_the_store_is_busy(served, served.finish(later)))
        assert "Edited!" in said(found).response.body.decode()

    def test_that_is_never_read_is_served_as_it_was(
        self, mine: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("rechat.answering.reloading._PATIENCE", 0.0)
        served, _ = self.edited(mine)
        assert "Edited!" not in said(answered(served, asked())).response.body.decode()
