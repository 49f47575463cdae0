"""Sessions of tests at one server: files, policy, takes and recordings of their own."""

import asyncio
import errno
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from rechat.answering.outcome import Answered
from rechat.answering.outcome import Asked
from rechat.answering.outcome import Sent
from rechat.answering.sessions import Sessions
from rechat.answering.sessions import Use
from rechat.answering.sessions import Wanted
from rechat.store.folder import Store
from rechat.values.conversation import Policy
from rechat.values.errors import RechatError
from rechat.values.http import HttpRequest
from rechat.values.http import HttpResponse

TWO_TAKES = "### user\n\n> Hello\n\n### assistant\n\n> One\n\n### assistant, take 2\n\n> Two\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("a.md").write_text(TWO_TAKES)
    Path("b.md").write_text("### user\n\n> Hello\n\n### assistant\n\n> Of b\n")
    return tmp_path


def text_of(path: str) -> str | None:
    """What a file says; None if there is none."""
    return Path(path).read_text() if Path(path).exists() else None


def asked(client: str, text: str = "Hello") -> Asked:
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": text}]}).encode()
    return Asked(HttpRequest("POST", "/v1/chat/completions", "", (), body), client, True, 0.0)


async def said(sessions: Sessions, client: str, text: str = "Hello") -> str:
    found = await sessions.answer(asked(client, text))
    assert isinstance(found, Answered)
    body = json.loads(found.response.body)
    return str(body["choices"][0]["message"]["content"] if "choices" in body else body["error"])


async def record(sessions: Sessions, client: str, text: str) -> str:
    found = await sessions.answer(asked(client, text))
    assert isinstance(found, Sent)
    message = {"role": "assistant", "content": f"To {text}"}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    headers = (("content-type", "application/json"),)
    response = HttpResponse.whole(200, headers, json.dumps({"choices": [choice]}).encode())
    return (await sessions.received(found, lambda: response)).verdict


def wanted(*paths: str, policy: Policy = "replay", anew: bool = False) -> Wanted:
    return Wanted(paths, policy, begins_anew=anew)


def test_each_session_begins_with_the_first_take() -> None:
    async def run() -> None:
        sessions = Sessions("replay")
        for name in ("one", "two"):
            assert await sessions.open(name, wanted("a.md")) == []
            assert [await said(sessions, name) for _ in range(2)] == ["One", "Two"]
            uses = await sessions.close(name, is_kept=True)
            assert uses == [Use("a.md:5", "", True), Use("a.md:9", "", True)]

    asyncio.run(run())


def test_a_session_that_is_over_stands_for_the_one_that_is_open() -> None:
    async def run() -> None:
        sessions = Sessions("replay")
        await sessions.open("one", wanted("a.md"))
        before = sessions.version
        await sessions.close("one", is_kept=True)
        assert "no test is running" in await said(sessions, "one")
        await sessions.open("two", wanted("b.md"))
        assert await said(sessions, "one") == await said(sessions, "") == "Of b"
        assert sessions.version > before
        await sessions.open("three", wanted("a.md"))
        assert await said(sessions, "two") == "Of b"
        assert "no test is running" in await said(sessions, "one")

    asyncio.run(run())


def test_what_a_session_has_recorded_is_kept_as_sections_of_its_file_or_taken_back() -> None:
    async def run() -> None:
        sessions = Sessions("record")
        await sessions.open("one", wanted("t/new.md", policy="record"))
        assert await record(sessions, "one", "Lisbon") == "recorded"
        assert await record(sessions, "one", "Lisbon: again") == "recorded"
        assert await said(sessions, "one", "Lisbon") == "To Lisbon"
        uses = await sessions.close("one", is_kept=True)
        assert [use.title for use in uses] == ["Lisbon", "Lisbon again"]
        before = text_of("t/new.md")
        assert text_of("t/.gitattributes")
        await sessions.open("two", wanted("t/new.md", policy="record"))
        assert await record(sessions, "two", "Porto") == "recorded"
        await sessions.close("two", is_kept=False)
        assert text_of("t/new.md") == before
        await sessions.open("three", wanted("t/other.md", policy="record"))
        assert await record(sessions, "three", "Porto") == "recorded"
        await sessions.close_all()
        assert text_of("t/other.md") is None

    asyncio.run(run())


def make_old(path: str) -> None:
    old = re.sub('recorded: "[0-9-]+"', 'recorded: "1970-01-01"', Path(path).read_text())
    Path(path).write_text(old)


