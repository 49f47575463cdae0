"""Texts that were changed on their way into a file."""

import pytest

from rechat.format.reader import parse
from rechat.store.doubts.texts import doubts_about_texts
from rechat.store.doubts.texts import remarks_on_texts


def told(text: str) -> list[tuple[int, str]]:
    (section,) = parse(f"### user\n\n{text}\n").sections
    return [*doubts_about_texts(section), *remarks_on_texts(section)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("> It\u00e2\u20ac\u2122s.", "save the file as UTF-8"),
        ("> caf\ufffd", "U+FFFD"),
        ("> a\0b", "U+0000"),
        ("> ![a cat](https://example.org/cat.png)", "`#### image`"),
        ("> ```\n> x", "never ends"),
        ("> ~~~sh\n> x\n> ```", "never ends"),
        ("> Hi\n>\n> ### assistant\n>\n> Yes.", "opens no message"),
        ("> **User:** Hi", "who speaks"),
        ("> You said: Hi", "who speaks"),
        ("> Copy code\n> x", "came along"),
        ('> {"messages": []}', "JSON as an API has it"),
        ("> <blockquote>\n> Hi\n> </blockquote>", "a part of this quote"),
        ("> Hi <!-- a -->", "a part of this text"),
        ("> It was cited:contentReference[oaicite:3]", "came along"),
        ("> Hi\n> ```\n> x\n> ```\n>\n> # user\n>\n> Yes.", "opens no message"),
        ("> \u00e9\0", "U+0000"),
        ("> H\u200bi", "U+200B"),
        (">  Hi", "begins with a blank"),
        (">\tHi", "begins with a tab"),
        (">\u00a0Hi", "begins with U+00A0"),
        ("<blockquote>\n\n\nHi\n\n</blockquote>", "begins with an empty line"),
        ("> Hi ", "ends with a blank"),
        (r"> snake\_case", "no escapes"),
        ("> a &lt; b", "no escapes"),
        ("> Look: ![a cat](cat.png)", "`#### image`"),
        ("#### image\n\n```yaml\nurl: 'data:text/plain;base64,SGk='\n```", "text/plain"),
    ],
)
def test_an_odd_text_is_told_with_its_line(text: str, words: str) -> None:
    ((line, message),) = told(text)
    assert line == 1
    assert words in message


@pytest.mark.parametrize(
    "text",
    [
        "> Hi\n>  there",
        "> Na\u00efve caf\u00e9, \u00c3o",
        "> \\(x_1\\) \\_ \\[y\\]",
        "> R&D; a & b",
        "> Look: ![a cat](https://example.org/cat.png)",
        "> ```html\n> <!-- a -->\n> ```",
        "> ````\n> ```\n> ````",
        "> Assistants: one",
        "> User: Hi",
        "> Hi\n> ### assistant\n> Yes.",
        "> Hi\n> ```",
        "> ```sh\n> x\n> ``` (1)",
        '> {"a": 1}',
        "<blockquote>\n\nHi\n\n\n</blockquote>",
        ">",
    ],
)
def test_a_right_text_is_not_told(text: str) -> None:
    assert not told(text)
