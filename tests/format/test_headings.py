"""A heading says who speaks and how, and a slip of the pen is an error."""

from collections.abc import Callable

import pytest

from rechat.format.headings import PART_KINDS
from rechat.format.headings import ROLE_WORDS
from rechat.format.headings import PartHeading
from rechat.format.headings import RoleHeading
from rechat.format.headings import part_heading
from rechat.format.headings import role_heading
from rechat.format.headings import told_heading
from rechat.values.errors import TranscriptError


@pytest.mark.parametrize("role", ROLE_WORDS)
def test_a_role_is_a_heading(role: str) -> None:
    assert role_heading(role, 1) == RoleHeading(role)


@pytest.mark.parametrize(
    ("words", "heading"),
    [
        ("user, like", RoleHeading("user", pattern="like")),
        ("system , any", RoleHeading("system", pattern="any")),
        ("assistant, given", RoleHeading("assistant", given=True)),
        ("assistant, take 2", RoleHeading("assistant", take=2)),
        ("assistant,take 12,choice 3", RoleHeading("assistant", take=12, choice=3)),
        ("assistant, given, like", RoleHeading("assistant", given=True, pattern="like")),
        ("tool, call_1", RoleHeading("tool", id="call_1")),
        ("tool, call_1, any", RoleHeading("tool", id="call_1", pattern="any")),
        ("tool, take", RoleHeading("tool", id="take")),
        ("function, get_weather", RoleHeading("function", id="get_weather")),
        ("error 429", RoleHeading("error", argument="429")),
        ("error  cut after 120, take 2", RoleHeading("error", argument="cut after 120", take=2)),
        ("response, take 2", RoleHeading("response", take=2)),
    ],
)  # fmt: skip
def test_words_after_the_role_say_more(words: str, heading: RoleHeading) -> None:
    assert role_heading(words, 1) == heading


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("usr", "`### usr` is not a role: did you mean 'user'? expected system, developer, user, tool, function, assistant, request, input, error, response, embedding"),
        ("User", "`### User` is not a role: did you mean 'user'? expected system"),
        ("user:", "`### user:` is not a role: did you mean 'user'? expected system"),
        ("Zzz 1", "`### Zzz 1` is not a role: expected system"),
        ("", "`### ` is not a role: expected system"),
        ("user like", "`### user like`: expected a comma after 'user'"),
        ("user, lik", "`### user, lik`: 'lik' is not allowed here: did you mean 'like'? expected like, any"),
        ("user, given", "'given' is not allowed here: expected like, any"),
        ("assistant, taken 2", "'taken 2' is not allowed here: did you mean 'take N'? expected given, take N, choice N"),
        ("assistant, take 0", "'take 0' is not allowed here"),
        ("assistant, take two", "'take two' is not allowed here"),
        ("assistant, take ²", "'take ²' is not allowed here"),
        ("assistant, take", "'take' is not allowed here"),
        ("assistant, ", "'' is not allowed here"),
        ("assistant, call_1", "'call_1' is not allowed here"),
        ("error 429, like", "'like' is not allowed here"),
        ("tool, call 1", "'call 1' is not allowed here"),
        ("tool, a, b", "`### tool, a, b` has id twice"),
        ("user, like, any", "`### user, like, any` has pattern twice"),
        ("assistant, take 1, take 2", "`### assistant, take 1, take 2` has take twice"),
    ],
)  # fmt: skip
def test_words_that_are_not_known_are_an_error(words: str, message: str) -> None:
    with pytest.raises(TranscriptError) as caught:
        role_heading(words, 7)
    assert message in str(caught.value)
    assert caught.value.line == 7


@pytest.mark.parametrize("kind", PART_KINDS)
def test_a_kind_is_a_heading(kind: str) -> None:
    assert part_heading(kind, 1) == PartHeading(kind)


@pytest.mark.parametrize(
    ("words", "heading", "settings"),
    [
        ("call get_weather, call_1", PartHeading("call", "get_weather", ("call_1",)), {}),
        ("call x, c, custom", PartHeading("call", "x", ("c", "custom")), {}),
        ("image, detail low", PartHeading("image", "", ("detail low",)), {"detail": "low"}),
        ("reasoning, field reasoning", PartHeading("reasoning", "", ("field reasoning",)), {"field": "reasoning"}),
    ],
)  # fmt: skip
def test_words_after_the_kind_say_more(
    words: str, heading: PartHeading, settings: dict[str, str]
) -> None:
    assert part_heading(words, 1) == heading
    assert part_heading(words, 1).settings() == settings


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("img", "`#### img` is not a part: did you mean 'image'? expected text, image"),
        ("Text", "`#### Text` is not a part: did you mean 'text'?"),
        ("tool_call x", "`#### tool_call x` is not a part: did you mean 'call'?"),
        ("thing", "`#### thing` is not a part: expected text, image"),
    ],
)
def test_a_kind_that_is_not_known_is_an_error(words: str, message: str) -> None:
    with pytest.raises(TranscriptError) as caught:
        part_heading(words, 7)
    assert message in str(caught.value)
    assert caught.value.line == 7


def test_a_take_of_any_length_is_an_error_with_its_line() -> None:
    with pytest.raises(TranscriptError, match="take 999"):
        role_heading(f"assistant, take {'9' * 5_000}", 1)


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (role_heading, "user\u200b"),
        (role_heading, "assistant, take\xa02"),
        (part_heading, "im\xadage"),
    ],
)
def test_a_character_that_nobody_sees_is_named(
    read: Callable[[str, int], object], words: str
) -> None:
    with pytest.raises(TranscriptError, match=r"there is U\+00A0|U\+200B|U\+00AD") as caught:
        told_heading(read, words, 3)
    assert caught.value.line == 3
    with pytest.raises(TranscriptError, match=r"expected [^(]*\Z"):
        told_heading(read, "usr", 3)
