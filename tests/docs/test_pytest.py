"""The page on pytest: its example is a suite that runs, and it names what there is."""

import re
from pathlib import Path
from typing import get_args

import pytest

from rechat.testing.recorded import Recorded
from rechat.testing.settings import Mode
from rechat.testing.settings import Unused

# The page that is read here: "pytest.md".
PAGE = (Path(__file__).parents[2] / "docs" / "pytest.md").read_text("utf-8")
PARIS = "### user\n\n> What is the capital of France?\n\n### assistant\n\n> Paris.\n"


def test_the_example_is_a_suite_that_passes(pytester: pytest.Pytester) -> None:
    example = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    pytester.makeini("[pytest]\n")
    pytester.makepyfile(test_capital=example[0])
    folder = pytester.path / "transcripts" / "test_capital"
    folder.mkdir(parents=True)
    (folder / "test_capital.md").write_text(PARIS)
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_every_mode_and_all_of_the_fixture_are_told() -> None:
    for name in (*get_args(Mode.__value__), *get_args(Unused.__value__)):
        assert f"`{name}`" in PAGE
    public = [name for name in dir(Recorded) if not name.startswith("_")]
    for name in ("url", "path", "env", *public):
        assert re.search(rf"`{name}(\(\))?`", PAGE), name
