"""docs/spec/front-matter.schema.json, made from the settings that the reader knows; run this file after a change of
one.
"""

import json
from pathlib import Path
from typing import Any

from rechat.dialects import DIALECTS
from rechat.format import OPTIONS
from rechat.format import SETTINGS
from rechat.format import TYPES
from rechat.matching import normalise

FILE = Path(__file__).parents[2] / "docs" / "spec" / "front-matter.schema.json"

_KINDS: dict[str, dict[str, Any]] = {
    "number": {"type": "number"},
    "count": {"type": "integer"},
    "text": {"type": "string"},
    "flag": {"type": "boolean"},
    "list": {"type": "array"},
    "mapping": {"type": "object"},
}
_NAMES = {"type": "array", "items": {"type": "string"}}
_OPTIONS: dict[str, dict[str, Any]] = {
    "api": {
        "description": "The API whose names the file uses, and whose requests it answers.",
        "type": "string",
        "examples": [dialect.name for dialect in DIALECTS],
    },
    "match": {"description": "Whether all settings count, or those that are written."},
    "takes": {"description": "What follows the last take of an answer."},
    "ignore": {
        "description": "Settings that do not count, by their names or paths.",
        "anyOf": [{"type": "string"}, _NAMES],
    },
    "normalise": {
        "description": "Rules for values that may vary.",
        "anyOf": [
            {"type": "string", "examples": [*normalise.RULES]},
            {"type": "array", "items": {"type": "string", "examples": [*normalise.RULES]}},
        ],
    },
    "query": {"description": "The query string of the address.", "type": "string"},
    "delay": {
        "description": "Seconds before an answer begins.",
        "type": "number",
        "minimum": 0,
    },
    "pace": {
        "description": "How fast an answer is sent: none, recorded, or RATE[:FIRST].",
        "anyOf": [
            {"enum": ["none", "recorded"]},
            {"type": "number", "exclusiveMinimum": 0},
            {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?(:[0-9]+(\.[0-9]+)?)?$"},
        ],
    },
}


def schema() -> str:
    """The text of the file."""
    own = {
        name: _OPTIONS[name] | ({"enum": [*values]} if values else {})
        for name, values in OPTIONS.items()
    }
    told = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The front matter of a rechat transcript",
        "description": "Settings of the request, by the names of its API, and rechat's own. Other settings are allowed.",
        "type": ["object", "null"],
        "properties": {
            "rechat": {
                "description": "What the file tells rechat; it is not sent.",
                "type": "object",
                "properties": own,
                "additionalProperties": False,
            },
            **{name: _setting(name) for name in sorted(SETTINGS)},
        },
        "$defs": {
            "link": {
                "description": "The setting is the JSON in another file.",
                "type": "object",
                "properties": {"$ref": {"type": "string"}},
                "required": ["$ref"],
                "additionalProperties": False,
            }
        },
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _setting(name: str) -> dict[str, Any]:
    if name == "tools":
        return {"anyOf": [{"type": "array", "items": {"type": "object"}}, {"$ref": "#/$defs/link"}]}
    kinds = TYPES.get(name, ())
    if not kinds:
        return {}
    return {"anyOf": [*(_KINDS[kind] for kind in kinds), {"$ref": "#/$defs/link"}]}


if __name__ == "__main__":
    FILE.write_text(schema(), "utf-8", newline="\n")
