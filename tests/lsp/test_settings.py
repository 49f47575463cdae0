"""What may stand in settings."""

from pathlib import Path

import pytest

from rechat.format import OPTIONS
from rechat.lsp.documents import Document
from rechat.lsp.settings import is_in_settings
from rechat.lsp.settings import kind_of
from rechat.lsp.settings import models_near
from rechat.lsp.settings import names_at
from rechat.lsp.settings import values_at


def at(before: str, above: str = "") -> tuple[Document, int, str]:
    """A place in front matter, behind some text and below other lines."""
    text = f"---\n{above}{before}"
    return Document("file:///a.md", text), text.count("\n"), before


@pytest.mark.parametrize("before", ["", "te"])
def test_the_names_of_settings_are_offered_with_what_they_hold(before: str) -> None:
    names = dict(names_at(*at(before)) or ())
    assert names["temperature"] == "a number"
    assert names["tool_choice"] == "a text or keys and values"
    assert "rechat" in names


@pytest.mark.parametrize(
    ("before", "above"),
    [
        ("  ", "rechat:\n"),
        ("  ma", "rechat:\n  takes: cycle\n"),
        ("rechat: {", ""),
        ("rechat: {takes: last, m", ""),
    ],
)
def test_below_rechat_its_options_are_offered(before: str, above: str) -> None:
    assert [name for name, _ in names_at(*at(before, above)) or ()] == [*OPTIONS]


@pytest.mark.parametrize(
    ("before", "above", "values"),
    [
        ("stream: ", "", ["true", "false"]),
        ("temperature: ", "", []),
        ("  match: e", "rechat:\n", ["exact", "listed"]),
        ("rechat: {match: ", "", ["exact", "listed"]),
        ("rechat: {match: exact, takes: c", "", ["last", "cycle", "random", "error"]),
        ("  pace: ", "rechat:\n", ["none", "recorded"]),
        ("  match: ", "metadata:\n", []),
        ("text", "", []),
    ],
)
def test_values_are_offered_where_they_are_known(
    before: str, above: str, values: list[str]
) -> None:
    assert [*values_at(*at(before, above))] == values


def test_apis_and_rules_are_offered_by_their_names() -> None:
    assert "anthropic.messages" in values_at(*at("rechat: {api: "))
    assert "dates" in values_at(*at("rechat: {normalise: "))
    assert "seed" in values_at(*at("rechat: {ignore: "))


def test_nothing_is_offered_elsewhere() -> None:
    document = Document("file:///a.md", "### user\n\nmodel: \n")
    assert names_at(document, 2, "") is None
    assert [*values_at(document, 2, "model: ")] == []
    assert not is_in_settings(document, 2)


def test_models_are_those_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "transcripts" / "below"
    folder.mkdir(parents=True)
    (folder.parent / "a.md").write_text("---\nmodel: gpt-5\n---\n")
    (folder / "b.md").write_text("## One\n\n```yaml\nmodel: 'claude-opus-5'  # new\n```\n")
    (folder / "c.md").write_text("---\nmodel: gpt-5\n---\n")
    assert models_near(folder / "new.md") == ["claude-opus-5", "gpt-5"]
    assert models_near(tmp_path / "no" / "new.md") == []


def test_a_kind_is_told_in_words() -> None:
    assert kind_of("max_tokens") == "a whole number"
    assert kind_of("logprobs") == "true or false or a whole number"
    assert kind_of("anything") == ""
