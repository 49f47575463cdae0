import pytest
from asking import said

from rechat.resend.judging.expectations import expectations_in
from rechat.resend.judging.expectations import unmet
from rechat.values.conversation import Call
from rechat.values.errors import UsageError

ANSWER = "### assistant\n\n> expect: contains nothing, since this is said\n\n{}\n"
CALL = Call("get", "c", '{"city": "Oslo", "unit": "C"}')


@pytest.mark.parametrize(
    ("line", "text", "is_met"),
    [
        ("contains paris", "It is Paris.", True),
        ("contains Rome", "It is Paris.", False),
        ("not contains Rome", "It is Paris.", True),
        ("equals Paris", " Paris\n", True),
        ("equals Paris", "Paris.", False),
        (r"matches \d{4}", "in 1999", True),
        ("json", '{"a": 1}', True),
        ("json", "so: 1", False),
        ('json {"required": ["b"]}', '{"a": 1}', False),
        ("not json", "words", True),
        ('call get {"city": "Oslo"}', "", True),
        ("call get", "", True),
        ('call get {"city": "Rome"}', "", False),
        ("call other", "", False),
        ("not call other", "", True),
    ],
)
def test_an_answer_meets_what_is_expected_or_not(line: str, text: str, is_met: bool) -> None:
    (found,) = expectations_in(ANSWER.format(f"expect: {line}"), "a.md:1")
    assert (not list(unmet([found], said(text, CALL)))) == is_met


@pytest.mark.parametrize(
    "line",
    ["expect: is nice", "expect: contains", "expect: matches (", "expect: json [", "expect:x"],
)
def test_a_line_without_a_meaning_is_told_with_its_place(line: str) -> None:
    with pytest.raises(UsageError, match=r"a\.md:1"):
        list(expectations_in(ANSWER.format(line), "a.md:1"))


def test_what_is_not_met_says_why() -> None:
    (found,) = expectations_in(ANSWER.format('expect: json {"required": ["b"]}'), "a.md:1")
    (finding,) = unmet([found], said("{}"))
    assert finding.kind == "schema"
    assert finding.told == 'expected json {"required": ["b"]}: $.b is missing'
