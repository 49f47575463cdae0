"""Hand-written answers that a client would get as something else are refused; recordings are not."""

from pathlib import Path

import pytest
from stored import store_of

from rechat.format import parse
from rechat.store.handwritten import check
from rechat.values.errors import TranscriptError

OBJECT = '### user\n\n> Hi\n\n### assistant\n\n```json\n{"a": 1}\n```\n'


def test_an_object_as_an_answer_is_refused() -> None:
    with pytest.raises(TranscriptError) as caught:
        check(parse(OBJECT))
    assert caught.value.code == "text-expected"


def test_a_store_serves_such_an_answer_only_if_an_api_sent_it(folder: Path) -> None:
    (folder / "mine.md").write_text(OBJECT)
    (folder / "recorded.md").write_text(OBJECT + "\n```yaml\nid: chatcmpl-1\n```\n")
    store = store_of(folder)
    assert {name: one.code for name, one in store.problems.items()} == {
        (folder / "mine.md").as_posix(): "text-expected"
    }
    assert list(store.index.paths) == [(folder / "recorded.md").as_posix()]
