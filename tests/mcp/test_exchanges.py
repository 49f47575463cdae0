"""The exchanges of a server that runs."""

import json
from pathlib import Path

import httpx
import pytest
from process import Rechat

from rechat.mcp.exchanges import Exchanges
from rechat.testing import Journal
from rechat.values import RechatError

HELLO = "### user\n\n> Hello\n\n### assistant\n\n> Hi!\n"


def test_requests_are_listed_and_read(tmp_path: Path) -> None:
    (tmp_path / "transcripts").mkdir()
    (tmp_path / "transcripts" / "a.md").write_text(HELLO)
    with Rechat("replay", folder=tmp_path) as rechat:
        tools = [{"type": "function", "function": {"name": "f", "description": "d" * 3000}}]
        for text in ("Hello", "x" * 5000):
            body = {"model": "m", "tools": tools, "messages": [{"role": "user", "content": text}]}
            httpx.post(f"{rechat.url}/chat/completions", json=body)
        found = Exchanges(lambda: Journal.at(rechat.root))
        listed = found.listed()
        assert [row["verdict"] for row in listed["exchanges"]] == ["hit", "miss"]
        assert listed["latest"] == 2
        assert [row["number"] for row in found.listed(limit=1)["exchanges"]] == [2]
        [hit] = found.listed("verdict:hit")["exchanges"]
        assert (hit["place"], hit["said"]) == ("transcripts/a.md:5", "Hi!")
        one = found.one(1)
        assert one["messages"] == [{"role": "user", "text": "Hello"}]
        assert one["answer"] == [{"role": "assistant", "text": "Hi!"}]
        assert one["settings"]["model"] == "m"
        short = json.dumps(found.one(2), ensure_ascii=False)
        assert len(short) < 5000
        assert "characters …]" in short
        assert found.one(2, whole=True)["messages"][0]["text"] == "x" * 5000
        with pytest.raises(RechatError, match="exchange 9 does not exist"):
            found.one(9)
        with pytest.raises(RechatError, match="already"):
            found.change("exchanges/1/answer", {"text": "again"})
    with pytest.raises(RechatError, match="does not answer any more"):
        found.listed()
    with pytest.raises(RechatError, match="does not answer any more"):
        found.change("exchanges/1/answer", {"text": "again"})
