"""Logs of Inspect: the requests and responses of a sample as its providers had them on the wire.

What several calls of a sample share is stored once: messages, which calls refer to, and long texts,
which are replaced by `attachment://` and a name.
"""

from collections.abc import Iterator
from typing import Any

from rechat.convert.conversation import CHAT
from rechat.convert.conversation import MESSAGES
from rechat.convert.conversation import RESPONSES
from rechat.convert.found import Found
from rechat.convert.found import Left
from rechat.convert.found import Source
from rechat.convert.wire import exchange_of
from rechat.values import jsontext

_JSON = (("content-type", "application/json"),)
_ATTACHED = "attachment://"
# Fields that the SDKs take beside the body.
_NO_BODY = ("extra_headers", "extra_query", "timeout")


def is_log(document: object) -> bool:
    """Whether a document is a log, or a sample of one."""
    match document:
        case {"eval": dict(), "samples": list()} | {"events": list(), "epoch": int()}:
            return True
    return False


def read(source: Source, document: Any) -> Iterator[Found]:
    """The exchanges of all samples."""
    samples = document.get("samples", [document])
    for sample in samples:
        name = f"{source.name}#{sample.get('id', '')}"
        for number, event in enumerate(sample.get("events", ()), 1):
            if isinstance(event, dict) and event.get("event") == "model":
                yield _exchange(f"{name}:{number}", event, sample)


def _exchange(place: str, event: dict[str, Any], sample: dict[str, Any]) -> Found:
    match _restored(event.get("call"), sample):
        case {"request": dict(asked), "response": dict(said)}:
            body = {key: value for key, value in asked.items() if key not in _NO_BODY}
            body |= body.pop("extra_body", None) or {}
            host = _PROVIDERS.get(_provider(event), "api.openai.com")
            return exchange_of(
                place,
                (
                    "POST",
                    f"https://{host}{_path(event, body)}",
                    _JSON,
                    _dumped(body),
                ),
                (200, _JSON, _dumped(said)),
            )
    return Left(place, "has no call of the provider: log with `--log-model-api`")


def _restored(call: Any, sample: dict[str, Any]) -> Any:
    """A call with its shared messages and texts filled in."""
    match call, sample.get("events_data"):
        case (
            {"request": dict(asked), "call_refs": list(refs), "call_key": str(key)},
            {"calls": list(calls)},
        ):
            shared = [one for ref in refs for one in _range(calls, ref)]
            call = call | {"request": asked | {key: shared}}
    match sample.get("attachments"):
        case dict(texts) if texts:
            return _with_texts(call, texts)
    return call


def _range(calls: list[Any], ref: Any) -> list[Any]:
    match ref:
        case [int(start), int(end)] if 0 <= start <= end:
            return calls[start:end]
    return []


def _with_texts(value: Any, texts: dict[str, Any]) -> Any:
    match value:
        case str(text) if text.startswith(_ATTACHED):
            return texts.get(text.removeprefix(_ATTACHED), text)
        case dict(members):
            return {key: _with_texts(one, texts) for key, one in members.items()}
        case list(items):
            return [_with_texts(one, texts) for one in items]
    return value


def _dumped(value: Any) -> bytes:
    return jsontext.dump(value).encode("utf-8", "surrogatepass")


_PROVIDERS = {"anthropic": "api.anthropic.com"}


def _provider(event: dict[str, Any]) -> str:
    return str(event.get("model", "")).partition("/")[0]


def _path(event: dict[str, Any], body: dict[str, Any]) -> str:
    if _provider(event) == "anthropic":
        return MESSAGES
    return RESPONSES if "input" in body else CHAT
