"""Answers asked for again, in a child process."""

import os
from pathlib import Path

from rechat.testing.drift import Drift
from rechat.testing.drift import drifted

TRANSCRIPT = """\
---
model: gpt-5
---

### user

> Hello

### assistant

> Hi
"""


def test_an_answer_that_cannot_be_asked_for_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(TRANSCRIPT)
    (unreachable,) = drifted(["a.md:9"], ["http://127.0.0.1:9/v1"], tmp_path, os.environ)
    assert (unreachable.place, unreachable.kind) == ("a.md:9", "error")
    assert "127.0.0.1:9 could not be reached" in str(unreachable)
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]
    (broken,) = drifted(["a.md:9"], ["nonsense"], tmp_path, os.environ)
    assert broken.kind == "error"
    assert "nonsense" in broken.told


def test_nothing_used_asks_nothing(tmp_path: Path) -> None:
    nothing: list[Drift] = drifted([], ["http://127.0.0.1:9"], tmp_path, {})
    assert nothing == []
