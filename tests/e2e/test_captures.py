"""Requests of real clients: each is recognised, recorded and matched again."""

from collections import defaultdict
from pathlib import Path

import captures
import pytest

from rechat.dialects.registry import dialect_of
from rechat.format import reader
from rechat.index.found import Hit
from rechat.index.index import Index
from rechat.matching.scheme import Scheme
from rechat.store import placement
from rechat.store.placement import NewFile
from rechat.store.placement import Recording
from rechat.values.conversation import Answer
from rechat.values.conversation import AnyAnswer
from rechat.values.conversation import Choice
from rechat.values.conversation import Message
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Request

FILES = captures.requests("*/*.req.http")

pytestmark = pytest.mark.skipif(not FILES, reason=captures.MISSING)


def read(path: Path) -> Request:
    asked = captures.request_of(path)
    dialect = dialect_of(asked.method, asked.path)
    assert dialect
    return dialect.read_request(asked)


def answer_to(request: Request) -> AnyAnswer:
    if request.api == "raw":
        return RawAnswer({"ok": True})
    return Answer((Choice(Message("assistant", "Fine.")),), {"id": "1"})


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(captures.CAPTURES)))
def test_a_request_is_recorded_and_matched_again(path: Path) -> None:
    request = read(path)
    recorded = Recording(request, answer_to(request))
    edit = placement.edit("", NewFile("a.md"), recorded)
    index = Index()
    index.put("a.md", reader.parse(edit.source, edit.stored.__getitem__))
    found = index.find(request)
    assert isinstance(found, Hit)
    assert found.rule == "exact"
    assert found.exchange.answered[0].answer == recorded.answer


def keys(folder: str) -> dict[str, list[str]]:
    """The names of a client's captures by the key of what they ask."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((captures.CAPTURES / folder).glob("*.req.http")):
        request = read(path)
        found[repr((request.api, Scheme(None).key(request)))].append(path.name)
    return found


# What a client sent twice, or once streamed and once not.
TWICE = {
    "anthropic-py-2.12": 1,
    "ollama-py": 1,
    "openai-node-7.57": 1,
    "openai-py-1.109": 2,
    "openai-py-3.54": 2,
    "vercel-ai-sdk": 1,
}


@pytest.mark.parametrize("folder", sorted({path.parent.name for path in FILES}))
def test_requests_of_another_meaning_have_other_keys(folder: str) -> None:
    found = keys(folder)
    assert sum(map(len, found.values())) - len(found) == TWICE.get(folder, 0)


def test_two_versions_of_an_sdk_ask_the_same() -> None:
    assert keys("openai-py-3.54").keys() == keys("openai-py-1.109").keys()
