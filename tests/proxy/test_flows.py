"""Flows as values, and back."""

import asyncio
import gzip

from mitmproxy import http
from mitmproxy.test import tflow
from mitmproxy.test import tutils

from rechat.proxy.flows import BODY
from rechat.proxy.flows import body_of
from rechat.proxy.flows import http_request
from rechat.proxy.flows import keep_for_the_proxy
from rechat.proxy.flows import lead_on
from rechat.proxy.flows import led_back
from rechat.proxy.flows import to_mitmproxy
from rechat.values.http import HttpResponse


def asked(content: bytes = b"", **headers: str) -> http.HTTPFlow:
    fields = http.Headers([(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()])
    return tflow.tflow(req=tutils.treq(path=b"/v1/x?key=secret", content=content, headers=fields))


def test_a_request_has_no_secrets_and_its_body_unpacked() -> None:
    found = asked(gzip.compress(b"{}"), content_encoding="gzip", authorization="Bearer secret")
    found.metadata[BODY] = asyncio.run(body_of(found))
    request = http_request(found)
    assert request.body == b"{}"
    assert "secret" not in repr(request)


def test_what_a_client_tells_its_proxy_stays_there() -> None:
    found = asked(proxy_authorization="b", authorization="c")
    keep_for_the_proxy(found)
    assert list(found.request.headers) == ["authorization"]


def test_a_response_goes_out_as_it_is() -> None:
    response = to_mitmproxy(HttpResponse.whole(418, (("a", "b"), ("a", "c")), b"tea"))
    assert (response.status_code, response.content) == (418, b"tea")
    assert response.headers.get_all("a") == ["b", "c"]


def test_a_redirect_leads_to_the_session_of_whoever_gets_it_and_is_saved_without() -> None:
    response = http.Response.make(307, b"", {"location": "/b", "x": "/_rechat/s/one/b"})
    lead_on(response, "", "/_rechat/s/one")
    assert response.headers["location"] == "/_rechat/s/one/b"
    assert led_back(response, "/_rechat/s/one")[:2] == [
        ("location", "/b"),
        ("x", "/_rechat/s/one/b"),
    ]
    lead_on(response, "/_rechat/s/one", "")
    assert response.headers["location"] == "/b"
    for elsewhere in ("https://elsewhere/b", "//elsewhere/b", "b"):
        response.headers["location"] = elsewhere
        lead_on(response, "", "/_rechat/s/one")
        assert response.headers["location"] == elsewhere
