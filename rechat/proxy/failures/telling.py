"""What a client is told that gets no answer, or not all of one."""

from mitmproxy import http

from rechat.answering import upstream_failure_response
from rechat.proxy.failures.wording import lasts
from rechat.proxy.failures.wording import what_failed
from rechat.proxy.flows import to_mitmproxy
from rechat.proxy.way import way_of
from rechat.values import Request


def reasons_of(flow: http.HTTPFlow) -> tuple[str, ...]:
    """Why there is no answer: a reason for each upstream that was asked."""
    way = way_of(flow)
    reasons = way.reasons if way else ()
    is_told = len(reasons) > 1 or (way and way.is_broken and reasons and not flow.response)
    return reasons if is_told else (what_failed(flow),)


def failure_response(request: Request | None, *reasons: str) -> http.Response:
    """The error that says these reasons in the words of the request's API."""
    told = f"rechat: {'; '.join(reasons)}"
    is_lasting = all(map(lasts, reasons))
    api = request.api if request else ""
    return to_mitmproxy(upstream_failure_response(told, api, is_lasting=is_lasting))
