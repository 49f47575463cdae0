"""The settings that keep tools from changing transcripts."""

import json
from pathlib import Path

from rechat.store.protection import SETTINGS
from rechat.store.protection import protect


def test_only_what_is_missing_is_written(tmp_path: Path) -> None:
    (tmp_path / ".gitattributes").write_text("mine")
    written = protect(tmp_path)
    assert {path.name for path in written} == SETTINGS.keys() - {".gitattributes"}
    assert (tmp_path / ".gitattributes").read_text() == "mine"
    assert protect(tmp_path) == []


def test_what_tools_read_as_json_is_json() -> None:
    assert json.loads(SETTINGS[".prettierrc"])["requirePragma"] is True
    assert json.loads(SETTINGS[".markdownlint.json"]) == {"default": False}
