"""One connection, bytes in and bytes out: whatever way the requests are cut, the answers are the
same."""

import json
from pathlib import Path
from typing import Any

import pytest
from clients import client_of
from hypothesis import given
from hypothesis import strategies as st

from rechat.answering.endpoint import Endpoint
from rechat.answering.outcome import Later
from rechat.answering.outcome import Sent
from rechat.answering.pace import Pace
from rechat.answering.policy import Session
from rechat.observe.entry import JournalEntry
from rechat.proxy.access import Access
from rechat.proxy.access import Address
from rechat.proxy.hits.connection import HitConnection
from rechat.proxy.hits.connection import Output
from rechat.proxy.hits.shared import Hits
from rechat.proxy.upstreams.router import Router
from rechat.proxy.upstreams.upstream import parse_upstream
from rechat.store.folder import Store
from rechat.store.placement import Recording
from rechat.values.conversation import Answer
from rechat.values.conversation import Choice
from rechat.values.conversation import Message
from rechat.values.conversation import Policy
from rechat.values.conversation import Request

FOLDER = Path(__file__).parent / "transcripts"


class Rig:
    """A connection over a folder, and what was reported."""

    def __init__(self, folder: Path, policy: Policy = "replay", pace: Pace | None = None) -> None:
        self.entries: list[JournalEntry] = []
        self.store = Store([folder])
        self.store.load()
        endpoint = Endpoint(Session(self.store.index, policy), self.store, pace)
        report = lambda entry, _: self.entries.append(entry)  # noqa: E731
        router = Router([parse_upstream("http://upstream:81")])
        self.hits = Hits(endpoint, Access("localhost"), router, report)
        self.connection = self.connect()

    def connect(self, destination: Address | None = None) -> HitConnection:
        return HitConnection(self.hits, destination, client_of("regular"))

    def send(self, *pieces: bytes) -> Output:
        """What comes of some pieces, together."""
        outs = [self.connection.receive(piece) for piece in pieces]
        last = outs[-1]
        return Output(
            b"".join(out.send for out in outs), last.hand_over, last.sent, last.wake_in, last.closes
        )

    @property
    def verdicts(self) -> list[str]:
        return [entry.verdict for entry in self.entries]


def body(text: str = "Hello", **more: Any) -> bytes:
    return json.dumps(
        {"model": "m", "messages": [{"role": "user", "content": text}], **more}
    ).encode()


def request(content: bytes = body(), *headers: str, path: str = "/v1/chat/completions") -> bytes:
    lines = [f"POST {path} HTTP/1.1", "host: localhost:8910", f"content-length: {len(content)}"]
    return "\r\n".join([*lines, *headers, "", ""]).encode() + content


def chunked(content: bytes, size: int) -> bytes:
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    head = b"POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n"
    return head + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def one(out: Output) -> tuple[int, str, dict[str, str]]:
    ((status, content, headers),) = _all(out.send)
    value = json.loads(content)
    return (
        status,
        value["choices"][0]["message"]["content"] if status == 200 else value["error"]["message"],
        headers,
    )


def _all(data: bytes) -> list[tuple[int, bytes, dict[str, str]]]:
    found = []
    while data:
        head, _, rest = data.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:])
        length = int(headers["content-length"])
        found.append((int(lines[0].split()[1]), rest[:length], headers))
        data = rest[length:]
    return found


def test_a_hit_is_answered_with_its_place(mine: Path) -> None:
    rig = Rig(mine.parent)
    out = rig.send(request())
    assert one(out)[:2] == (200, "Hi!")
    assert one(out)[2]["x-rechat"] == "hit"
    assert one(out)[2]["x-rechat-transcript"] == f"{mine}:7"
    assert rig.verdicts == ["hit"]
    assert not rig.connection.is_busy


@given(st.data())
def test_a_request_may_be_cut_anywhere_and_others_may_follow_it(data: st.DataObject) -> None:
    rig = Rig(FOLDER)
    raw = b"".join(
        data.draw(st.sampled_from([request(), request(body("Bye")), chunked(body(), 7)]))
        for _ in range(3)
    )
    cuts = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=9)))
    pieces = [raw[a:b] for a, b in zip([0, *cuts], [*cuts, len(raw)], strict=True)]
    out = rig.send(*(piece for piece in pieces if piece))
    said = [
        json.loads(content)["choices"][0]["message"]["content"] for _, content, _ in _all(out.send)
    ]
    assert said == ["Bye!" if b"Bye" in part else "Hi!" for part in raw.split(b"POST")[1:]]
    assert (out.hand_over, rig.connection.is_busy) == (b"", False)


