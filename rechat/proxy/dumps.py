"""mitmproxy dumps as answers, those of rechat 0.1 too: each recorded exchange becomes a transcript
in memory.
"""

from collections.abc import Callable, Iterable
from glob import glob
from pathlib import Path

from mitmproxy import exceptions
from mitmproxy import http
from mitmproxy import io

from rechat.dialects import dialect_of
from rechat.format import reader
from rechat.index import Index
from rechat.store import Recording
from rechat.store import is_worth_saving
from rechat.store import placement
from rechat.values import ANSWER_HEADERS
from rechat.values import BodyError
from rechat.values import HttpRequest
from rechat.values import HttpResponse
from rechat.values import UsageError
from rechat.values import allowed_headers
from rechat.values import redact_path
from rechat.values import redact_query


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
    count = 0
    with path.open("rb") as file:
        try:
            for number, flow in enumerate(io.FlowReader(file).stream(), 1):
                if isinstance(flow, http.HTTPFlow) and _take(
                    f"{path.as_posix()}#{number}", flow, index
                ):
                    count += 1
        except (exceptions.FlowReadException, ValueError) as error:
            warn(f"{path}: read up to flow {count}: {error}")
    return count


def _take(name: str, flow: http.HTTPFlow, index: Index) -> bool:
    """Take in one exchange, if it is a whole one of an endpoint that is understood."""
    path, _, query = flow.request.path.partition("?")
    dialect = dialect_of(flow.request.method, path)
    if not dialect or not flow.response or flow.error:
        return False
    asked = HttpRequest(
        flow.request.method,
        redact_path(path),
        redact_query(query),
        (),
        flow.request.get_content(strict=False) or b"",
    )
    headers = allowed_headers(flow.response.headers.items(multi=True), ANSWER_HEADERS)
    content = flow.response.get_content(strict=False) or b""
    try:
        request = dialect.read_request(asked)
        received = dialect.read_answer(
            HttpResponse.whole(flow.response.status_code, headers, content)
        )
    except BodyError:
        return False
    if not is_worth_saving(received.answer):
        return False
    recorded = Recording(request, received.answer)
    edit = placement.edit("", placement.NewFile(name), recorded)
    index.put(name, reader.parse(edit.source, edit.stored.__getitem__))
    return True
