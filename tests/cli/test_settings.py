"""Settings from files."""

from pathlib import Path

import pytest

from rechat.cli.settings import default_map
from rechat.values.errors import UsageError


def test_nothing_there_is_nothing_set(tmp_path: Path) -> None:
    assert default_map(tmp_path)["record"] == {}


def test_rechat_toml_comes_after_pyproject_and_a_table_is_for_one_command(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[tool.rechat]\nport = 1\nquiet = true\n[tool.rechat.replay]\nport = 3\n"
    )
    (tmp_path / "rechat.toml").write_text('port = 2\non-miss = "live"\n')
    found = default_map(tmp_path)
    assert found["record"] == {"port": 2, "quiet": True, "on_miss": "live"}
    assert found["replay"]["port"] == 3


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "rechat.toml").write_text("port =\n")
    with pytest.raises(UsageError, match=r"rechat\.toml"):
        default_map(tmp_path)
