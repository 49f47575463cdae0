"""The list of transcripts: hits, findings, and the files of a folder together."""

from pathlib import Path
from typing import Any

import pytest

from rechat.store.folder import Store
from rechat.web import listing
from rechat.web.listing import transcripts

QA = "### user\n\n> {}\n\n### assistant\n\n> {}\n"


def listed(folder: Path, **served: int) -> list[Any]:
    store = Store([folder])
    store.load()
    places = {f"{folder}/{name}.md": count for name, count in served.items()}
    rows = transcripts(store, places)["transcripts"]
    assert isinstance(rows, list)
    return rows


def test_each_has_its_hits_and_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(QA.format("Hi", "Ho"))
    (tmp_path / "b.md").write_text(QA.format("Hi", "Other"))
    (tmp_path / "c.md").write_text("### usr\n\n> x\n")
    first, second, broken = listed(tmp_path, a=2)
    assert [row["requests"] for row in (first, second, broken)] == [2, 0, 0]
    assert (first["answers"], broken["answers"]) == (1, 0)
    assert first["findings"] == []
    assert "comes first" in second["findings"][0]["message"]
    [error] = broken["findings"]
    assert (error["line"], error["level"]) == (1, "error")


def test_the_files_of_a_folder_stand_together(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    for name in ("a", "m/x", "z"):
        (tmp_path / f"{name}.md").write_text(QA.format(name, "Ho"))
    names = [Path(row["path"]).relative_to(tmp_path).as_posix() for row in listed(tmp_path)]
    assert names == ["a.md", "z.md", "m/x.md"]


def test_of_a_large_folder_no_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "_LINTED", 1)
    for name in ("a", "b"):
        (tmp_path / f"{name}.md").write_text(QA.format("Hi", name))
    store = Store([tmp_path])
    store.load()
    assert listing.is_large(store)
    found = transcripts(store, {})
    assert found["is_linted"] is False
    assert [row["findings"] for row in found["transcripts"]] == [[], []]
