"""The JSON of a transcript: the shape itself is held by the cases of docs/spec, see test_spec."""

from rechat.format import reader
from rechat.format.meaning import as_json
from rechat.format.meaning import section_as_json
from rechat.values import jsontext


def test_what_has_its_default_is_left_out() -> None:
    transcript = reader.parse("### user\n\n> Hello\n\n### assistant\n")
    assert as_json(transcript) == {
        "sections": [
            {
                "line": 1,
                "messages": [
                    {"line": 1, "type": "message", "role": "user", "content": "Hello"},
                    {"line": 5, "type": "blank"},
                ],
            }
        ]
    }


def test_a_section_stands_for_itself() -> None:
    transcript = reader.parse("## A\n\n### user\n\n> a\n\n## B\n\n### user\n\n> b\n")
    shown = [section_as_json(section) for section in transcript.sections]
    assert shown == as_json(transcript)["sections"]
    assert [(section["title"], section["line"]) for section in shown] == [("A", 1), ("B", 7)]


def test_numbers_keep_their_spelling() -> None:
    transcript = reader.parse("---\ntemperature: 1.50\n---\n\n### user\n\n> Hello\n")
    assert '"temperature":1.50' in jsontext.dump(as_json(transcript))


def test_the_values_of_a_transcript_are_not_changed() -> None:
    transcript = reader.parse("### user\n\n```json\n[1]\n```\n")
    assert as_json(transcript) == as_json(transcript)