def test_the_same_bytes_are_answered_from_memory_until_the_store_changes(mine: Path) -> None:
    rig = Rig(mine.parent)
    for headers in ((), ("x-trace: 1",), ("x-trace: 2",), (), ("x-trace: 1",)):
        assert one(rig.send(request(body(), *headers)))[1] == "Hi!"
    assert rig.verdicts == ["hit"] * 5
    mine.write_text(mine.read_text().replace("Hi!", "Edited"))
    rig.store.reload(mine)
    assert one(rig.send(request()))[1] == "Edited"


def test_answers_that_others_go_on_from_are_remembered_until_their_id_means_something_else(
    tmp_path: Path,
) -> None:
    store = Store([tmp_path])
    for question, answer in (("Hi", "First."), ("Hello", "Second.")):
        opening = (Message("user", question), Message("assistant", "Ho"), Message("user", "More"))
        for messages, name, text in ((opening[:1], "same", "Ho"), (opening, answer, answer)):
            asked = Request({"model": "m"}, messages, api="openai.responses", follows="")
            said_so = Answer((Choice(Message("assistant", text)),), {"id": name})
            store.save(Recording(asked, said_so))
    rig = Rig(tmp_path)

    def raw(text: str, **more: str) -> bytes:
        content = json.dumps({"model": "m", "input": text, **more}).encode()
        return request(content, path="/v1/responses")

    def said(data: bytes) -> dict[str, Any]:
        ((_, content, _),) = _all(rig.send(data).send)
        value: dict[str, Any] = json.loads(content)
        return value

    def text_of(value: dict[str, Any]) -> str:
        return str(value["output"][0]["content"][0]["text"])

    more = raw("More", previous_response_id="same")
    for _ in range(3):
        assert said(raw("Hi"))["id"] == "same"
        assert text_of(said(more)) == "First."
    assert rig.hits.remembered(None, raw("Hi"))
    assert rig.hits.remembered(None, more)
    assert said(raw("Hello"))["id"] == "same"
    assert text_of(said(more)) == "Second."
    assert said(raw("Hi"))["id"] == "same"
    assert text_of(said(more)) == "First."


def test_takes_are_not_remembered(folder: Path) -> None:
    (folder / "two.md").write_text(
        "### user\n\n> Hello\n\n### assistant\n\n> 1\n\n### assistant, take 2\n\n> 2\n"
    )
    rig = Rig(folder)
    assert [one(rig.send(request()))[1] for _ in range(3)] == ["1", "2", "2"]
    other = request(body(), "x-rechat-session: b")
    assert [one(rig.send(other))[1] for _ in range(2)] == ["1", "2"]


def test_a_miss_in_replay_is_handed_over_to_be_explained(mine: Path) -> None:
    rig = Rig(mine.parent)
    missed = request(body("Hallo"))
    out = rig.send(missed)
    assert (out.send, out.hand_over) == (b"", missed)
    assert isinstance(out.sent, Later)


def test_a_miss_is_handed_over_in_record_with_what_was_read_and_all_that_follows(
    mine: Path,
) -> None:
    rig = Rig(mine.parent, "record")
    missed = request(body("Hallo"))
    out = rig.send(request() + missed + request())
    assert [status for status, _, _ in _all(out.send)] == [200]
    assert out.hand_over == missed + request()
    assert isinstance(out.sent, Sent)
    assert (out.sent.saves, out.sent.asked.http.body) == (True, body("Hallo"))
    assert rig.verdicts == ["hit"]
    assert not rig.connection.is_busy


@pytest.mark.parametrize(
    "raw",
    [
        request().replace(b"localhost", b"evil.example"),
        request(body(), "origin: http://evil.example"),
        request(body(), "connection: close"),
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.1\nhost: localhost\n\n",
        request().replace(b"\r\n\r\n", b"\n\r\n"),
        request().replace(b"\r\n\r\n", b"\r\n\n"),
        b"PRI * HTTP/2.0\r\n\r\n",
        chunked(body(), 9).replace(b"\r\n0\r\n", b"\r\nzero\r\n"),
    ],
)
def test_what_is_not_plain_is_handed_over_as_it_came(mine: Path, raw: bytes) -> None:
    rig = Rig(mine.parent)
    cut = min(20, len(raw) - 1)
    out = rig.send(raw[:cut], raw[cut:])
    assert (out.send, out.hand_over, out.sent) == (b"", raw, None)
    assert (rig.entries, rig.connection.is_busy) == ([], False)


def test_a_client_is_asked_for_the_body_that_it_holds_back_once(mine: Path) -> None:
    rig = Rig(mine.parent, "record")
    raw = request(body("Hallo"), "Expect: 100-continue")
    at = raw.index(b"\r\n\r\n") + 4
    assert rig.send(raw[:at]).send == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert rig.send(raw[at : at + 5]).send == b""
    out = rig.send(raw[at + 5 :])
    assert out.hand_over == raw.replace(b"\r\nExpect: 100-continue", b"")
    assert one(rig.send(request(body(), "Expect: 100-continue")))[1] == "Hi!"