def test_an_answer_that_is_too_old_is_recorded_again_though_it_says_the_same() -> None:
    async def run() -> None:
        sessions = Sessions("rerecord")
        again = Wanted(("new.md",), "rerecord", max_age=86400)
        for name, verdict in (("one", "recorded"), ("two", "forwarded")):
            await sessions.open(name, again)
            assert await record(sessions, name, "Lisbon") == verdict
            (use,) = await sessions.close(name, is_kept=True)
            assert use.recorded
            assert not use.is_undated
        make_old("new.md")
        await sessions.open("three", again)
        assert await record(sessions, "three", "Lisbon") == "recorded"
        (use,) = await sessions.close("three", is_kept=True)
        assert use.recorded
        assert use.recorded > 2 * 86400

    asyncio.run(run())


def test_a_file_that_is_recorded_from_the_start_comes_back_if_that_fails() -> None:
    async def run() -> None:
        sessions = Sessions("record")
        await sessions.open("one", wanted("a.md", policy="record", anew=True))
        assert text_of("a.md") is None
        await sessions.close("one", is_kept=False)
        assert text_of("a.md") == TWO_TAKES

    asyncio.run(run())


def test_what_arrives_when_a_test_is_over_is_not_saved() -> None:
    async def run() -> None:
        sessions = Sessions("record")
        await sessions.open("one", wanted("new.md", policy="record"))
        found = await sessions.answer(asked("one"))
        assert isinstance(found, Sent)
        await sessions.close("one", is_kept=True)
        entry = await sessions.received(found, lambda: HttpResponse.whole(200, (), b"{}"))
        assert (entry.verdict, entry.reason) == ("failed", "not saved: its test was over")
        assert text_of("new.md") is None

    asyncio.run(run())


def test_a_session_is_refused_that_leads_elsewhere_or_records_where_nobody_does() -> None:
    async def run() -> None:
        sessions = Sessions("replay")
        for path, policy in (("../a.md", "replay"), ("/etc", "replay"), ("a.md", "record")):
            with pytest.raises(RechatError):
                await sessions.open("one", wanted(path, policy=policy))  # type: ignore[arg-type]
        await sessions.open("one", wanted("a.md"))
        with pytest.raises(RechatError, match="open already"):
            await sessions.open("one", wanted("a.md"))
        with pytest.raises(RechatError, match="no session two"):
            await sessions.close("two", is_kept=True)

    asyncio.run(run())


def responses(client: str, **more: str) -> Asked:
    body = json.dumps({"model": "m", **more}).encode()
    return Asked(HttpRequest("POST", "/v1/responses", "", (), body), client, True, 0.0)


@pytest.mark.parametrize("is_answered_here", [True, False], ids=["here", "by an upstream"])
def test_what_only_prepares_is_remembered_in_its_session(is_answered_here: bool) -> None:
    Path("a.md").write_text(
        "### user\n\n> Hello\n\n### user\n\n> More\n\n### assistant\n\n> Both\n"
    )

    async def run() -> None:
        sessions = Sessions("replay")
        await sessions.open("one", wanted("a.md"))
        await sessions.open("two", wanted("a.md"))
        begun = responses("one", input="Hello")
        if is_answered_here:
            name = json.loads(sessions.prepare(begun).body)["id"]
        else:
            name = "resp_1"
            sessions.prepared(begun, name)
        for client, text in (("one", "Both"), ("two", "")):
            more = responses(client, input="More", previous_response_id=name)
            found = await sessions.answer(more)
            assert isinstance(found, Answered)
            assert (found.entry.verdict == "hit") == bool(text)
            assert text in found.response.body.decode()

    asyncio.run(run())


def test_a_session_that_cannot_save_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    async def run() -> None:
        sessions = Sessions("record")
        await sessions.open("one", wanted("new.md", policy="record"))
        assert sessions.trouble == ""
        monkeypatch.setattr(Store, "save", full)
        assert await record(sessions, "one", "Hi") == "failed"
        assert sessions.trouble == "the disk is full"

    asyncio.run(run())


def test_a_session_that_accepts_writes_the_changed_question_and_takes_it_back_if_the_test_fails(
    here: Path,
) -> None:
    text = "### user\n\n> What is the capital of France?\n\n### assistant\n\n> Paris.\n"
    question, changed = (
        "What is the capital of France, please?",
        "> What is the capital of France, ",
    )

    async def run(*, is_kept: bool) -> str:
        sessions = Sessions("replay")
        await sessions.open("one", replace(wanted("c.md"), accepts=True))
        found = await said(sessions, "one", question)
        assert changed in (text_of("c.md") or "")
        await sessions.close("one", is_kept=is_kept)
        return found

    (here / "c.md").write_text(text)
    assert asyncio.run(run(is_kept=False)) == "Paris."
    assert Path("c.md").read_text() == text
    assert asyncio.run(run(is_kept=True)) == "Paris."
    assert changed in Path("c.md").read_text()
