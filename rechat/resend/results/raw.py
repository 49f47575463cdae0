"""The unparsed result of asking a question once: plain values, which are cheap to send to another
process.
"""

from dataclasses import dataclass

from rechat.resend.client import Exchanged
from rechat.resend.results.result import Result
from rechat.resend.results.result import read_exchange
from rechat.resend.results.result import times_of
from rechat.values import Headers


@dataclass(frozen=True, slots=True)
class Raw:
    """A result with its answer as bytes; `pieces` are the chunks of the body, each with its time. A
    `status` of 0 means that there is none. All other fields are as in `Result`.
    """

    name: str
    key: str
    take: int
    api: str
    model: str
    sent: float
    ms: float
    due: float | None
    tries: int
    waited: float
    status: int
    headers: Headers
    pieces: tuple[tuple[float, bytes], ...]
    failure: str

    def read(self) -> Result:
        """The result, with its answer."""
        found = Exchanged(0.0, 0.0, self.status, self.headers, self.pieces, self.failure)
        response = found.response
        answer, failure = read_exchange(found, self.api)
        times, words = times_of(response.pieces if response else ())
        return Result(
            self.name,
            self.key,
            self.take,
            self.api,
            self.sent,
            self.ms,
            due=self.due,
            times=times,
            words=words,
            answer=answer,
            failure=failure,
            tries=self.tries,
            waited=self.waited,
            model=self.model,
        )
