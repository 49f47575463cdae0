"""Sends a question to an upstream of the table again, for an answer beside the recorded one.

Only the upstreams that rechat was started with can be asked, with the keys that are meant for them,
and none at all if it is offline.
"""

from collections.abc import Iterable
from functools import partial

from rechat.answering import Endpoint
from rechat.observe import JournalEntry
from rechat.observe import Prices
from rechat.observe import cost_of
from rechat.observe import said
from rechat.values import AnyAnswer
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import RechatError
from rechat.web.acting.bodies import text_in
from rechat.web.details import answers_difference
from rechat.web.details import shown_message


async def resend(
    endpoint: Endpoint,
    entry: JournalEntry,
    upstreams: Iterable[Json],
    body: bytes,
    prices: Prices | None = None,
) -> JsonObject:
    """An upstream's new answer to a recorded request: `{"to": …}` in the body names the upstream,
    `model` and `api` override the recorded ones. Raises `RechatError` if it cannot be asked.
    """
    # Importing it takes a tenth of a second, and few pages need it.
    from rechat.resend import Once  # noqa: PLC0415
    from rechat.resend import inquiry_of  # noqa: PLC0415

    if endpoint.is_offline:
        raise RechatError(f"with the policy {endpoint.policy} no upstream is ever asked")
    if not entry.request:
        raise RechatError("what was asked could not be read")
    to = text_in(body, "to")
    upstream = next((one for one in upstreams if isinstance(one, dict) and one["name"] == to), None)
    if not upstream:
        raise RechatError(f"there is no upstream {to!r}: only those of the table are asked")
    model, api = (text_in(body, name) or "" for name in ("model", "api"))
    prepare = partial(inquiry_of, entry.request, entry.answer, upstream, model, api)
    inquiry = await endpoint.thread.read(prepare)
    found = await inquiry.ask()

    def tell() -> JsonObject:
        once: Once = inquiry.compare(found)
        result = once.result
        told: JsonObject = {
            "to": to,
            "model": result.model,
            "api": result.api,
            "ms": round(result.ms, 1),
            "first": round(result.times[0], 1) if result.times else 0,
            "tokens": list(result.tokens) if result.tokens else [],
            "failure": result.failure,
            "kind": once.kind,
            "told": list(once.told),
            "unsaid": list(inquiry.unsaid),
            "answer": [shown_message(message) for message in said(result.answer)],
            "text": _text(result.answer),
            "difference": answers_difference(entry.answer, result.answer),
        }
        price = (prices or {}).get(result.model)
        if price and result.tokens:
            told["cost"] = round(cost_of(result.tokens, price), 8)
        return told

    return await endpoint.thread.read(tell)


def _text(answer: AnyAnswer | None) -> str | None:
    """The text of an answer that consists of nothing else."""
    messages = said(answer)
    is_text = len(messages) == 1 and messages[0].role == "assistant" and not messages[0].parts
    return messages[0].text if is_text else None
