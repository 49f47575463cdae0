"""A recorded question as a request for a target: in the target's API, as bytes, and with what it
cannot express.
"""

from dataclasses import dataclass
from dataclasses import replace

from rechat.resend.asking.messages import messages_in
from rechat.resend.asking.own_words import from_own_words
from rechat.resend.asking.settings import SPOKEN
from rechat.resend.asking.settings import settings_in
from rechat.resend.client import Outgoing
from rechat.resend.questions.common import common_settings
from rechat.resend.questions.question import BY_NAME
from rechat.resend.questions.question import Question
from rechat.resend.questions.question import Unasked
from rechat.resend.target import Target
from rechat.values import CHAT
from rechat.values import JsonObject
from rechat.values import Request


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for one target. `unsaid` names what the target's API cannot express."""

    question: Question
    request: Request
    unsaid: tuple[str, ...] = ()


def ask_in(question: Question, target: Target) -> Asked | Unasked:
    """The question in the API of the target, streamed; or why it cannot be asked there."""
    request, api = question.request, target.api or question.request.api
    model = target.model or request.model
    if not model:
        told = "no model is recorded: name one behind the URL, --to URL:MODEL"
        return Unasked(question.name, told)
    if api == request.api:
        return Asked(question, _streamed(request, request.settings | {"model": model}))
    if api not in SPOKEN or request.api in ("openai.completions", "ollama.generate"):
        told = f"{request.api} cannot be asked in the API {api}, which {target.name} speaks"
        return Unasked(question.name, told)
    common, only_there = from_own_words(request.settings, common_settings(request))
    settings, unsaid = settings_in(api, common)
    messages, more = messages_in(api, request.messages)
    unsaid += only_there
    settings = _named_as_wanted({"model": model} | settings, target)
    asked = Request(settings, messages, api=api)
    return Asked(question, _streamed(asked, settings), tuple(dict.fromkeys(unsaid + more)))


def _named_as_wanted(settings: JsonObject, target: Target) -> JsonObject:
    """The settings with the newer name of the token limit, if the older one is refused."""
    if target.host != "api.openai.com" or "max_tokens" not in settings:
        return settings
    others = {name: value for name, value in settings.items() if name != "max_tokens"}
    return others | {"max_completion_tokens": settings["max_tokens"]}


def _streamed(request: Request, settings: JsonObject) -> Request:
    has_usage = request.api in (CHAT, "openai.completions")
    return replace(request, settings=settings, stream=True, include_usage=has_usage)


def outgoing(asked: Asked, target: Target, key: str) -> Outgoing:
    """The whole request as bytes, the only place where the key is inserted."""
    request = asked.request
    body = BY_NAME[request.api].write_request(request)
    path, query = target.path_for(request.api, request.model)
    if request.query:
        query = f"{request.query}&{query}" if query else request.query
    lines = [f"POST {path}{'?' if query else ''}{query} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in target.headers(request.api, key)]
    lines.append(f"content-length: {len(body)}")
    head = "\r\n".join(lines).encode("latin-1", "replace")
    return Outgoing(target.scheme, target.host, target.port, head + b"\r\n\r\n" + body, key)
