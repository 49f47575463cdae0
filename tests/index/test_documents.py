"""What the index takes in of a file, and of one that has grown at its end."""

import pytest
from conversations import ask

from rechat.format.reader import parse
from rechat.format.reading.appended import parse_appended
from rechat.index import documents
from rechat.index.documents import Document
from rechat.index.documents import Documents
from rechat.index.documents import Version
from rechat.index.documents import version_of
from rechat.matching import Scheme
from rechat.values.conversation import Message

EXACT = "---\nmodel: m\nrechat: {match: exact}\n---\n\n"
TURN = "### user\n\n> Hi\n\n### assistant\n\n> Ho\n"
CALL = """### assistant

#### call run, call_1

```json
{"a": 1}
```

### tool, call_1

> done

### assistant

> It is done.
"""
MORE = {
    "one turn": "\n### user\n\n> Again\n\n### assistant\n\n> Yes\n",
    "two turns": "\n### user\n\n> Again\n\n### assistant\n\n> Yes\n" * 2,
    "one more take": "\n### assistant, take 2\n\n> He\n",
    "a question": "\n### user\n\n> And?\n",
    "calls": f"\n### user\n\n> Run\n\n{CALL}",
    "a pattern": "\n### user, like\n\n> a [..]\n\n### assistant\n\n> Yes\n",
    "an error": "\n### user\n\n> Again\n\n### error timeout\n",
}
BEGINNINGS = {
    "a turn": EXACT + TURN,
    "listed": TURN,
    "calls": f"{EXACT}### user\n\n> Run\n\n{CALL}",
    "noise": EXACT.replace("exact}", "exact, normalise: [dates]}") + TURN,
    "two takes": f"{EXACT}{TURN}\n### assistant, take 2\n\n> He\n",
    "two sections": f"## One\n\n{TURN}\n## Two\n\n```yaml\nrechat: {{match: exact}}\n```\n\n{TURN}",
    "ids": EXACT.replace("exact}", "exact, api: openai.responses}")
    + TURN
    + "\n```yaml\nanswer: {id: r1}\n```\n",
    "a pattern": "### user, like\n\n> [..]\n\n### assistant\n\n> x\n",
}


def versions(before: str, after: str) -> tuple[Version, Version]:
    """A version of a file that has grown, from what it said before, and from all of it."""
    old = parse(before)
    known = version_of("a.md", old)
    grown = parse_appended(after, old)
    return version_of("a.md", grown, 7, known), version_of("a.md", grown, 7)


@pytest.mark.parametrize("more", MORE.values(), ids=MORE)
@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
def test_a_file_that_has_grown_is_known_like_one_that_is_new(beginning: str, more: str) -> None:
    grown, fresh = versions(beginning, beginning + more)
    assert {*grown.card.features} == {*fresh.card.features}
    for name in ("schemes", "spots", "ends", "names", "apis", "models"):
        assert getattr(grown.card, name) == getattr(fresh.card, name), name
    assert grown.document.exchanges == fresh.document.exchanges
    assert grown.document.patterns.keys() == fresh.document.patterns.keys()
    assert grown.document.size == 7


def test_only_what_is_new_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a conversation of t turns would cost t squared steps."""
    beginning = EXACT + (TURN + "\n") * 50
    old = parse(beginning)
    known = version_of("a.md", old)
    grown = parse_appended(beginning + TURN, old)
    stepped: list[Message] = []
    step = Scheme.step

    def counting(scheme: Scheme, before: bytes, message: Message) -> bytes:
        stepped.append(message)
        return step(scheme, before, message)

    monkeypatch.setattr(Scheme, "step", counting)
    version_of("a.md", grown, before=known)
    # The answer that was the last one, the question below it, and the new answer; the first two for
    # the new exchange, all for the end.
    assert len(stepped) <= 6


def test_what_was_known_stays_as_it_was() -> None:
    beginning = BEGINNINGS["calls"]
    old = parse(beginning)
    known = version_of("a.md", old)
    fresh = version_of("a.md", old)
    for more in ("one turn", "calls"):
        grown = parse_appended(beginning + MORE[more], old)
        assert version_of("a.md", grown, before=known).card.ends
    assert (known.card, known.document.exchanges) == (fresh.card, fresh.document.exchanges)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (EXACT + TURN, TURN),
        (EXACT + TURN * 2, EXACT + TURN),
        (EXACT + TURN, EXACT + TURN.replace("Hi", "Hello") + TURN),
        (f"## A\n\n{TURN}", f"## A\n\n{TURN}\n## B\n\n{TURN}"),
        ("", TURN),
    ],
)
def test_a_file_that_says_something_else_is_looked_at_as_a_whole(before: str, after: str) -> None:
    known = version_of("a.md", parse(before))
    changed = parse(after)
    assert version_of("a.md", changed, before=known).card == version_of("a.md", changed).card


def test_the_latest_used_documents_are_kept() -> None:
    def document(size: int) -> Document:
        return Document((), [], {}, size)

    kept = Documents(10)
    kept.put("a", document(4))
    kept.put("b", document(4))
    assert kept.get("a")
    kept.put("c", document(4))
    assert ["a" in kept, "b" in kept, "c" in kept] == [True, False, True]
    kept.put("d", document(100))
    assert ["a" in kept, "c" in kept, "d" in kept] == [False, False, True]
    kept.drop("d")
    kept.put("e", document(5))
    kept.put("f", document(5))
    assert kept.get("e")
    assert kept.get("nothing") is None


def test_a_match_says_whether_it_took_a_rule() -> None:
    source = EXACT.replace("exact}", "exact, normalise: [dates]}") + TURN.replace(
        "Hi", "Hi on 2026-01-02"
    )
    document = version_of("a.md", parse(source)).document
    assert document.exact_rule(0, ask("Hi on 2026-01-02", model="m")) == "exact"
    assert document.exact_rule(0, ask("Hi on 2027-03-04", model="m")) == "normalised"
    assert (
        documents.version_of("a.md", parse(EXACT + TURN)).document.exact_rule(
            0, ask("Hi", model="m")
        )
        == "exact"
    )
