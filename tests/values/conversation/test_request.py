"""What a client asks."""

from rechat.values.conversation import Message
from rechat.values.conversation import Request


def test_a_request_knows_its_model() -> None:
    assert Request({"model": "m"}, ()).model == "m"
    assert Request({"model": 7}, ()).model == ""


def test_the_shape_of_the_answer_is_what_the_api_or_the_stream_says() -> None:
    assert Request({}, ()).shape == "plain"
    assert Request({}, (), stream=True).shape == "stream"
    assert Request({}, (), stream=True, include_usage=True).shape == "stream-usage"
    assert Request({}, (), stream=True, variant="generate").shape == "generate"


def test_what_follows_from_a_request_is_worked_out_once_whatever_the_ids_of_its_calls() -> None:
    asked: list[int] = []
    request = Request({"model": "m"}, (Message("tool", "ok", fields={"tool_call_id": "a"}),))
    other = request.with_ids({"a": "b"}, {"user": "me"})
    for one in (request, other):
        one.once("key", lambda: asked.append(1))
    assert asked == [1]
    assert other.settings == {"model": "m", "user": "me"}
    assert other.messages[0].fields == {"tool_call_id": "b"}
