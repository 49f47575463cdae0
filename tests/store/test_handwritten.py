"""Hand-written answers that a client would get as something else are refused; recordings are not."""

import pytest

from rechat.format import parse
from rechat.store.handwritten import check
from rechat.values.errors import TranscriptError

OBJECT = '### user\n\n> Hi\n\n### assistant\n\n```json\n{"a": 1}\n```\n'


def test_an_object_as_an_answer_is_refused_unless_an_api_sent_it() -> None:
    with pytest.raises(TranscriptError) as caught:
        check(parse(OBJECT))
    assert caught.value.code == "text-expected"
    check(parse(OBJECT + "\n```yaml\nid: chatcmpl-1\n```\n"))
