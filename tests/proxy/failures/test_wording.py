"""Why there is no answer, in words that say what to do."""

import pytest
from mitmproxy import flow
from mitmproxy import http
from mitmproxy.test import tflow

from rechat.proxy.failures.speech import NO_TLS
from rechat.proxy.failures.speech import ONLY_TLS
from rechat.proxy.failures.wording import explained
from rechat.proxy.failures.wording import lasts
from rechat.proxy.failures.wording import what_failed


def asked() -> http.HTTPFlow:
    found = tflow.tflow()
    found.client_conn.timestamp_end = None
    return found


def test_a_proxy_that_cannot_be_reached_is_named() -> None:
    found = asked()
    found.server_conn.via = ("http", ("proxy.example", 3128))
    found.error = flow.Error("[Errno 111] Connection refused")
    told = what_failed(found)
    assert told.startswith("the proxy proxy.example:3128 on the way to address:22 cannot be")
    found.error = flow.Error("Upstream proxy refused HTTP CONNECT request: 403 Forbidden")
    assert what_failed(found).startswith("address:22: Upstream proxy refused")


def test_a_failure_names_the_address() -> None:
    found = asked()
    found.error = flow.Error("[Errno 111] Connect call failed ('127.0.0.1', 9)")
    assert what_failed(found).startswith("address:22 cannot be reached: Connect call failed")
    found.error = flow.Error("server closed connection")
    assert what_failed(found) == "address:22: server closed connection"
    found.error = flow.Error("Client disconnected.")
    assert what_failed(found).startswith("the client left, or rechat ended, before address:22")


def test_a_connection_that_ended_with_its_client_is_not_blamed_on_the_upstream() -> None:
    found = asked()
    found.client_conn.timestamp_end = 1.0
    found.error = flow.Error("server closed connection")
    assert what_failed(found).startswith("the client left, or rechat ended, before address:22")


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("Certificate verify failed: self-signed certificate", "by --ca FILE"),
        ("Certificate verify failed: unable to get local issuer certificate", "by --ca FILE"),
        ("Certificate verify failed: hostname mismatch", "for another host (hostname mismatch)"),
        ("Certificate verify failed: IP address mismatch", "for another host (IP address"),
        ("Certificate verify failed: certificate has expired", "out of date (certificate has"),
        (
            "Certificate verify failed: certificate is not yet valid or the system clock is incorrect",
            "clock of this machine",
        ),
        (
            "OpenSSL Error([('SSL routines', '', 'tlsv1 alert internal error')])",
            "TLS failed: tlsv1 alert internal error",
        ),
    ],
)
def test_what_is_wrong_with_a_certificate_is_told_and_what_to_do(reason: str, told: str) -> None:
    assert told in explained("host:443", reason)


def test_a_private_authority_is_named_only_where_that_would_help() -> None:
    expired = explained("host:443", "Certificate verify failed: certificate has expired")
    assert "--ca" not in expired


@pytest.mark.parametrize(
    "reason",
    [NO_TLS, ONLY_TLS, "Certificate verify failed: self-signed", "Request destination unknown"],
)
def test_what_only_a_setting_can_change_lasts(reason: str) -> None:
    assert lasts(explained("host:443", reason))


@pytest.mark.parametrize(
    "reason", ["server closed connection", "[Errno 111] Connection refused", "no TLS within 10 s"]
)
def test_what_may_be_over_in_a_moment_does_not(reason: str) -> None:
    assert not lasts(explained("host:443", reason))
