"""What is wrong with a folder, by file and line."""

import pytest
from conversations import answer
from conversations import index_of

from rechat.format import writer
from rechat.store.lint import lint
from rechat.values import Entry
from rechat.values import Given
from rechat.values import Message
from rechat.values import Options
from rechat.values import Reply

GOOD = "### user\n\n> Hi\n\n### assistant\n\n> Ho\n"

TAKES = GOOD + "\n### assistant, take 2\n\n> He\n\n" + GOOD.replace("Hi", "And?")
LIKE = "### user, like\n\n> [..]a\n\n### assistant\n\n> x\n"
PEM = f"-----BEGIN RSA PRIVATE KEY-----\n{'MIIEow' * 10}\n{'a1B2' * 16}\n-----END RSA PRIVATE KEY-----"

CASES: dict[str, tuple[dict[str, str], list[tuple[str, int, str]]]] = {
    "nothing": ({"a": GOOD}, []),
    "an empty answer": ({"a": "### user\n\n> Hi\n\n### assistant\n"}, [("a.md", 5, "is empty")]),
    "a section without an answer": (
        {"a": "## X\n\n### user\n\n> Hi\n"},
        [("a.md", 1, "answers nothing")],
    ),
    "two answers to one request": (
        {"a": GOOD, "b": GOOD},
        [("b.md", 5, "a.md:5 answers the same request")],
    ),
    "two answers to a conversation with takes": (
        {"a": TAKES, "b": TAKES},
        [("b.md", 5, "a.md:5 answers"), ("b.md", 17, "a.md:17 answers")],
    ),
    "a blank beside an answer": (
        {"a": "### user\n\n> Hi\n\n### assistant\n", "b": GOOD},
        [("a.md", 5, "is empty")],
    ),
    "choices where the API has one": (
        {
            "a": f"---\nrechat: {{api: anthropic.messages}}\n---\n{GOOD}\n### assistant, choice 2\n\n> He\n"
        },
        [("a.md", 8, "anthropic.messages has one choice, not 2")],
    ),
    "a pattern twice": (
        {"a": LIKE, "b": LIKE, "c": LIKE},
        [("b.md", 5, "a.md:5 answers"), ("c.md", 5, "a.md:5 answers")],
    ),
    "a pattern and the same text": (
        {"a": LIKE, "b": LIKE.replace(", like", "")},
        [("b.md", 1, "`[..]` is compared as it stands")],
    ),
    "a private key": (
        {"a": GOOD.replace("> Ho", "> " + PEM.replace("\n", "\n> "))},
        [("a.md", 7, "held a secret")],
    ),
    "the same question under another system prompt": (
        {"a": GOOD, "b": "### system\n\n> s\n\n" + GOOD},
        [],
    ),
    "a secret": (
        {"a": GOOD + "\n<!-- My key is sk-" + "a1" * 20 + " -->\n"},
        [("a.md", 9, "held a secret")],
    ),
    "a conversation as others write it": (
        {"a": "# Chat\n\n**User:** Hi\n\n**Assistant:** Ho\n"},
        [("a.md", 3, "no messages, read '**User:': each begins with a line such as `### user`")],
    ),
    "a file of notes": ({"a": "Notes\n"}, [("a.md", 1, "this file has no messages: each")]),
    "settings of a recording": (
        {"a": f'---\nodd_one: "10"\nrechat: {{match: exact}}\n---\n\n{GOOD}'},
        [],
    ),
    "a tight frame": (
        {"a": "### user\n\n<blockquote>\nHi\n</blockquote>\n\n### assistant\n\n> Ho\n"},
        [("a.md", 3, "no blank line after <blockquote>")],
    ),
    "an empty frame": (
        {"a": "### user\n\n<blockquote>\n</blockquote>\n\n### assistant\n\n> Ho\n"},
        [("a.md", 1, "the text of `### user` is empty")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_finds(case: str) -> None:
    sources, expected = CASES[case]
    found = lint(index_of(**sources), {f"{name}.md": text for name, text in sources.items()})
    assert [(finding.path, finding.line) for finding in found] == [item[:2] for item in expected]
    for finding, (path, line, words) in zip(found, expected, strict=True):
        assert words in finding.message
        level = "error" if "secret" in words else "warning"
        assert str(finding).startswith(f"{path}:{line}: {level}: ")


@pytest.mark.parametrize(("said", "level"), [("*Ho*", "warning"), ("He", "notice"), ("Ho", "")])
def test_an_edit_is_a_notice_and_a_formatter_a_warning(said: str, level: str) -> None:
    recording = answer("Ho")
    entries: list[Entry] = [Given(Message("user", "Hi")), Reply(recording)]
    source = writer.new_file({}, Options("exact"), entries, "").source.replace(
        "\nHo\n", f"\n{said}\n"
    )
    found = lint(index_of(a=source), {"a.md": source})
    assert [(finding.line, finding.level) for finding in found] == [(13, level)] * bool(level)
