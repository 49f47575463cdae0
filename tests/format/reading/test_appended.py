"""A source that has grown at its end is read as if all of it were read."""

import pytest

from rechat.format.reader import parse
from rechat.format.reading import appended
from rechat.format.reading.appended import parse_appended
from rechat.values.conversation import Given
from rechat.values.conversation import Reply
from rechat.values.conversation import Transcript
from rechat.values.errors import TranscriptError

HEAD = "---\nmodel: m\n---\n\n# A talk\n\n"
TURN = "### user\n\n> Hello {0}\n\n### assistant\n\n> Hi {0}\n\n```yaml\nid: c{0}\nusage: {{a: 1}}\n```\n"
LATER = "### user\n\n> Bye\n\n### assistant\n\n> So long\n\n```yaml\nid: d\nrest: as above\n```\n"


def places(transcript: Transcript) -> list[object]:
    found: list[object] = []
    for section in transcript.sections:
        found.append(section.span)
        for entry in section.entries:
            match entry:
                case Reply(line=line, span=span):
                    found.append((line, span))
                case Given(line=line):
                    found.append(line)
    return found


@pytest.mark.parametrize("head", [HEAD, "", f"## One\n\n{TURN.format(7)}\n## Two\n\n"])
@pytest.mark.parametrize("more", [LATER, LATER + "\n" + TURN.format(3), "### user\n\n> And?\n"])
def test_it_says_and_stands_as_if_all_were_read(
    head: str, more: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = head + TURN.format(1) + "\n" + TURN.format(2)
    before, source = parse(old), old + "\n" + more
    whole = parse(source)
    monkeypatch.setattr(appended, "parse", None)  # it is not needed
    found = parse_appended(source, before)
    assert found == whole
    assert places(found) == places(whole)


@pytest.mark.parametrize(
    "more",
    [
        "## Another\n\n### user\n\n> x\n",
        "```yaml\nseed: 1\n```\n",
        "### assistant, choice 2\n\n> x\n",
    ],
)
def test_what_is_more_than_messages_is_read_whole(more: str) -> None:
    old = HEAD + TURN.format(1)
    source = old + "\n" + more
    assert parse_appended(source, parse(old)) == parse(source)


def test_a_mistake_is_told_with_its_line() -> None:
    old = HEAD + TURN.format(1)
    with pytest.raises(TranscriptError) as error:
        parse_appended(f"{old}\n### nobody\n", parse(old))
    assert error.value.line == old.count("\n") + 2
