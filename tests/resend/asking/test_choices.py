import pytest

from rechat.resend.asking.choices import SEVERAL
from rechat.resend.asking.choices import Choice
from rechat.resend.asking.choices import choice_of
from rechat.resend.asking.choices import in_anthropic
from rechat.resend.asking.choices import in_chat
from rechat.resend.asking.choices import in_gemini
from rechat.resend.asking.choices import in_responses
from rechat.values.jsontext import Json
from rechat.values.jsontext import JsonObject

CHOICES = [
    *(Choice("auto"), Choice("required"), Choice("none")),
    *(Choice("required", ("a",)), Choice("required", ("a", "b")), Choice("auto", ("a",))),
]


@pytest.mark.parametrize("choice", CHOICES)
def test_the_apis_of_openai_can_say_each_choice(choice: Choice) -> None:
    assert choice_of(in_chat(choice)) == choice
    assert in_responses(choice) == choice.mode or "name" in str(in_responses(choice))


def test_responses_tells_tools_one_level_less_deep() -> None:
    assert in_responses(Choice("required", ("a",))) == {"type": "function", "name": "a"}
    told = in_responses(Choice("auto", ("a",)))
    tools: list[Json] = [{"type": "function", "name": "a"}]
    assert told == {"type": "allowed_tools", "mode": "auto", "tools": tools}
    assert choice_of(told) == Choice("auto", ("a",))


@pytest.mark.parametrize(
    ("choice", "anthropic", "gemini"),
    [
        (Choice("auto"), {"type": "auto"}, {"mode": "AUTO"}),
        (Choice("required"), {"type": "any"}, {"mode": "ANY"}),
        (Choice("none"), {"type": "none"}, {"mode": "NONE"}),
        (
            Choice("required", ("a",)),
            {"type": "tool", "name": "a"},
            {"mode": "ANY", "allowedFunctionNames": ["a"]},
        ),
    ],
)
def test_what_others_have_a_word_for_is_said(
    choice: Choice, anthropic: JsonObject, gemini: JsonObject
) -> None:
    assert in_anthropic(choice) == (anthropic, [])
    assert in_gemini(choice) == (gemini, [])


def test_several_tools_are_named_where_there_is_no_word_for_them() -> None:
    several = Choice("required", ("a", "b"))
    assert in_anthropic(several) == ({"type": "any"}, [SEVERAL])
    assert in_gemini(several) == ({"mode": "ANY", "allowedFunctionNames": ["a", "b"]}, [])
    assert in_gemini(Choice("auto", ("a",))) == ({"mode": "AUTO"}, [SEVERAL])


@pytest.mark.parametrize(
    "told",
    [
        *("any", 3, None, {}, {"type": "web_search"}, {"type": "function", "function": {}}),
        {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "mcp"}]},
    ],
)
def test_another_kind_of_choice_is_none(told: object) -> None:
    assert choice_of(told) is None
