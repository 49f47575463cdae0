"""The export formats, by name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from rechat.convert.exports import aimock
from rechat.convert.exports import fine_tuning
from rechat.convert.exports import har
from rechat.convert.exports import otel
from rechat.convert.exports import requests
from rechat.convert.exports import snippets
from rechat.convert.exports.record import Record


@dataclass(frozen=True, slots=True)
class Form:
    """How records are written. `api` is the API that they are converted to, if it is one, and
    `holds` what they need beside the question: a response, or one with words in it.
    """

    write: Callable[[Sequence[Record]], str]
    api: str = ""
    holds: Literal["", "response", "words"] = ""


FORMS: dict[str, Form] = {
    "raw": Form(requests.raw),
    "batch": Form(requests.batch, "openai.chat"),
    "batch-output": Form(requests.batch_output, "openai.chat", "response"),
    "fine-tuning": Form(fine_tuning.write, "openai.chat", "words"),
    "har": Form(har.write, holds="response"),
    "openai": Form(requests.messages, "openai.chat", "words"),
    "anthropic": Form(requests.messages, "anthropic.messages", "words"),
    "otel": Form(otel.write),
    "aimock": Form(aimock.write, "openai.chat", "response"),
    "curl": Form(snippets.curl),
    "python": Form(snippets.python),
}
