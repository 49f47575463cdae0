"""The files with settings, and the lines of their keys."""

from pathlib import Path

import pytest

from rechat.cli.settings.files import settings_files
from rechat.values import UsageError


def test_a_folder_without_settings_has_no_file(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    (tmp_path / "rechat.toml").write_text("# nothing yet\n")
    assert settings_files(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "keys", "line"),
    [
        ("a = 1\nport = 2\n", ("port",), 2),
        ("[replay]\nport = 1\n[run]\nport = 2\n", ("run", "port"), 4),
        ("run.port = 1\n", ("run", "port"), 1),
        ("\nrun = {port = 1}\n", ("run", "port"), 2),
        ('[prices]\n"gpt-5.1" = [1, 2]\n', ("prices", "gpt-5.1"), 2),
        ('# port = 1\nalso = [\n  "a=b",\n]\nport = 1\n', ("port",), 5),
        ("[[upstream]]\nurl = 'a'\n", ("upstream",), 1),
    ],
)
def test_a_key_has_its_line(tmp_path: Path, text: str, keys: tuple[str, ...], line: int) -> None:
    (tmp_path / "rechat.toml").write_text(text)
    [file] = settings_files(tmp_path)
    assert file.place(*keys) == f"{tmp_path / 'rechat.toml'}:{line}"


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("rechat.toml", b"\nport =\n", r"rechat\.toml:2: this is not TOML"),
        ("rechat.toml", b"port = '\xff'\n", r"rechat\.toml: byte 8 is not UTF-8"),
        ("rechat.toml", b"[tool.rechat]\nport = 1\n", r":1: \[tool\] is for pyproject\.toml"),
        ("rechat.toml", b"[rechat]\nport = 1\n", r":1: \[rechat\] is for pyproject\.toml"),
        ("pyproject.toml", b"[rechat]\nport = 1\n", r":1: .* write \[tool\.rechat\]"),
        ("pyproject.toml", b"tool.rechat = 1\n", r":1: .* expected a table"),
    ],
)
def test_what_cannot_be_read_or_stands_elsewhere_is_told(
    tmp_path: Path, name: str, text: bytes, problem: str
) -> None:
    (tmp_path / name).write_bytes(text)
    with pytest.raises(UsageError, match=problem):
        settings_files(tmp_path)


def test_a_byte_order_mark_is_no_part_of_a_key(tmp_path: Path) -> None:
    (tmp_path / "rechat.toml").write_bytes(b"\xef\xbb\xbfport = 1\n")
    [file] = settings_files(tmp_path)
    assert file.settings == {"port": 1}
