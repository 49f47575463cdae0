from asking import CAPITAL
from asking import questions

from rechat.format.codec import parse
from rechat.resend.questions.question import Unasked
from rechat.resend.questions.question import questions_of


def test_each_answer_is_a_question_with_the_recorded_history() -> None:
    first, second = questions()
    assert (first.name, second.name) == ("capital.md:1", "capital.md:2")
    assert first.place == "capital.md:9"
    said = [message.body for message in second.request.messages]
    assert said == ["What is the capital of France?", "Paris.", "And of Spain?"]
    assert second.request.settings == {"model": "small"}


def test_a_key_changes_with_the_question_and_not_with_the_answer() -> None:
    keys = [one.key for one in questions()]
    other = [one.key for one in questions(CAPITAL.replace("Madrid", "Toledo"))]
    edited = [one.key for one in questions(CAPITAL.replace("Paris", "Lyon"))]
    assert keys == other
    assert keys[0] == edited[0]
    assert keys[1] != edited[1]


def test_takes_are_answers_to_one_question() -> None:
    (question,) = questions(
        "### user\n\n> Hi\n\n### assistant\n\n> A\n\n### assistant, take 2\n\n> B\n"
    )
    assert len(question.recorded) == 2
    assert question.name == "capital.md"


def test_a_pattern_is_not_asked_and_told() -> None:
    text = "### user, like\n\n> Tell me about [..]\n\n### assistant\n\n> No.\n"
    (found,) = questions_of("a.md", parse(text).sections)
    assert found == Unasked(
        "a.md:5", "the message in line 1 is a pattern, and no words to ask with"
    )


def test_an_api_without_a_talk_is_not_asked() -> None:
    text = "---\nrechat: {api: openai.embeddings}\n---\n\n### input\n\n> Hi\n\n### embedding\n\n```json\n[0.5]\n```\n"
    (found,) = questions_of("a.md", parse(text).sections)
    assert isinstance(found, Unasked)


def test_the_id_of_an_earlier_answer_is_not_sent() -> None:
    text = "---\nmodel: m\nprevious_response_id: resp_1\nrechat: {api: openai.responses}\n---\n\n"
    (question,) = questions(text + "### user\n\n> Hi\n\n### assistant\n\n> A\n")
    assert question.request.settings == {"model": "m"}


def test_what_is_expected_stands_below_its_answer_and_no_other() -> None:
    text = CAPITAL.replace("> Paris.\n", "> Paris.\n\nexpect: contains Paris\n")
    text += "\nA remark.\nexpect: not call get\n\n## Next\n\nexpect: contains nothing\n\n"
    text += "### user\n\n> Hi\n\n### assistant\n\n> Hi\n"
    text = text.replace("---\n\n### user", "---\n\n## First\n\n### user", 1)
    found = list(questions_of("a.md", parse(text).sections, text))
    told = [[*map(str, one.expected)] for one in found if not isinstance(one, Unasked)]
    assert told == [["contains Paris"], ["not call get"], []]


def test_the_result_of_a_tool_is_asked_as_such() -> None:
    text = "### user\n\n> Go on.\n\n### assistant\n\n#### call f\n\n```json\n{}\n```\n\n"
    *_, last = questions(f"{text}### tool\n\n> 18\n\n### assistant\n\n> Yes.\n")
    assert last.asked == "(result of a tool) 18"