class Clock:
    """Time as the test sets it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr("rechat.proxy.hits.connection.time.perf_counter", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_pieces_leave_when_they_are_due_and_the_next_request_waits(
    mine: Path, clock: Clock
) -> None:
    mine.write_text(mine.read_text().replace("Hi!", "One two three."))
    rig = Rig(mine.parent, pace=Pace(10, 0.5))
    first = rig.send(request(body(stream=True)))
    assert first.send == b""
    assert first.wake_in == pytest.approx(0.5)
    assert rig.send(request()).send == b""
    clock.now += 0.5
    out = rig.connection.wake()
    assert out.send.startswith(b"HTTP/1.1 200 OK\r\n")
    assert out.send.count(b"data: ") == 2  # the event that opens the answer takes no time
    assert out.wake_in == pytest.approx(0.1)
    clock.now += 0.25  # late: what was due meanwhile leaves together, and the next on time
    out = rig.connection.wake()
    assert out.send.count(b"data: ") == 2
    assert out.wake_in == pytest.approx(0.05)
    assert rig.entries == []
    clock.now += 60
    out = rig.connection.wake()
    assert out.send.endswith(b"data: [DONE]\n\n")
    assert rig.verdicts == ["hit"]
    assert out.wake_in == pytest.approx(0.9)  # the request that waited is not streamed: four tokens
    clock.now += 1
    assert one(rig.connection.wake())[1] == "One two three."
    assert rig.verdicts == ["hit", "hit"]


def test_a_client_that_leaves_is_told(mine: Path, clock: Clock) -> None:
    rig = Rig(mine.parent, pace=Pace(10))
    rig.send(request(body(stream=True)))
    clock.now += 0.1
    assert rig.connection.leave() == b""
    assert [entry.reason for entry in rig.entries] == ["the client left"]
    assert not rig.connection.is_busy


def test_half_a_request_is_given_back_when_the_client_leaves(mine: Path) -> None:
    rig = Rig(mine.parent)
    rig.send(request()[:30])
    assert rig.connection.leave() == request()[:30]


def fault(folder: Path, kind: str) -> Rig:
    (folder / "fault.md").write_text(f"### user\n\n> Hello\n\n### error {kind}\n\n> Well, well\n")
    return Rig(folder)


def test_a_reset_closes(folder: Path) -> None:
    out = fault(folder, "reset").send(request())
    assert (out.send, out.closes) == (b"", True)


def test_a_cut_closes_after_part_of_what_was_promised(folder: Path) -> None:
    out = fault(folder, "cut after 4").send(request())
    head, _, content = out.send.partition(b"\r\n\r\n")
    assert out.closes
    assert f"content-length: {len(content) + 1}" in head.decode()


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"x" * 70_000, 431),
        (request().replace(b"\r\n\r\n", b"\r\na: b" * 4_000 + b"\r\n\r\n"), 431),
        (b"PUT /a HTTP/1.1\r\nhost: localhost\r\ncontent-length: 99999999999\r\n\r\n{", 413),
    ],
)
def test_what_is_too_large_is_refused_and_the_rest_is_left_unread(
    mine: Path, raw: bytes, status: int
) -> None:
    rig = Rig(mine.parent)
    out = rig.send(raw)
    assert out.send.startswith(b"HTTP/1.1 %d " % status)
    assert b"\r\nconnection: close\r\n" in out.send
    assert (out.hand_over, rig.send(request()), rig.connection.leave()) == (b"", Output(), b"")
    assert [entry.verdict for entry in rig.entries] == ["failed"]


def test_a_timeout_says_nothing_more(folder: Path) -> None:
    rig = fault(folder, "timeout")
    assert rig.send(request(), request()) == Output()
    assert rig.connection.is_busy
    assert rig.connection.leave() == b""
    assert rig.verdicts == ["hit"]


def test_other_hosts_are_answered_by_what_they_speak(mine: Path) -> None:
    rig = Rig(mine.parent)
    rig.connection = rig.connect(("api.openai.com", 443))
    assert one(rig.send(request().replace(b"localhost:8910", b"api.openai.com")))[1] == "Hi!"
    out = rig.send(request(b"{}", path="/v1/files"))
    assert "hosts other than the upstreams" in one(out)[1]


def test_a_failure_is_an_answer_and_what_came_before_is_kept(
    mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = Rig(mine.parent)
    ask = rig.hits.ask

    def stumble(head: Any, raw: bytes, content: bytes, host: Any) -> Any:
        if b"Bye" in content:
            raise KeyError("n")
        return ask(head, raw, content, host)

    monkeypatch.setattr(rig.hits, "ask", stumble)
    out = rig.send(request() + request(body("Bye")))
    first, second = _all(out.send)
    assert (first[0], second[0], second[2]["x-rechat"]) == (200, 500, "failed")
    assert out.closes
    assert rig.verdicts == ["hit", "failed"]
