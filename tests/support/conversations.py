"""Short ways to say what is asked and what a file holds."""

import json
from typing import Any

from rechat.answering.policy import Serve
from rechat.answering.policy import Session
from rechat.dialects.openai_chat.dialect import Chat
from rechat.format.reader import parse
from rechat.index.found import Hit
from rechat.index.found import Miss
from rechat.index.index import Index
from rechat.values.conversation import Answer
from rechat.values.conversation import Choice
from rechat.values.conversation import Message
from rechat.values.conversation import Request
from rechat.values.http import HttpRequest

PIXEL = "data:image/png;base64,iVBORw0KGgo="
OTHER_PIXEL = "data:image/png;base64,iVBORw0KGgp="

ONE = "### user\n\n> Hi\n\n### assistant\n\n> Ho\n"
TAKES = "---\nrechat: {{takes: {}}}\n---\n\n" + ONE + "\n### assistant, take 2\n\n> He\n"


def ask(*texts: str, system: str = "", query: str = "", **settings: Any) -> Request:
    """A conversation of user and assistant in turn, as a client sends it."""
    roles = ("user", "assistant")
    messages: list[Any] = [{"role": "system", "content": system}] if system else []
    messages += [{"role": roles[at % 2], "content": text} for at, text in enumerate(texts)]
    return read({"messages": messages} | settings, query)


def read(body: dict[str, Any], query: str = "") -> Request:
    """The request of a JSON body."""
    return Chat().read_request(HttpRequest("POST", "/", query, (), json.dumps(body).encode()))


def answer(text: str, number: int = 1, **fields: Any) -> Answer:
    """A recorded answer."""
    ending = {"finish_reason": "stop"}
    return Answer((Choice(Message("assistant", text), ending),), {"id": f"c-{number}"} | fields)


def index_of(**sources: str) -> Index:
    """An index of some files, named by their keywords."""
    index = Index()
    for name, source in sources.items():
        index.put(f"{name}.md", parse(source))
    return index


def said(index: Index, request: Request) -> str | None:
    """The text of the first answer to a request; None for a miss."""
    found = index.find(request)
    if isinstance(found, Miss):
        return None
    first = found.exchange.answered[0].answer
    assert isinstance(first, Answer)
    return first.choices[0].message.body


def missed(index: Index, request: Request) -> Miss:
    """The miss of a request."""
    found = index.find(request)
    assert isinstance(found, Miss), found
    return found


def hit(index: Index, request: Request) -> Hit:
    """The hit of a request."""
    found = index.find(request)
    assert isinstance(found, Hit), found
    return found


def serves(session: Session, client: str = "") -> str:
    """The text that a session serves to "Hi"; "refused" for a refusal."""
    decision = session.decide(ask("Hi"), client)
    if not isinstance(decision, Serve):
        return "refused"
    assert isinstance(decision.answer, Answer)
    return decision.answer.choices[0].message.body or ""
