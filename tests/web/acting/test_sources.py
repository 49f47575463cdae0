"""A whole transcript as its source."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from stored import answer
from stored import asked
from stored import store_of

from rechat.answering.edits.edited_answer import ConflictError
from rechat.answering.endpoint import Endpoint
from rechat.answering.policy import Session
from rechat.store import Recording
from rechat.store.folder import Store
from rechat.values import RechatError
from rechat.web.acting.sources import change_file

FILE = "### user\n\n> Hi\n\n### assistant\n\n> Ho\n"


@pytest.fixture
def store(folder: Path) -> Store:
    (folder / "a.md").write_text(FILE)
    return store_of(folder)


def do(store: Store, action: str, **body: Any) -> Any:
    endpoint = Endpoint(Session(store.index, "replay"), store)
    return asyncio.run(change_file(endpoint, store, action, json.dumps(body).encode()))


def test_a_text_is_looked_at_before_it_is_saved(store: Store, folder: Path) -> None:
    path = f"{folder}/a.md"
    told = do(store, "check", path=path, text=FILE.replace("Ho", "**Ho**"))
    [section] = told["sections"]
    assert section["messages"][1]["blocks"][0]["html"] == "<p><strong>Ho</strong></p>\n"
    told = do(store, "check", path=path, text="### usr\n\n> Hi\n")
    assert (told["sections"], told["findings"][0]["line"]) == ([], 1)
    assert (folder / "a.md").read_text() == FILE


def test_it_is_saved_unless_it_has_changed(store: Store, folder: Path) -> None:
    path = f"{folder}/a.md"
    told = do(store, "save", path=path, before=FILE, text=FILE.replace("Ho", "Hey"))
    assert told == {"path": path, "findings": []}
    with pytest.raises(ConflictError):
        do(store, "save", path=path, before=FILE, text="")


def test_nothing_outside_of_the_folder_is_read(store: Store, folder: Path) -> None:
    (folder.parent / "secret.txt").write_text("{")
    text = "### user\n\n[secret.txt](../secret.txt)\n\n### assistant\n\n> Ho\n"
    told = do(store, "check", path=f"{folder}/a.md", text=text)
    assert "does not exist" in told["findings"][0]["message"]
    with pytest.raises(RechatError, match="not a transcript of this folder"):
        do(store, "check", path=f"{folder.parent}/b.md", text=text)


def test_a_recording_is_made_one_by_hand(store: Store, folder: Path) -> None:
    saved = store.save(Recording(asked("You?"), answer("Me.")))
    assert saved
    path = saved.place.rpartition(":")[0]
    told = do(store, "promote", path=path, to="you.md", settings=["model", 1])
    assert told["place"] == f"{folder}/you.md"
    assert told["source"].startswith("---\nmodel: m\n---\n")
