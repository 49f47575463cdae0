"""mitmproxy dumps as answers, those of rechat 0.1 too: each recorded exchange becomes a transcript
in memory.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from glob import glob
from pathlib import Path

from mitmproxy import exceptions
from mitmproxy import http

from rechat.dialects import dialect_of
from rechat.format import reader
from rechat.index import Index
from rechat.store import Recording
from rechat.store import is_worth_saving
from rechat.store import placement
from rechat.values import ANSWER_HEADERS
from rechat.values import REQUEST_HEADERS
from rechat.values import BodyError
from rechat.values import HttpRequest
from rechat.values import HttpResponse
from rechat.values import UsageError
from rechat.values import allowed_headers
from rechat.values import day_at
from rechat.values import redact_path
from rechat.values import redact_query

# The first length in a dump, and how the first of its keys or its type is written.
_START = re.compile(rb"[0-9]{1,12}:(?=[0-9]{1,12}:|[a-z]|;)")

type HttpExchange = tuple[HttpRequest, HttpResponse]


def load(patterns: Iterable[str], index: Index, warn: Callable[[str], None]) -> int:
    """Take in the exchanges of all dumps that match; gives their number. Raises `UsageError` for a
    file that is not there.
    """
    count = 0
    for pattern in patterns:
        paths = sorted(glob(pattern))  # noqa: PTH207  # the pattern may be absolute
        if not paths and not any(mark in pattern for mark in "*?["):
            raise UsageError(f"{pattern} does not exist: name a dump of mitmproxy")
        for path in paths:
            count += _load_file(Path(path), index, warn)
    return count


def _load_file(path: Path, index: Index, warn: Callable[[str], None]) -> int:
    flows = _flows(path, warn)
    return sum(_take(f"{path.as_posix()}#{number}", flow, index) for number, flow in flows)


def exchanges(
    path: Path, warn: Callable[[str], None]
) -> Iterator[tuple[int, str, str, HttpExchange]]:
    """The whole exchanges of a dump, each with its number, the host that was asked, and the day."""
    for number, flow in _flows(path, warn):
        if found := _exchange_of(flow):
            yield number, flow.request.pretty_host, _day(flow), found


def is_dump(start: bytes) -> bool:
    """Whether a file that begins like this is a dump of mitmproxy."""
    return bool(_START.match(start))


def _flows(path: Path, warn: Callable[[str], None]) -> Iterator[tuple[int, http.HTTPFlow]]:
    """The flows of HTTP in a dump, with their numbers; as far as it can be read."""
    from mitmproxy import io  # noqa: PLC0415  # as in copying

    number = 0
    with path.open("rb") as file:
        try:
            for number, flow in enumerate(io.FlowReader(file).stream(), 1):
                if isinstance(flow, http.HTTPFlow):
                    yield number, flow
        except (exceptions.FlowReadException, ValueError) as error:
            warn(f"{path}: read up to flow {number}: {error}")


def _exchange_of(flow: http.HTTPFlow) -> HttpExchange | None:
    """A whole exchange, without secrets."""
    if not flow.response or flow.error:
        return None
    path, _, query = flow.request.path.partition("?")
    asked = HttpRequest(
        flow.request.method,
        redact_path(path),
        redact_query(query),
        allowed_headers(flow.request.headers.items(multi=True), REQUEST_HEADERS),
        flow.request.get_content(strict=False) or b"",
    )
    headers = allowed_headers(flow.response.headers.items(multi=True), ANSWER_HEADERS)
    content = flow.response.get_content(strict=False) or b""
    return asked, HttpResponse.whole(flow.response.status_code, headers, content)


def _day(flow: http.HTTPFlow) -> str:
    """When a flow was answered, as far as the dump tells it."""
    at = flow.response.timestamp_start if flow.response else None
    return day_at(at) if at else ""


def _take(name: str, flow: http.HTTPFlow, index: Index) -> bool:
    """Take in one exchange, if it is a whole one of an endpoint that is understood."""
    exchange = _exchange_of(flow)
    dialect = exchange and dialect_of(exchange[0].method, exchange[0].path)
    if not exchange or not dialect:
        return False
    try:
        request = dialect.read_request(exchange[0])
        received = dialect.read_answer(exchange[1], asked=request)
    except BodyError:
        return False
    if not is_worth_saving(received.answer):
        return False
    recorded = Recording(request, received.answer, day=_day(flow))
    edit = placement.edit("", placement.NewFile(name), recorded)
    index.put(name, reader.parse(edit.source, edit.stored.__getitem__))
    return True
