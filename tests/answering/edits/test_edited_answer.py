"""An answer that a person edits in the page."""

from pathlib import Path

import pytest
from conversations import ask

from rechat.answering.edits.edited_answer import ConflictError
from rechat.answering.edits.edited_answer import EditedText
from rechat.answering.edits.edited_answer import edit_answer
from rechat.store.folder import Store
from rechat.values.errors import RechatError

FILE = """A note that stays.

### user

> Hi

### assistant

> Ho

<details><summary>7 ms</summary>

```yaml
id: chatcmpl-1
```

</details>
"""


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.chdir(tmp_path)
    Path("t").mkdir()
    Path("t/a.md").write_text(FILE)
    store = Store([Path("t")])
    store.load()
    return store


def edited(before: str = "Ho", after: str = "**Hey**\n\nyou", line: int = 7) -> EditedText:
    return EditedText(f"t/a.md:{line}", before, after)


def test_only_the_text_changes(store: Store) -> None:
    saved = edit_answer(store, ask("Hi"), edited())
    assert saved.place == "t/a.md:7"
    changed = FILE.replace("> Ho\n", "> **Hey**\n>\n> you\n")
    assert Path("t/a.md").read_text() == changed


def test_an_answer_that_has_moved_is_found_by_its_text(store: Store) -> None:
    Path("t/a.md").write_text(f"More.\n\n{FILE}")
    assert edit_answer(store, ask("Hi"), edited()).place == "t/a.md:9"


def test_what_somebody_else_has_changed_is_not_overwritten(store: Store) -> None:
    theirs = FILE.replace("Ho", "Theirs")
    Path("t/a.md").write_text(theirs)
    with pytest.raises(ConflictError) as conflict:
        edit_answer(store, ask("Hi"), edited())
    assert conflict.value.current == "Theirs"
    assert Path("t/a.md").read_text() == theirs


def test_an_answer_that_is_gone_is_told(store: Store) -> None:
    with pytest.raises(ConflictError, match="not there any more"):
        edit_answer(store, ask("Other"), edited())


def test_a_text_that_the_quote_does_not_hold_takes_another_form(store: Store) -> None:
    edit_answer(store, ask("Hi"), edited(after="a\r\nb"))
    assert '```json\n"a\\r\\nb"\n```' in Path("t/a.md").read_text()


def test_an_answer_of_several_texts_is_for_the_editor(store: Store) -> None:
    parts = FILE.replace("> Ho", "#### text\n\n> Ho\n\n#### text\n\n> Hum")
    Path("t/a.md").write_text(parts)
    store.reload(Path("t/a.md"))
    with pytest.raises(RechatError):
        edit_answer(store, ask("Hi"), edited())
    assert Path("t/a.md").read_text() == parts
