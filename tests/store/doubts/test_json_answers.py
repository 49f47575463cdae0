"""Answers to requests for JSON that are none."""

import pytest

from rechat.format import parse
from rechat.store.doubts.json_answers import doubts_about_json

OBJECT = "response_format: {type: json_object}"
SCHEMA = "{type: object, required: [city, country]}"


def told(settings: str, answer: str) -> list[tuple[int, str]]:
    [section] = parse(f"---\n{settings}\n---\n\n### user\n\n> Hi\n\n{answer}\n").sections
    return list(doubts_about_json(section))


@pytest.mark.parametrize(
    ("settings", "said", "words"),
    [
        (OBJECT, "> Yes.", "no JSON, and `response_format` asks for it"),
        (OBJECT, "> {'a': 1}", "double quotes"),
        (OBJECT, '> {"a": 1,}', "take out the comma"),
        (OBJECT, "> ```json\n> {}\n> ```", "take out the lines of the fence"),
        (OBJECT, "> [1]", "asks for an object"),
        (OBJECT, '```json\n"Yes."\n```', "no JSON"),
        ("text: {format: {type: json_schema}}", "> Yes.", "`text.format`"),
        ("output_config: {format: {type: json_schema}}", "> Yes.", "`output_config.format`"),
        ("format: json", "> Yes.", "`format`"),
        ("generationConfig: {responseMimeType: application/json}", "> Yes.", "`responseMimeType`"),
        (f"format: {SCHEMA}", '> {"city": "Rome"}', "lacks `country`"),
        (
            f"response_format: {{type: json_schema, json_schema: {{schema: {SCHEMA}}}}}",
            "> {}",
            "lacks `city`, `country`",
        ),
    ],
)
def test_an_answer_that_clients_cannot_parse_is_told(settings: str, said: str, words: str) -> None:
    ((line, message),) = told(settings, f"### assistant\n\n{said}")
    assert line == 9
    assert words in message


@pytest.mark.parametrize(
    ("settings", "answer"),
    [
        (OBJECT, '### assistant\n\n> {"a": 1}'),
        (OBJECT, '### assistant\n\n> {"a": {{a}}}'),
        (OBJECT, '### assistant\n\n> {"a": "\n\n```yaml\nfinish_reason: length\n```'),
        (OBJECT, "### assistant\n\n> Yes.\n\n```yaml\nid: chatcmpl-1\n```"),
        (OBJECT, "### assistant\n\n#### call f, c1\n\n```json\n{}\n```"),
        (OBJECT, "### assistant\n\n#### refusal\n\n> No."),
        (OBJECT, "### assistant"),
        (OBJECT, "### error 429\n\n> Slow down."),
        ("format: {type: array}", "### assistant\n\n> [1]"),
        ("response_format: {type: text}", "### assistant\n\n> Yes."),
        ("model: m", "### assistant\n\n> Yes."),
    ],
)
def test_what_is_right_or_was_sent_is_not_told(settings: str, answer: str) -> None:
    assert not told(settings, answer)
