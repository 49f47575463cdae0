"""What a dialect is: a wire API that can be read into the model and written from it."""

from dataclasses import dataclass
from typing import Protocol

from rechat.values import AnyAnswer
from rechat.values import HttpRequest
from rechat.values import HttpResponse
from rechat.values import Request


@dataclass(frozen=True, slots=True)
class Received:
    """An answer as it was read. `is_verbatim` is false if a secret in it was replaced: its bytes
    must not be kept then.
    """

    answer: AnyAnswer
    is_verbatim: bool = True


class Dialect(Protocol):
    """A wire API. All methods are pure: bytes in, values out, and back."""

    name: str
    """Its name in transcripts, such as `openai.chat`."""

    def claims(self, method: str, path: str) -> bool:
        """Whether a request to this path is this API's."""

    def read_request(self, request: HttpRequest) -> Request:
        """What is asked, without secrets. Raises `BodyError` if the body is not what the API calls
        for.
        """

    def write_request(self, request: Request) -> bytes:
        """The body that asks for it."""

    def read_answer(self, response: HttpResponse, *, asked: Request | None = None) -> Received:
        """What was answered, without secrets. `asked` is the request, if it is known: it says in
        which shape the answer should have come. Raises `BodyError` for a truncated body, and for
        one that is not an answer of this API.
        """

    def write_answer(self, answer: AnyAnswer, request: Request) -> HttpResponse:
        """The response that gives the answer in the shape that is asked for, whole or streamed."""
