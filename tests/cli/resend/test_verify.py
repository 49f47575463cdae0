"""Answers that a test was given, asked for again."""

import json
from pathlib import Path

import pytest
from upstream import Upstream

from rechat.cli.resend.verify import verify

TRANSCRIPT = """\
## Same

### user

> Hello

### assistant

> Echo 1: Hello

## Changed

### user

> Bye

### assistant

> Something else

## A pattern

### user, like

> Hello [..]

### assistant

> Hi
"""


def test_only_what_has_changed_is_told_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.md").write_text(f"---\nmodel: gpt-5\n---\n{TRANSCRIPT}")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-its-own")
    places = [f"a.md:{line}" for line in (10, 20, 30)]
    with Upstream() as upstream:
        monkeypatch.setenv("OPENAI_BASE_URL", upstream.url)
        verify(places, [upstream.url])
        keys = [one.headers["authorization"] for one in upstream.requests]
        verify(places[:1], [f"{upstream.url}:gpt-4"])
        assert len(upstream.requests) == 2
    assert keys == ["Bearer sk-its-own"] * 2
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["place"], one["kind"]) for one in told] == [
        ("a.md:30", "unasked"),
        ("a.md:20", "words"),
        ("a.md:10", "error"),
    ]
    assert "Something else" in told[1]["told"]
    assert "'gpt-5'" in told[2]["told"]
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


def test_a_missing_key_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.md").write_text(f"---\nmodel: gpt-5\n---\n{TRANSCRIPT}")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    verify(["a.md:10"], [])
    told = json.loads(capsys.readouterr().out)
    assert told["told"] == "https://api.openai.com/v1: set OPENAI_API_KEY to its key"
