"""docs/dialects.md and the table of docs/apis.md say what there is."""

import contextlib
import io
import re
from pathlib import Path

import pytest

from rechat.dialects.openai_chat import Chat
from rechat.dialects.registry import DIALECTS
from rechat.dialects.shared import Dialect
from rechat.dialects.shared import Frame

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "dialects.md").read_text("utf-8")
APIS = (ROOT / "docs" / "apis.md").read_text("utf-8")
CODE = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("code", CODE)
def test_code_of_the_page_runs(code: str) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "docs/dialects.md", "exec"), {})  # it is ours
    assert printed.getvalue().split() == [dialect.name for dialect in DIALECTS]


def test_every_method_that_a_dialect_has_to_have_is_told() -> None:
    methods = {name for name in vars(Dialect) if not name.startswith("_")}
    told = set(re.findall(r"^- `([a-z_]+)", PAGE, re.MULTILINE))
    assert methods | Frame.__abstractmethods__ <= told
    assert all(hasattr(Chat, name) for name in told)


def test_files_that_are_named_are_there() -> None:
    for path in re.findall(r"`((?:rechat|tests)/[a-z_/0-9]+\.py)`", PAGE):
        assert (ROOT / path).exists(), path


def test_every_api_stands_in_the_table() -> None:
    assert set(re.findall(r"\| `([a-z.]+)` \|$", APIS, re.MULTILINE)) == {
        dialect.name for dialect in DIALECTS
    }
