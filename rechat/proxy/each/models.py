"""The list of models of several upstreams: each is asked for its own, and the client gets one."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from functools import partial

from mitmproxy import http

from rechat.answering import Answered
from rechat.answering import Endpoint
from rechat.answering import Sent
from rechat.answering import asks_for_models
from rechat.answering import joined_lists
from rechat.proxy.dispatch import Dispatch
from rechat.proxy.each import copying
from rechat.proxy.flows import keep_for_the_proxy
from rechat.proxy.upstreams.router import Router
from rechat.proxy.upstreams.table import Ask
from rechat.proxy.upstreams.upstream import Upstream
from rechat.proxy.way import ask_of
from rechat.proxy.way import way_of
from rechat.values import HttpResponse
from rechat.values import Json
from rechat.values import jsontext

type Send = Callable[[http.HTTPFlow], Coroutine[object, object, None]]

# So many seconds one of them may take: the others' models are worth more than its own.
_PATIENCE = 15.0
_JSON = (("content-type", "application/json"),)
_OK = 200


class Models:
    """Asks all upstreams of a table for their models. `send` is what sends a copy."""

    def __init__(
        self, router: Router, dispatch: Dispatch, endpoint: Endpoint, send: Send = copying.send
    ) -> None:
        self._router = router
        self._dispatch = dispatch
        self._endpoint = endpoint
        self._send = send

    def is_of_several(self, flow: http.HTTPFlow, sent: Sent) -> bool:
        """Whether a request is for the models of more than one upstream."""
        table = self._router.table
        if not asks_for_models(replace(sent.asked.http, path=table.path(sent.asked.http.path))):
            return False
        return len(table.within_reach(ask_of(flow, sent))) > 1

    async def listed(self, flow: http.HTTPFlow, sent: Sent) -> Answered | None:
        """The models of all, those of each that it is asked for. It is saved if all have answered.
        None if none has.
        """
        ask = ask_of(flow, sent)
        upstreams = self._router.table.within_reach(ask)
        pages = await asyncio.gather(*(self._page(flow, sent, one) for one in upstreams))
        found = [
            (page, partial(self._is_asked, one, ask))
            for page, one in zip(pages, upstreams, strict=True)
        ]
        joined = joined_lists(found, _names_in(upstreams))
        if not joined:
            return None
        silent = [one.name for one, page in zip(upstreams, pages, strict=True) if page is None]
        response = HttpResponse.whole(_OK, _JSON, jsontext.dump(joined).encode())
        kept = replace(sent, saves=sent.saves and not silent)
        entry = await self._endpoint.received(kept, lambda: response)
        if silent:
            entry = replace(entry, reason=f"without the models of {', '.join(silent)}")
        headers = (*response.headers, ("x-rechat", entry.verdict))
        return Answered(replace(response, headers=headers), entry)

    def _is_asked(self, upstream: Upstream, ask: Ask, model: str) -> bool:
        """Whether a request for a model would go to this upstream, among others."""
        return upstream in self._router.table.fitting(replace(ask, model=model))

    async def _page(self, flow: http.HTTPFlow, sent: Sent, upstream: Upstream) -> Json:
        """What one of them answers; None if that is no list."""
        copy = copying.copy_of(flow)
        copy.request.headers["accept-encoding"] = "identity"
        keep_for_the_proxy(copy)
        self._dispatch.send(copy, sent, upstream)
        if way := way_of(copy):
            way.patience = min(way.patience or _PATIENCE, _PATIENCE)
        try:
            await self._send(copy)
        finally:
            self._dispatch.over(copy)
        if not copy.response or copy.response.status_code != _OK:
            return None
        try:
            return jsontext.parse(copy.response.raw_content or b"")
        except ValueError:
            return None


def _names_in(upstreams: Sequence[Upstream]) -> list[str]:
    """The models that the table names itself."""
    names = (name for one in upstreams for name in one.model.split(","))
    return [name for name in names if name and "*" not in name]
