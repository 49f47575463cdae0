"""docs/spec/front-matter.schema.json is made from what the reader knows, and takes what that takes."""

import json
from pathlib import Path
from typing import Any

import pytest
from front_matter_schema import FILE
from front_matter_schema import schema
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from rechat.format import parse
from rechat.values import TranscriptError

CASES = FILE.parent / "tests"
ODD = {"settings-yaml-scalars"}
SCHEMA = json.loads(FILE.read_text("utf-8"))


def problems(front_matter: Any) -> list[str]:
    found = Draft202012Validator(SCHEMA).iter_errors(front_matter)
    return [f"{one.json_path}: {one.message}" for one in found]


def test_the_schema_is_up_to_date_and_one() -> None:
    assert FILE.read_text("utf-8") == schema(), "run python tests/support/front_matter_schema.py"
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "path", sorted((CASES / "valid").glob("*.json")), ids=lambda path: path.stem
)
def test_what_the_cases_of_the_specification_set_is_allowed(path: Path) -> None:
    if path.stem in ODD:
        pytest.skip("what the reader takes there, no API has, and lint warns of")
    for section in json.loads(path.read_text("utf-8"))["sections"]:
        own = section.get("options", {})
        settings = dict(section.get("settings", {}))
        assert problems(settings | ({"rechat": own} if own else {})) == []


@pytest.mark.parametrize(
    "text",
    [
        "rechat: {match: fuzzy}",
        "rechat: {takes: never}",
        "rechat: {macth: exact}",
        "rechat: {delay: -1}",
        "rechat: {pace: 0}",
        "rechat: {pace: fast}",
        "rechat: {ignore: 3}",
        "rechat: all",
    ],
)
def test_what_the_reader_refuses_is_refused(text: str) -> None:
    whole = f"---\n{text}\n---\n\n### user\n\n> a\n\n### assistant\n\n> b\n"
    with pytest.raises(TranscriptError):
        parse(whole.encode())
    assert problems(YAML(typ="safe").load(text))


@pytest.mark.parametrize(
    ("settings", "is_fine"),
    [
        ({"model": "gpt-5", "temperature": 0.5, "max_tokens": 100, "stream": True}, True),
        ({"tools": {"$ref": "assets/tools.json"}}, True),
        ({"x_own": [1], "anything": None}, True),
        ({"temperature": "hot"}, False),
        ({"max_tokens": True}, False),
        ({"tools": ["f"]}, False),
    ],
)
def test_settings_have_the_types_that_the_apis_give_them(settings: Any, is_fine: bool) -> None:
    assert (problems(settings) == []) is is_fine
