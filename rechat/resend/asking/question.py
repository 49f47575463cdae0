"""A recorded question as it is asked of a target: the request in the API that is spoken there, its
bytes, and what could not be said.
"""

from dataclasses import dataclass
from dataclasses import replace

from rechat.resend.client import Outgoing
from rechat.resend.question import BY_NAME
from rechat.resend.question import Question
from rechat.resend.question import Unasked
from rechat.resend.target import Target
from rechat.values import JsonObject
from rechat.values import Request


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for one target. `unsaid` names what the target's API has no words for."""

    question: Question
    request: Request
    unsaid: tuple[str, ...] = ()


def ask_in(question: Question, target: Target) -> Asked | Unasked:
    """The question in the API of the target, streamed; or why it cannot be asked there."""
    request, api = question.request, target.api or question.request.api
    if api != request.api:
        told = f"recorded in the API {request.api}, and {target.name} speaks {api}"
        return Unasked(question.name, told)
    model = target.model or request.model
    if not model:
        told = "no model is recorded: name one behind the URL, --to URL:MODEL"
        return Unasked(question.name, told)
    return Asked(question, _streamed(request, {"model": model}))


def _streamed(request: Request, settings: JsonObject) -> Request:
    has_usage = request.api in ("openai.chat", "openai.completions")
    return replace(
        request, settings=request.settings | settings, stream=True, include_usage=has_usage
    )


def outgoing(asked: Asked, target: Target, key: str) -> Outgoing:
    """The whole request as bytes. The key is only ever put into these."""
    request = asked.request
    body = BY_NAME[request.api].write_request(request)
    path, query = target.path_for(request.api, request.model)
    if request.query:
        query = f"{request.query}&{query}" if query else request.query
    lines = [f"POST {path}{'?' if query else ''}{query} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in target.headers(request.api, key)]
    lines.append(f"content-length: {len(body)}")
    head = "\r\n".join(lines).encode("latin-1", "replace")
    return Outgoing(target.scheme, target.host, target.port, head + b"\r\n\r\n" + body)
