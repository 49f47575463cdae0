from pathlib import Path

import pytest
from asking import CAPITAL

from rechat.resend.questions.selection import select
from rechat.values.errors import UsageError

TWO = """\
## First

### user

> One?

### assistant

> 1

## Second

### user

> Two?

### assistant

> 2
"""


@pytest.fixture(autouse=True)
def _files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    (folder / "capital.md").write_text(CAPITAL)
    (folder / "two.md").write_text(TWO)


def names(*paths: str, **options: object) -> list[str]:
    return [one.name for one in select(paths, **options).questions]  # type: ignore[arg-type]


def test_files_folders_and_sections_are_selected() -> None:
    capital = ["transcripts/capital.md:1", "transcripts/capital.md:2"]
    second = "transcripts/two.md#Second"
    assert names("transcripts") == [*capital, "transcripts/two.md#First", second]
    assert names("transcripts/two.md#Second") == [second]
    assert names("transcripts/capital.md", "transcripts/capital.md") == capital


def test_a_filter_a_limit_and_a_seed_choose() -> None:
    assert names("transcripts", only="model:small spain") == ["transcripts/capital.md:2"]
    assert len(names("transcripts", limit=3)) == 3
    assert sorted(names("transcripts", seed=1)) == names("transcripts")
    assert names("transcripts", seed=1) == names("transcripts", seed=1)


def test_a_section_that_is_not_there_is_told() -> None:
    with pytest.raises(UsageError, match="no section 'Third'"):
        names("transcripts/two.md#Third")


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_asked(folder: Path) -> None:
    (folder / "broken.md").write_text("### nobody\n\n> Hi\n")
    found = select(["transcripts"])
    assert len(found.questions) == 4
    assert found.unasked[0].name == "transcripts/broken.md:1"
