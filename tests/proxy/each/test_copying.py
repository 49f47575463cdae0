"""Copies of a request: what they take along, and what they leave."""

from mitmproxy.test import tflow

from rechat.proxy.dispatch import COPY
from rechat.proxy.each.copying import copy_of
from rechat.proxy.flows import BODY


def test_a_copy_has_a_request_of_its_own_that_says_the_same() -> None:
    flow = tflow.tflow()
    flow.metadata[BODY] = b"what it says"
    copy = copy_of(flow)
    copy.request.headers["authorization"] = "for one upstream"
    copy.request.path = "/elsewhere"
    assert "authorization" not in flow.request.headers
    assert flow.request.path != "/elsewhere"
    assert copy.request.raw_content == flow.request.raw_content
    assert copy.metadata == {COPY: True, BODY: b"what it says"}
    assert copy.id != flow.id


def test_a_copy_does_not_ask_an_upstream_for_the_name_that_its_client_asked_for_in_tls() -> None:
    flow = tflow.tflow()
    flow.client_conn.sni = "rechat.example"
    copy = copy_of(flow)
    assert copy.client_conn.sni is None
    assert copy.client_conn.sockname == flow.client_conn.sockname
