"""What a shell offers behind an incomplete word."""

from pathlib import Path

import pytest

from rechat.cli.help import completion


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "chats" / "old").mkdir(parents=True)
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "chats" / "weather.md").write_text(
        "## In Lisbon\n\n### user\n\n> a\n\n## In Oslo ##\n"
    )
    (tmp_path / "chats" / "notes.txt").write_text("")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("word", "offered"),
    [
        ("", ["chats/"]),
        ("ch", ["chats/"]),
        ("chats/", ["chats/old/", "chats/weather.md"]),
        ("chats/w", ["chats/weather.md"]),
        ("nowhere/", []),
    ],
)
def test_transcripts_and_folders_are_offered(folder: Path, word: str, offered: list[str]) -> None:
    assert completion.transcripts(word) == offered
    assert completion.sections(word) == offered
    assert completion.transcripts(f"{folder}/{word}") == [f"{folder}/{name}" for name in offered]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("typed", "offered"), [("", ["In Lisbon", "In Oslo"]), ("In O", ["In Oslo"]), ("x", [])]
)
def test_sections_are_offered_behind_the_mark(typed: str, offered: list[str]) -> None:
    expected = [f"chats/weather.md#{title}" for title in offered]
    assert completion.sections(f"chats/weather.md#{typed}") == expected
    assert completion.sections("chats/gone.md#") == []


def test_words_that_options_take_are_offered() -> None:
    assert completion.policies("re") == ["record", "replay", "rerecord"]
    assert completion.policies_offline("re") == ["replay"]
    assert completion.paces("50") == ["50", "50:0.4"]
