"""The requests that open and close sessions."""

import asyncio
from pathlib import Path

import pytest

from rechat.answering.sessions import Sessions
from rechat.values.errors import RechatError
from rechat.web.sessions import change_session


def test_a_session_is_opened_and_closed(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(mine.parent)

    async def run() -> None:
        sessions = Sessions("replay")
        body = b'{"paths": ["mine.md"], "policy": "replay", "takes": 1, "anew": false}'
        assert await change_session(sessions, "one", "open", body) == {"problems": []}
        closed = await change_session(sessions, "one", "close", b'{"keep": true}')
        answer = {"place": "mine.md:7", "title": "", "used": False}
        answer |= {"recorded": None, "undated": False}
        assert closed == {"answers": [answer]}

    asyncio.run(run())


@pytest.mark.parametrize("body", [b"{}", b"[]", b"x", b'{"keep": 1}'])
@pytest.mark.parametrize("action", ["open", "close", "other"])
def test_what_is_not_understood_is_refused(action: str, body: bytes) -> None:
    with pytest.raises(RechatError):
        asyncio.run(change_session(Sessions("replay"), "one", action, body))
