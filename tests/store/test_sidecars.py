"""The wire detail of answers, and which answer it belongs to."""

from pathlib import Path

import pytest
from stored import answer
from stored import asked
from stored import store_of

from rechat.store.folder import Store
from rechat.store.known import Saved
from rechat.store.placement import Recording
from rechat.values.http import HttpResponse


def test_wire_detail_belongs_to_the_answer_it_was_kept_for(folder: Path) -> None:
    store = store_of(folder)
    response = HttpResponse.whole(200, (), b"{}")
    saved = store.save(Recording(asked("Hi"), answer("Hello"), wire=response))
    assert saved
    assert saved.answer
    assert store.wire(saved.place, "plain", saved.answer) == response
    assert store.wire(saved.place, "stream", saved.answer) is None
    assert store.wire(saved.place, "plain", answer("Edited")) is None
    [sidecar] = (folder / ".wire").glob("*.plain")
    sidecar.write_text("damaged")
    assert store.wire(saved.place, "plain", saved.answer) is None


def test_equal_answers_in_other_bytes_have_each_their_own(folder: Path) -> None:
    """In two files, and twice in one."""
    store = store_of(folder)
    asked_of = [asked("Hi"), asked("Hey"), asked("Hi", "Hello", "Hi again")]
    responses = [HttpResponse.whole(200, (), b"{" + b" " * n + b"}") for n in range(3)]
    saved = [
        store.save(Recording(request, answer("Hello"), wire=response))
        for request, response in zip(asked_of, responses, strict=True)
    ]
    fresh = store_of(folder)
    for one, response in zip(saved, responses, strict=True):
        assert one
        assert one.answer
        assert fresh.wire(one.place, "plain", one.answer) == response


def keep(store: Store, text: str, body: bytes) -> tuple[Saved, HttpResponse]:
    response = HttpResponse.whole(200, (), body)
    saved = store.save(Recording(asked(text), answer("Hello"), wire=response))
    assert saved
    return saved, response


@pytest.mark.parametrize("is_one_of_two", [False, True], ids=["one", "one of two"])
def test_wire_detail_is_found_when_a_transcript_was_moved_into_a_folder(
    folder: Path, *, is_one_of_two: bool
) -> None:
    store = store_of(folder)
    if is_one_of_two:
        keep(store, "Hi", b"{ }")
    saved, response = keep(store, "Hey", b"{}")
    path = Path(saved.place.rpartition(":")[0])
    (folder / "set" / "deep").mkdir(parents=True)
    moved = path.rename(folder / "set" / "deep" / path.name)
    fresh = store_of(folder)
    place = saved.place.replace(path.as_posix(), moved.as_posix())
    assert saved.answer
    assert fresh.wire(place, "plain", saved.answer) == response
    assert store_of(moved.parent).wire(place, "plain", saved.answer) is None


def test_equal_answers_in_equal_bytes_share_them(folder: Path) -> None:
    store = store_of(folder)
    for text in ("Hi", "Hey"):
        wire = HttpResponse.whole(200, (), b"{}")
        assert store.save(Recording(asked(text), answer("Hello"), wire=wire))
    assert len(list((folder / ".wire").rglob("*.plain"))) == 1
