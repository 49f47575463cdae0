"""What there is to say of the whole server."""

from pathlib import Path

from stored import store_of

from rechat.answering.endpoint import Endpoint
from rechat.answering.policy import Session
from rechat.observe.history import Log
from rechat.web.live.repository import Repository
from rechat.web.live.state import state_of


def test_the_state_tells_how_much_there_is(mine: Path, folder: Path) -> None:
    (folder / "broken.md").write_text("### usr\n")
    store = store_of(folder)
    endpoint = Endpoint(Session(store.index, "replay"), store)
    repository = Repository(folder, "example.com", "a/b", "main")
    told = state_of(endpoint, store, Log(), {"b:1", "a:1"}, repository)
    assert told.pop("version") == store.index.version
    assert told == {
        "policy": "replay",
        "is_offline": True,
        "folder": Path.cwd().as_posix(),
        "repository": repository.shown(),
        "latest": 0,
        "answers": 1,
        "files": 1,
        "problems": 1,
        "held": ["a:1", "b:1"],
    }
