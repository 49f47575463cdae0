"""The wire detail of answers that are not there any more."""

from pathlib import Path

from rechat.store.folder import Store
from rechat.store.placement import Recording
from rechat.store.tidying.leftovers import leftovers
from rechat.values import Answer
from rechat.values import Choice
from rechat.values import HttpResponse
from rechat.values import Message
from rechat.values import Request


def test_the_detail_of_an_answer_stays_until_the_answer_is_edited(tmp_path: Path) -> None:
    store = Store([tmp_path])
    answer = Answer((Choice(Message("assistant", "Ho")),), {"id": "a"})
    wire = HttpResponse.whole(200, (), b"{}")
    assert store.save(Recording(Request({}, (Message("user", "Hi"),)), answer, wire=wire))
    assert list(leftovers(store)) == []
    [path] = tmp_path.glob("*.md")
    path.write_text(path.read_text().replace("Ho", "Hey"))
    again = Store([tmp_path])
    again.load()
    [found] = leftovers(again)
    assert (found.parent.name, found.suffix) == (".wire", ".plain")
