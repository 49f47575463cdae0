import pickle

from asking import questions

from rechat.resend.results.raw import Raw
from rechat.values import Answer

FIRST, _ = questions()
WORDS = b'data: {"choices": [{"index": 0, "delta": {"content": "%s"}}]}\n\n'
END = b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'


def raw(status: int, pieces: tuple[tuple[float, bytes], ...] = (), failure: str = "") -> Raw:
    headers = (("content-type", "text/event-stream"),)
    place = (FIRST.name, FIRST.key, 1, "openai.chat", "small")
    return Raw(*place, 0.5, 30.0, 0.25, 2, 1.0, status, headers, pieces, failure)


def test_the_answer_and_its_times_are_read_where_it_was_sent_to() -> None:
    pieces = ((10.0, WORDS % b"Pa"), (20.0, WORDS % b"ris." + END))
    result = pickle.loads(pickle.dumps(raw(200, pieces))).read()
    assert isinstance(result.answer, Answer)
    assert result.answer.choices[0].message.text == "Paris."
    assert (result.times, result.words) == ((10.0, 20.0), 10.0)
    assert (result.sent, result.ms, result.due, result.tries, result.waited) == (
        0.5,
        30,
        0.25,
        2,
        1,
    )
    assert result.model == "small"


def test_what_failed_has_no_answer() -> None:
    result = raw(0, failure="gone").read()
    assert (result.answer, result.failure, result.times) == (None, "gone", ())
