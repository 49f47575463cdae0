"""One question that is asked once, outside of any run."""

import asyncio

import pytest
from asking import questions
from asking import said
from upstream import Json
from upstream import Upstream

from rechat.resend.sending.once import Inquiry
from rechat.resend.sending.once import Once
from rechat.resend.sending.once import inquiry_of
from rechat.values import RechatError
from rechat.values import Request
from rechat.values import UsageError

REQUEST = questions()[0].request


def ask(inquiry: Inquiry) -> Once:
    return inquiry.compare(asyncio.run(inquiry.ask()))


def table(upstream: Upstream, **more: str) -> dict[str, str]:
    return {"name": "here", "url": f"{upstream.url}/v1"} | more


def test_the_answer_is_compared_with_the_recorded_one(upstream: Upstream) -> None:
    once = ask(inquiry_of(REQUEST, said("Something else."), table(upstream)))
    assert once.kind == "other words"
    assert once.result.is_good
    assert once.result.ms > 0
    [received] = upstream.requests
    assert received.json["model"] == "small"
    assert received.json["messages"][-1]["content"] == "What is the capital of France?"


def test_another_model_is_asked_and_the_name_that_the_upstream_has_for_it(
    upstream: Upstream,
) -> None:
    ask(inquiry_of(REQUEST, None, table(upstream, rename="large")))
    ask(inquiry_of(REQUEST, None, table(upstream, rename="large"), "larger"))
    assert [one.json["model"] for one in upstream.requests] == ["large", "larger"]


def test_another_api_is_asked(upstream: Upstream) -> None:
    once = ask(inquiry_of(REQUEST, None, table(upstream), api="anthropic"))
    assert once.result.api == "anthropic.messages"
    assert once.result.is_good
    assert once.kind == ""


def test_a_failure_is_told(upstream: Upstream) -> None:
    upstream.reply(Json({"error": {"message": "no such model"}}, 404))
    once = ask(inquiry_of(REQUEST, said("Paris."), table(upstream)))
    assert once.kind == "error"
    assert once.told == ("error 404: no such model",)
    nobody = {"name": "gone", "url": "http://127.0.0.1:1/v1"}
    assert "could not be reached" in ask(inquiry_of(REQUEST, None, nobody)).result.failure


def test_a_key_comes_from_its_variable(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    named = table(upstream, key_env="OWN_KEY")
    with pytest.raises(UsageError, match="set OWN_KEY"):
        inquiry_of(REQUEST, None, named)
    monkeypatch.setenv("OWN_KEY", "k1")
    ask(inquiry_of(REQUEST, None, named))
    assert upstream.requests[0].headers["authorization"] == "Bearer k1"


def test_what_is_no_question_to_a_model_is_not_asked(upstream: Upstream) -> None:
    vectors = Request({"model": "m", "input": "x"}, (), api="openai.embeddings")
    with pytest.raises(RechatError, match="nobody is asked for words"):
        inquiry_of(vectors, None, table(upstream))
