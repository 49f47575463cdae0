"""The result of asking a question once, and its line in the file of a run."""

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import replace

from rechat.resend.client import Exchanged
from rechat.resend.questions.question import BY_NAME
from rechat.resend.results.deltas import delta_of
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import BodyError
from rechat.values import ErrorAnswer
from rechat.values import HttpResponse
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import Piece
from rechat.values import Request
from rechat.values import TranscriptError
from rechat.values import jsontext
from rechat.values import redact_text

# This many bytes identify a body; a server that keeps a client waiting sends white space, too.
_BEGINNING = 1 << 16


@dataclass(frozen=True, slots=True)
class Result:
    """The result of asking a question once. `name`, `key` and `take` say which; `api` in which API.

    `due` and `sent` are seconds after the beginning of the run (`due` only if it was to be sent at
    a certain time), `ms` is how long the whole answer took from when it was sent. `times` are when
    each chunk with a part of the answer arrived, in milliseconds after it was sent, and `words`
    when the first one arrived that is not reasoning. There is an `answer`, or a `failure` that says
    why not. `tries` is how often it was asked, `waited` how many seconds were between the first try
    and the last. `model` is the requested one. `lost` counts the workers that asked it and ended
    before its answer was saved: the target may have given one.
    """

    name: str
    key: str
    take: int
    api: str
    sent: float
    ms: float
    due: float | None = None
    times: tuple[float, ...] = ()
    words: float | None = None
    answer: AnyAnswer | None = None
    failure: str = ""
    tries: int = 1
    waited: float = 0.0
    model: str = ""
    lost: int = 0

    @property
    def is_answered(self) -> bool:
        """Whether a model answered; an error that would be returned again is an answer too."""
        match self.answer:
            case None:
                return False
            case ErrorAnswer() as error:
                return error.is_lasting
        return True

    @property
    def is_good(self) -> bool:
        """Whether there is an answer, and no error."""
        return isinstance(self.answer, Answer)

    @property
    def tokens(self) -> tuple[int, int] | None:
        """Input and output tokens as the API counts them; None if it does not."""
        return self.answer.tokens if isinstance(self.answer, Answer) else None


def read_exchange(found: Exchanged, api: str) -> tuple[AnyAnswer | None, str]:
    """The answer in the outcome of a request, or why there is none."""
    response = found.response
    if not response:
        return None, redact_text(found.failure)
    if 300 <= response.status < 400:
        return None, f"redirected ({response.status}), and keys go nowhere else: ask there"
    if response.status < 300 and (problem := _problem_of(response)):
        return None, problem
    try:
        return BY_NAME[api].read_answer(response).answer, ""
    except BodyError as error:
        return None, redact_text(str(error))


def _problem_of(response: HttpResponse) -> str:
    """Why a response of success is no answer of an API at all; empty if it may be one."""
    begun = response.body[:_BEGINNING].lstrip().lower()
    if not begun:
        return f"status {response.status} with nothing in it"
    if begun.startswith((b"<!doctype html", b"<html")):
        return "a web page, which is no answer of the API: check the URL"
    return ""


def times_of(pieces: Iterable[Piece]) -> tuple[tuple[float, ...], float | None]:
    """When each event that adds to the answer arrived, and when the first that is not reasoning
    did; none for an answer that is not streamed.
    """
    times: list[float] = []
    words: float | None = None
    rest = b""
    for piece in pieces:
        *lines, rest = (rest + piece.data).split(b"\n")
        for line in lines:
            kind = _delta_in(line)
            if kind:
                times.append(round(piece.at, 3))
                if words is None and kind != "thought":
                    words = round(piece.at, 3)
    if rest and (kind := _delta_in(rest)):
        times.append(times[-1] if times else 0.0)
    return tuple(times), words


def _delta_in(line: bytes) -> str:
    line = line.removeprefix(b"data:").strip()
    if not line.startswith(b"{"):
        return ""
    try:
        return delta_of(jsontext.parse_object(line))
    except (JsonError, UnicodeDecodeError):
        return ""


def to_line(result: Result) -> str:
    """The result as a line of JSON."""
    told: JsonObject = {
        "question": result.name,
        "key": result.key,
        "take": result.take,
        "api": result.api,
        "model": result.model,
        "due": result.due,
        "sent": round(result.sent, 6),
        "ms": round(result.ms, 3),
        "tries": result.tries,
        "waited": round(result.waited, 3),
        "words": result.words,
        "times": list(result.times),
        "failure": result.failure,
    }
    if result.lost:
        told["lost"] = result.lost
    if result.answer is not None:
        response = BY_NAME[result.api].write_answer(result.answer, Request({}, (), api=result.api))
        told |= {"status": response.status, "headers": [list(item) for item in response.headers]}
        told["body"] = response.body.decode("utf-8", "replace")
    return jsontext.dump(told)


def of_line(line: bytes) -> Result | None:
    """The result of a line; None for one that a crash truncated."""
    try:
        told = jsontext.parse_object(line)
        return _of_json(told)
    except (JsonError, KeyError, TypeError, ValueError, BodyError, TranscriptError):
        return None


def _of_json(told: JsonObject) -> Result:
    result = Result(
        str(told["question"]),
        str(told["key"]),
        int(told["take"]),
        str(told["api"]),
        float(told["sent"]),
        float(told["ms"]),
        told["due"],
        tuple(map(float, told["times"])),
        told["words"],
        failure=str(told["failure"]),
        tries=int(told["tries"]),
        waited=float(told["waited"]),
        model=str(told.get("model", "")),
        lost=int(told.get("lost", 0)),
    )
    if "body" not in told:
        return result
    headers = tuple((str(name), str(value)) for name, value in told["headers"])
    response = HttpResponse.whole(int(told["status"]), headers, str(told["body"]).encode())
    return replace(result, answer=BY_NAME[result.api].read_answer(response).answer)
