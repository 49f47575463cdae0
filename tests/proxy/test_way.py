"""What a request says about where it goes."""

from mitmproxy import http
from mitmproxy.test import tflow
from mitmproxy.test import tutils

from rechat.answering.outcome import Asked
from rechat.answering.outcome import Sent
from rechat.proxy.upstreams.table import Ask
from rechat.proxy.way import ask_of
from rechat.proxy.way import way_of
from rechat.values.conversation import Message
from rechat.values.conversation import Request
from rechat.values.http import HttpRequest

QUESTION = Message("user", "What is the capital of France?")


def flow_with(**headers: str) -> http.HTTPFlow:
    """A flow of a client; `_` in the name of a header stands for a dash."""
    fields = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    flow = tflow.tflow(req=tutils.treq(path=b"/v1/x?key=1", headers=http.Headers(fields)))
    flow.client_conn.sockname = ("127.0.0.1", 8910)
    return flow


def sent(*messages: Message, client: str = "") -> Sent:
    asked = Asked(HttpRequest("POST", "/v1/x", "", (), b""), client, True, 0.0)
    return Sent(asked, None, Request({"model": "m"}, messages), saves=True, reason="")


def asks(*messages: Message, client: str = "", **headers: str) -> Ask:
    return ask_of(flow_with(**headers), sent(*messages, client=client))


def test_it_names_model_port_path_and_the_upstream_that_the_client_wants() -> None:
    ask = asks(QUESTION, x_rechat_upstream="b")
    assert (ask.model, ask.local_port, ask.path, ask.pin) == ("m", 8910, "/v1/x", "b")


def test_all_turns_of_a_conversation_are_of_one() -> None:
    first = asks(QUESTION)
    second = asks(QUESTION, Message("assistant", "Paris."), Message("user", "And of Italy?"))
    assert first.conversation == second.conversation != asks(Message("user", "Hi")).conversation
    assert (first.continues, second.continues) == (False, True)


def test_clients_are_told_apart_by_session_or_else_by_key() -> None:
    assert asks(client="tests").client == "tests"
    assert asks(authorization="Bearer a").client == asks(authorization="Bearer a").client
    assert asks(authorization="Bearer a").client != asks(authorization="Bearer b").client


def test_what_it_said_first_counts_when_the_request_has_been_rewritten() -> None:
    flow = flow_with(x_rechat_upstream="b")
    before = ask_of(flow, sent(QUESTION))
    flow.request.path = "/elsewhere"
    flow.request.headers.clear()
    assert ask_of(flow, sent(QUESTION)) is before


def test_a_flow_that_is_for_no_upstream_has_no_way() -> None:
    assert way_of(tflow.tflow()) is None
