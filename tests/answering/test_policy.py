"""All decisions, without a socket."""

import json
from typing import Literal

import pytest
from conversations import ONE
from conversations import TAKES
from conversations import ask
from conversations import index_of

from rechat.answering.policy import Forward
from rechat.answering.policy import Refuse
from rechat.answering.policy import Serve
from rechat.answering.policy import Session
from rechat.answering.policy import with_holes
from rechat.answering.takes import Room
from rechat.dialects.raw import Raw
from rechat.index.index import Index
from rechat.values.conversation import Answer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Fault
from rechat.values.conversation import Media
from rechat.values.conversation import Message
from rechat.values.conversation import Policy
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Refusal
from rechat.values.conversation import Text
from rechat.values.http import HttpRequest

BLANK = "### user\n\n> Hi\n\n### assistant\n"


@pytest.mark.parametrize(
    ("policy", "on_hit", "on_miss"),
    [
        ("record", Serve, Forward(saves=True)),
        ("replay", Serve, Refuse),
        ("rerecord", Forward, Forward(saves=True)),
        ("live", Forward, Forward(saves=False)),
    ],
)
def test_each_policy_does_its_own(policy: Policy, on_hit: type, on_miss: object) -> None:
    session = Session(index_of(a=ONE), policy)
    assert isinstance(session.decide(ask("Hi")), on_hit)
    missed = session.decide(ask("Hello"))
    if isinstance(missed, Forward):
        assert isinstance(on_miss, Forward)
        assert missed.saves is on_miss.saves
    else:
        assert isinstance(missed, Refuse)


def test_a_client_with_a_name_has_what_others_recorded_before_it_records_more() -> None:
    session = Session(index_of(a=ONE), "record", takes=3)
    assert isinstance(session.decide(ask("Hi"), "a"), Serve)
    assert session.decide(ask("Hi"), "a") == Forward(saves=True, room=Room(2, 0))
    assert isinstance(session.decide(ask("Hi"), "b"), Serve)
    assert session.decide(ask("Hi")) == Forward(saves=True, room=Room(2))


def test_what_a_client_recorded_is_one_of_its_takes() -> None:
    session = Session(index_of(a=TAKES.format("last")), "record", takes=2)
    session.recorded(ask("Hi"), "")
    served = session.decide(ask("Hi"))
    assert isinstance(served, Serve)
    assert served.reply.take == 2


@pytest.mark.parametrize("policy", ["record", "rerecord"])
def test_what_was_just_recorded_is_served_whatever_the_policy(policy: Policy) -> None:
    session = Session(index_of(a=ONE), policy)
    assert isinstance(session.decide_recorded(ask("Hi")), Serve)
    assert session.decide_recorded(ask("Hello")) is None


def test_recording_goes_on_until_there_are_enough_takes() -> None:
    session = Session(index_of(a=ONE), "record", takes=2)
    assert session.decide(ask("Hi")) == Forward(saves=True, room=Room(1))
    assert isinstance(
        Session(index_of(a=TAKES.format("last")), "record", takes=2).decide(ask("Hi")), Serve
    )


def test_a_blank_is_forwarded_while_recording_and_refused_in_replay() -> None:
    assert isinstance(Session(index_of(a=BLANK), "record").decide(ask("Hi")), Forward)
    refused = Session(index_of(a=BLANK), "replay").decide(ask("Hi"))
    assert isinstance(refused, Refuse)
    assert refused.message.endswith("the answer in a.md:5 is still empty")


def test_nothing_is_served_by_similarity_unless_asked_for() -> None:
    index = index_of(a=ONE.replace("> Hi", "> a\n> b\n> c\n> d"))
    near = ask("a\nb\nc\nx")
    assert isinstance(Session(index, "replay").decide(near), Refuse)
    served = Session(index, "replay", fuzzy=0.7).decide(near)
    assert isinstance(served, Serve)
    assert served.hit.rule == "fuzzy 0.71"
    assert isinstance(Session(index, "replay", fuzzy=0.9).decide(near), Refuse)


def test_a_hit_says_where_it_stands_and_whether_it_is_verbatim() -> None:
    served = Session(index_of(a=ONE), "replay").decide(ask("Hi"))
    assert isinstance(served, Serve)
    assert (served.place, served.is_verbatim) == ("a.md:5", True)
    hole = "### user, like\n\n> I am {{n}}\n\n### assistant\n\n> Hi {{n}}\n"
    filled = Session(index_of(a=hole), "replay").decide(ask("I am Bo"))
    assert isinstance(filled, Serve)
    assert not filled.is_verbatim


