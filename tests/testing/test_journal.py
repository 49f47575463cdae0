"""The journal of a running rechat, and where there is none."""

from pathlib import Path

import httpx
import pytest
from process import Rechat

from rechat.testing.journal import Journal


@pytest.mark.parametrize("url", ["", "http://localhost:9", "file:///etc/passwd"])
def test_there_is_none_where_nothing_answers(url: str) -> None:
    assert not Journal(url, "token").is_there()
    assert not Journal(url, "").is_there()


def test_it_finds_what_was_asked_and_says_why_it_does_not_change_something(mine: Path) -> None:
    with Rechat("replay", "transcripts", folder=mine.parent.parent, RECHAT_TOKEN="t") as rechat:
        journal = Journal(rechat.root, "t")
        assert journal.is_there()
        body = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
        path = f"{rechat.root}/_rechat/s/some.test-1/v1/chat/completions"
        assert httpx.post(path, json=body).json()["choices"][0]["message"]["content"] == "Hi!"
        (row,) = journal.exchanges("session:some.test-1")
        assert (row["verdict"], row["session"]) == ("hit", "some.test-1")
        assert journal.in_full([row])[0]["settings"] == {"model": "m"}
        assert journal.exchanges("session:other") == []
        with pytest.raises(ValueError, match="there is no POST /_rechat/sessions/one/open"):
            journal.post("sessions/one/open", {})
