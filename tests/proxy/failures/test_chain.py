"""A request that comes back is known, however long its way was."""

from mitmproxy import http
from mitmproxy.test import tflow

from rechat.proxy.failures.chain import VIA_HEADER
from rechat.proxy.failures.chain import Chain


def test_a_request_comes_back_after_any_number_of_others() -> None:
    first, headers = Chain(), http.Headers()
    first.add(headers)
    for _ in range(1000):
        other = Chain()
        assert not other.comes_back(headers)
        other.add(headers)
    assert first.comes_back(headers)


def test_a_name_within_another_is_another() -> None:
    headers = http.Headers()
    Chain("aabb").add(headers)
    assert not Chain("aa").comes_back(headers)


def test_a_request_that_nobody_has_sent_on_has_not_been_here() -> None:
    assert not Chain().comes_back(http.Headers())


def connect(via: str = "") -> http.HTTPFlow:
    flow = tflow.tflow()
    flow.request.headers = http.Headers()
    if via:
        flow.request.headers[VIA_HEADER] = via
    return flow


def test_a_tunnel_tells_the_next_proxy_who_had_it_before() -> None:
    chain, came = Chain("me"), connect("a, b")
    chain.http_connect(came)
    assert came.response is None
    goes = connect()
    goes.client_conn = came.client_conn
    chain.http_connect_upstream(goes)
    assert goes.request.headers[VIA_HEADER] == "a, b, me"
    chain.client_disconnected(came.client_conn)
    again = connect()
    again.client_conn = came.client_conn
    chain.http_connect_upstream(again)
    assert again.request.headers[VIA_HEADER] == "me"


def test_a_tunnel_that_comes_back_is_refused() -> None:
    came = connect("a, me")
    Chain("me").http_connect(came)
    assert came.response
    assert came.response.status_code == 508