def test_a_refusal_is_one_line_with_the_model_and_the_reason() -> None:
    refused = Session(index_of(a=ONE), "replay").decide(ask("Hello\nthere", model="gpt-5"))
    assert isinstance(refused, Refuse)
    assert refused.message == (
        "rechat: no transcript answers this request of gpt-5: "
        'nearest a.md:5: the user message (message 1 of 1) differs in line 1: transcript "Hi" ≠ request "Hello"'
    )
    empty = Session(Index(), "replay").decide(ask("Hi"))
    assert isinstance(empty, Refuse)
    assert empty.message.endswith("there is no transcript for this API yet")


def test_holes_are_filled_in_all_texts_of_an_answer() -> None:
    parts = (Reasoning("{{a}}?"), Call("f", "c", '{"x": "{{a}}"}'))
    filled = with_holes(Answer((Choice(Message("assistant", "{{a}} {{b}}", parts)),)), {"a": "1"})
    assert isinstance(filled, Answer)
    assert filled.choices[0].message == Message(
        "assistant", "1 {{b}}", (Reasoning("1?"), Call("f", "c", '{"x": "1"}'))
    )
    assert with_holes(Fault("cut", 3, "{{a}}"), {"a": "1"}) == Fault("cut", 3, "1")


def test_a_hole_in_the_arguments_of_a_call_leaves_them_json() -> None:
    def filled(kind: Literal["function", "custom"]) -> str:
        parts = (Call("f", "c", '{"x": "{{a}}"}', kind),)
        answer = with_holes(Answer((Choice(Message("assistant", None, parts)),)), {"a": 'say "hi"'})
        assert isinstance(answer, Answer)
        return answer.choices[0].message.parts_of(Call)[0].arguments

    assert json.loads(filled("function")) == {"x": 'say "hi"'}
    assert filled("custom") == '{"x": "say "hi""}'


def test_holes_are_filled_in_errors_and_raw_bodies() -> None:
    body = {"error": {"message": "no {{a}}", "codes": ["{{a}}", 1, None]}}
    expected = {"error": {"message": "no 1", "codes": ["1", 1, None]}}
    assert with_holes(ErrorAnswer(400, body), {"a": "1"}) == ErrorAnswer(400, expected)
    assert with_holes(RawAnswer(body), {"a": "1"}) == RawAnswer(expected)


def test_likeness_serves_no_blank() -> None:
    session = Session(index_of(a=BLANK.replace("Hi", "Hi there")), "replay", fuzzy=0.1)
    assert isinstance(session.decide(ask("Hi there!")), Refuse)


def test_holes_leave_what_is_no_text() -> None:
    parts = (Refusal("no {{a}}"), Media("image", "http://x/{{a}}.png"), Text("{{a}}"))
    filled = with_holes(Answer((Choice(Message("assistant", None, parts)),)), {"a": "1"})
    assert isinstance(filled, Answer)
    assert filled.choices[0].message.parts == (Refusal("no 1"), parts[1], Text("1"))


def test_the_wrong_method_is_told() -> None:
    wrong = Raw().read_request(HttpRequest("GET", "/v1/chat/completions", "", (), b""))
    decision = Session(Index(), "replay").decide(wrong)
    assert isinstance(decision, Refuse)
    assert decision.message.endswith(
        "answers GET /v1/chat/completions: this endpoint takes POST: use POST, not GET"
    )
    other = Raw().read_request(HttpRequest("GET", "/v1/files", "", (), b""))
    decision = Session(Index(), "replay").decide(other)
    assert isinstance(decision, Refuse)
    assert "use POST" not in decision.message


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/v1/chat/completions/", "/v1/chat/completions"),
        ("/proxy/v1/messages/", "/proxy/v1/messages"),
        ("/v1/chat/completion", "/v1/chat/completions"),
        ("/v1/embedding", "/v1/embeddings"),
        ("/v1/moderations", ""),
        ("/v1", ""),
        ("/v1/chat/completion" + "/" * 1_000_000, ""),
    ],
)
def test_a_path_that_is_nearly_that_of_an_endpoint_is_told(path: str, meant: str) -> None:
    wrong = Raw().read_request(HttpRequest("POST", path, "", (), b"{}"))
    decision = Session(Index(), "replay").decide(wrong)
    assert isinstance(decision, Refuse)
    told = f"did you mean {meant}?" if meant else "there is no transcript for this API yet"
    assert decision.message.endswith(told)
