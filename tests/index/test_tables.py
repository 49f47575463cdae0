"""Which files are found by their cards."""

from conversations import ask

from rechat.format.reader import parse
from rechat.index.documents import version_of
from rechat.index.tables import Tables
from rechat.matching import order_of

EXACT = "---\nmodel: m\nrechat: {match: exact}\n---\n\n"
TURN = "### user\n\n> Hi\n\n### assistant\n\n> Ho\n"
NAMED = """---
rechat: {match: exact, api: openai.responses}
---

### user

> Hi

### assistant

> Ho

```yaml
answer: {id: r1}
```
"""


def tables(**sources: str) -> Tables:
    """The tables of some files, named by their keywords."""
    found = Tables()
    for name, source in sources.items():
        found.put(name, version_of(name, parse(source)).card)
    return found


def test_what_matches_comes_in_order() -> None:
    found = tables(z=TURN, b=EXACT + TURN, a=EXACT + TURN, y="---\nmodel: m\n---\n\n" + TURN)
    matched = [
        (is_listed, [ref.path for ref in refs])
        for is_listed, refs in found.matching(ask("Hi", model="m"))
        if refs
    ]
    assert matched == [(False, ["a", "b"]), (True, ["y"]), (True, ["z"])]


def test_the_longest_section_is_continued_and_of_equals_the_first() -> None:
    more = TURN + "\n### user\n\n> And?\n\n### assistant\n\n> So.\n"
    found = tables(b=EXACT + TURN, a=EXACT + TURN, c=EXACT + more)
    assert found.end(ask("Hi", "Ho", "x", model="m")) == ("a", 0, 2)
    assert found.end(ask("Hi", "Ho", "And?", "So.", "x", model="m")) == ("c", 0, 4)
    assert found.end(ask("other", model="m")) is None


def test_an_answer_is_found_by_its_id_of_the_file_that_came_last() -> None:
    found = tables(a=NAMED, b=NAMED)
    ref = found.said("openai.responses", "r1")
    assert ref
    assert (ref.path, ref.line, ref.number) == ("b", 9, 0)
    assert found.said("openai.responses", "r2") is None
    assert found.drop("a")
    assert found.said("openai.responses", "r1") == ref


def test_nothing_is_left_of_a_file_that_was_dropped() -> None:
    pattern = "### user, like\n\n> [..]\n\n### assistant\n\n> x\n"
    found = tables(a=EXACT + TURN, b=pattern, c=NAMED)
    assert found.with_patterns == {"b"}
    assert [found.drop(name) for name in ("a", "b", "c", "a")] == [True, True, True, False]
    assert not any(vars(found).values())


COPIES = ("a (1).md", "a-conflict.md", "a.sync-conflict-1.md", "a (2)/b.md", "a/b.md", "a1.md")


def test_a_file_comes_before_its_copies() -> None:
    found = tables(**dict.fromkeys((*COPIES, "a.md"), TURN))
    [paths] = [[ref.path for ref in refs] for _, refs in found.matching(ask("Hi", model="m"))]
    assert paths[:2] == ["a.md", "a/b.md"]
    assert found.behind("a.md") == ""
    assert {found.behind(path) for path in COPIES} == {"a.md"}
    assert found.all_behind() == dict.fromkeys(sorted(COPIES, key=order_of), "a.md")


def test_what_waits_for_an_answer_is_before_nothing() -> None:
    found = tables(a=TURN.removesuffix("> Ho\n"), b=TURN)
    assert not found.all_behind()
    assert (found.behind("a"), found.behind("b"), found.behind("gone")) == ("", "", "")
