"""What becomes of an upstream's answer: saved or not, the journal says which."""

import json
from pathlib import Path

import pytest

from rechat.answering.outcome import Asked
from rechat.answering.outcome import Sent
from rechat.answering.outcome import read_request
from rechat.answering.recorder import Recorder
from rechat.answering.recorder import failed
from rechat.dialects import dialect_of
from rechat.store import folder as store_folder
from rechat.store.folder import Store
from rechat.store.sidecars import Sidecars
from rechat.values.http import HttpRequest
from rechat.values.http import HttpResponse

BODY = json.dumps({"model": "m", "messages": [{"role": "user", "content": "Hello"}]}).encode()
HTTP = HttpRequest("POST", "/v1/chat/completions", "", (), BODY)


def sent(*, saves: bool = True) -> Sent:
    dialect = dialect_of(HTTP.method, HTTP.path)
    request, reason = read_request(dialect, HTTP)
    asked = Asked(HTTP, "", is_ours=True, started=0.0)
    return Sent(asked, dialect, request, saves=saves, reason=reason)


def completion(text: str) -> HttpResponse:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    body = json.dumps({"id": "1", "choices": [choice]}).encode()
    return HttpResponse.whole(200, (("content-type", "application/json"),), body)


@pytest.fixture
def recorder(folder: Path) -> Recorder:
    return Recorder(Store([folder]), lambda _: None, replaces=False, takes=1)


def test_an_answer_is_saved_once(recorder: Recorder, folder: Path) -> None:
    entry, answer = recorder.take_in(sent(), lambda: completion("Hi!"), is_upgrade=False)
    assert (entry.verdict, entry.answer) == ("recorded", answer)
    assert [path.as_posix() for path in folder.glob("*.md")] == [entry.place.rpartition(":")[0]]
    entry, _ = recorder.take_in(sent(), lambda: completion("Hi!"), is_upgrade=False)
    assert (entry.verdict, entry.reason) == ("forwarded", "the transcripts say the same")


def test_what_is_not_to_be_saved_is_read_all_the_same(recorder: Recorder, folder: Path) -> None:
    entry, answer = recorder.take_in(sent(saves=False), lambda: completion("Hi!"), is_upgrade=False)
    assert (entry.verdict, entry.place) == ("forwarded", "")
    assert answer
    assert list(folder.glob("*.md")) == []


def test_a_disk_that_says_no_is_told_in_plain_words_until_it_takes_answers_again(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, *_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", path.as_posix())

    with monkeypatch.context() as patch:
        patch.setattr(store_folder, "write_atomic", full)
        entry, answer = recorder.take_in(sent(), lambda: completion("Hi!"), is_upgrade=False)
    assert (entry.verdict, entry.reason) == ("failed", "not saved: the disk is full")
    assert recorder.trouble == "the disk is full"
    assert answer
    recorder.take_in(sent(), lambda: completion("Hi!"), is_upgrade=False)
    assert recorder.trouble == ""


def test_a_sidecar_that_cannot_be_written_does_not_undo_the_transcript(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sidecars, "keep", lambda *_: 1 // 0)
    entry, _ = recorder.take_in(sent(), lambda: completion("Hi!"), is_upgrade=False)
    assert entry.verdict == "recorded"
    assert entry.reason.startswith("saved without its bytes: ZeroDivisionError")


def test_bytes_are_not_searched_for_credentials(
    recorder: Recorder, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rechat.answering.recorder.secrets_in", lambda _: 1 // 0)
    head = (("content-type", "audio/mpeg"),)
    asked = HttpRequest("GET", "/v1/files/f/content", "")
    dialect = dialect_of(asked.method, asked.path)
    request, _ = read_request(dialect, asked)
    of_file = Sent(
        Asked(asked, "", is_ours=True, started=0.0), dialect, request, saves=True, reason=""
    )
    whole = HttpResponse.whole(200, head, bytes(range(256)))
    entry, _ = recorder.take_in(of_file, lambda: whole, is_upgrade=False)
    assert entry.verdict == "recorded"
    assert entry.reason == ""


def test_what_broke_off_is_told(recorder: Recorder) -> None:
    def broken() -> HttpResponse:
        raise ValueError("the answer was truncated")

    entry, answer = recorder.take_in(sent(), broken, is_upgrade=False)
    assert (entry.verdict, entry.reason) == ("failed", "not saved: the answer was truncated")
    assert answer is None
    assert failed(sent(saves=False), "gone").reason == "gone"


def test_an_upgrade_is_not_read(recorder: Recorder) -> None:
    entry, answer = recorder.take_in(sent(), lambda: HttpResponse(101), is_upgrade=True)
    assert (entry.verdict, answer) == ("forwarded", None)
