"""The way of one request: what it says about where it goes, and who was asked so far. It stays with
its flow.
"""

import hashlib
from dataclasses import dataclass

from mitmproxy import http

from rechat.answering import Sent
from rechat.proxy.access import Address
from rechat.proxy.layers.retrying import WAY
from rechat.proxy.layers.retrying import Terms
from rechat.proxy.upstreams.outgoing import Original
from rechat.proxy.upstreams.outgoing import credentials
from rechat.proxy.upstreams.table import Ask
from rechat.proxy.upstreams.upstream import Upstream
from rechat.values import Request

PIN_HEADER = "x-rechat-upstream"
"""The header by which a client asks for one upstream, and is told which one answered."""

_ASK = "rechat.ask"


@dataclass(slots=True, kw_only=True)
class Way(Terms):
    """The way of a request: who is asked (since `asked` on the router's clock), who was before, and
    why that failed. `answered` is the last one that told an error; `is_running` until the one that
    was asked last has failed or is done. One that `has_copies` is at the other upstreams too, and
    one that `is_copy` stays at its own. One that was `meant_for` another host has credentials for
    that one only.
    """

    original: Original
    ask: Ask
    is_stream: bool = False
    upstream: Upstream | None = None
    asked: float = 0.0
    tried: tuple[Upstream, ...] = ()
    reasons: tuple[str, ...] = ()
    answered: Upstream | None = None
    attempts: int = 0
    is_running: bool = False
    has_copies: bool = False
    is_copy: bool = False
    meant_for: Address | None = None


def way_of(flow: http.HTTPFlow) -> Way | None:
    """The way of a request that is for an upstream."""
    way = flow.metadata.get(WAY)
    return way if isinstance(way, Way) else None


def ask_of(flow: http.HTTPFlow, sent: Sent) -> Ask:
    """What a request says about where it goes; read before it is made another."""
    ask: Ask = flow.metadata.get(_ASK) or _ask(flow, sent)
    flow.metadata[_ASK] = ask
    return ask


def _ask(flow: http.HTTPFlow, sent: Sent) -> Ask:
    conversation = _conversation(sent.request) if sent.request else ""
    messages = sent.request.messages if sent.request else ()
    return Ask(
        sent.model,
        flow.client_conn.sockname[1],
        flow.request.path.partition("?")[0],
        flow.request.headers.get(PIN_HEADER, ""),
        conversation,
        any(message.role == "assistant" for message in messages),
        sent.asked.client or _client(flow),
    )


def _client(flow: http.HTTPFlow) -> str:
    """What tells a client from others if it does not say its session: its address and key."""
    return repr((flow.client_conn.peername[0], credentials(flow.request.headers)))


def _conversation(request: Request) -> str:
    """What all turns of a conversation have in common: its beginning, up to what a person said
    first.
    """
    said = [request.model]
    for message in request.messages:
        said += [message.role, message.text]
        if message.role == "user":
            break
    return hashlib.sha256(repr(said).encode("utf-8", "backslashreplace")).hexdigest()
