"""`rechat export`, as a person runs it."""

import json
from pathlib import Path

import httpx
from collector import Collector
from process import Rechat
from process import run

TWO = "### user, like\n\n> Hi[..]\n\n### assistant\n\n> Ho\n\n## Two\n\n### user\n\n> Hello\n\n### error 404\n\n> no\n"


def test_what_cannot_be_said_is_listed(mine: Path) -> None:
    (mine.parent / "two.md").write_text(TWO)
    result = run("export", "fine-tuning", folder=mine.parent.parent)
    assert result.returncode == 0
    assert json.loads(result.stdout)["messages"][1] == {"role": "assistant", "content": "Hi!"}
    assert "two.md:5: the message in line 1 is a pattern" in result.stderr
    assert "transcripts/two.md#Two: its answer is an error" in result.stderr
    assert result.stderr.endswith("1 exported, 2 left out\n")


def test_another_api_gets_its_own_words(mine: Path) -> None:
    result = run("export", "anthropic", mine, folder=mine.parent)
    roles = [message["role"] for message in json.loads(result.stdout)]
    assert roles == ["user", "assistant"]


def test_a_format_that_is_not_known_is_told_with_those_that_are(mine: Path) -> None:
    result = run("export", "xml", folder=mine.parent.parent)
    assert result.returncode == 2
    assert "xml is no format: expected raw, batch" in result.stderr


def test_a_page_shows_all_questions_without_a_server(mine: Path) -> None:
    (mine.parent / "two.md").write_text(TWO)
    folder = mine.parent.parent
    result = run("export", "html", "-o", "all.html", "--json", folder=folder)
    assert json.loads(result.stdout)["exported"] == 2
    page = (folder / "all.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    data = page.partition('id="session">')[2].partition("</script>")[0]
    assert [row["words"] for row in json.loads(data)] == ["Hello", "Hello"]


def test_a_server_sends_spans_as_it_answers(mine: Path) -> None:
    with Collector() as collector:
        with Rechat("replay", "--otel", collector.url, folder=mine.parent.parent) as rechat:
            for text in ("Hello", "Hello", "Other"):
                body = {"model": "m", "messages": [{"role": "user", "content": text}]}
                httpx.post(f"{rechat.url}/chat/completions", json=body)
    verdicts = [
        one["value"]["stringValue"]
        for span in collector.spans
        for one in span["attributes"]
        if one["key"] == "rechat.verdict"
    ]
    assert verdicts == ["hit", "hit", "miss"]
