"""Why there is no answer of an upstream's, in words that name the host and say what to do."""

import re

from mitmproxy import http

_SYSTEM_ERROR = re.compile(r"\[Errno -?\d{1,9}\] (.{1,200})")
_LEFT = "Client disconnected"
_CERTIFICATE = re.compile(r"Certificate verify failed: (.{1,200})")
_OPENSSL = re.compile(r"OpenSSL Error\(\[\(.*, '([^']{1,200})'\)\]\)")
_OTHER_HOST = re.compile("(?:host ?name|IP address) mismatch", re.IGNORECASE)
_LASTING = re.compile(
    ": its certificate is |: it speaks (?:TLS|plain HTTP) and | is rechat itself: "
)
_OUT_OF_DATE = re.compile("expired|not yet valid")


def what_failed(flow: http.HTTPFlow) -> str:
    """Why there is no answer of the upstream's, or half of one: which upstream, and what to do."""
    if flow.client_conn.timestamp_end:
        return why(flow, _LEFT)  # that is why the connection to the upstream was closed
    return why(flow, flow.error.msg if flow.error else "")


def why(flow: http.HTTPFlow, reason: str) -> str:
    """The same for what mitmproxy says of the upstream that a flow is for."""
    address = f"{flow.request.host}:{flow.request.port}"
    if flow.server_conn.via and _SYSTEM_ERROR.fullmatch(reason):
        _, (host, port, *_) = flow.server_conn.via
        address = f"the proxy {host}:{port} on the way to {address}"
    return explained(address, reason)


def explained(address: str, reason: str) -> str:
    """The same for an address."""
    if system_error := _SYSTEM_ERROR.fullmatch(reason):
        return (
            f"{address} cannot be reached: {system_error[1]}; is it running, and is the URL right?"
        )
    if "Request destination unknown" in reason:
        return f"{address} is rechat itself: name another upstream, or take another --port"
    if reason.startswith(_LEFT):
        return f"the client left, or rechat ended, before {address} had said all"
    if found := _CERTIFICATE.fullmatch(reason):
        return f"{address}: {_of_a_certificate(found[1])}"
    if found := _OPENSSL.fullmatch(reason):
        return f"{address}: TLS failed: {found[1]}"
    return f"{address}: {reason}"


def lasts(told: str) -> bool:
    """Whether what was told stays true until somebody changes a setting: asking again is of no
    use.
    """
    return _LASTING.search(told) is not None


def _of_a_certificate(reason: str) -> str:
    """What is wrong with a certificate, in OpenSSL's words and in ours."""
    if _OTHER_HOST.search(reason):
        return f"its certificate is for another host ({reason}): is the URL right?"
    if _OUT_OF_DATE.search(reason):
        return f"its certificate is out of date ({reason}); or is the clock of this machine wrong?"
    return (
        f"its certificate is not trusted ({reason}): if it is the right host, name the "
        "certificate of its authority by --ca FILE"
    )
