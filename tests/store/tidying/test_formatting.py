"""Files in their canonical form."""

from pathlib import Path

import pytest

from rechat.store.known import Problem
from rechat.store.rewriting import Rewrite
from rechat.store.tidying import formatting
from rechat.store.tidying.formatting import format_all

LOOSE = "### user\n> Hi\n### assistant\n> Ho\n"
TIDY = "### user\n\n> Hi\n\n### assistant\n\n> Ho\n"


def test_each_file_gives_its_form_its_problem_or_nothing(tmp_path: Path) -> None:
    sources = {
        "a.md": LOOSE,
        "b.md": TIDY,
        "c.md": "### usr\n",
        "d.md": LOOSE.replace("\n", "\r\n"),
    }
    paths = [tmp_path / name for name in sources]
    for path in paths:
        path.write_bytes(sources[path.name].encode())
    first, second, third, fourth, fifth = format_all([*paths, tmp_path / "gone.md"])
    assert first == Rewrite(paths[0], LOOSE.encode(), TIDY.encode())
    assert second is None
    assert isinstance(third, Problem)
    assert third.code == "unknown-role"
    assert isinstance(fourth, Rewrite)
    assert fourth.after == TIDY.replace("\n", "\r\n").encode()
    assert isinstance(fifth, Problem)


def test_many_files_give_the_same_from_several_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formatting, "_MANY", 3)
    paths = [tmp_path / f"{number}.md" for number in range(5)]
    for path in paths:
        path.write_text(LOOSE)
    paths[3].write_text("###user\n\n> a\n")
    found = list(format_all(paths, repairs=True))
    assert [one.path for one in found if isinstance(one, Rewrite)] == paths
