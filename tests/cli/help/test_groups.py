"""How commands are told from upstreams, and how their help looks."""

import pytest

from rechat.cli import main
from rechat.cli.help.examples import EXAMPLES

COMMANDS = tuple(EXAMPLES)


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The exit code, and what was printed."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    captured = capsys.readouterr()
    return int(ended.value.code or 0), captured.out + captured.err


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("lnt", "'lnt' is no command: did you mean `rechat lint`?"),
        ("recrod", "did you mean `rechat record`?"),
        ("example", "'example' is no command: expected record, replay"),
        (".", "'.' is no command: did you mean `rechat replay .`?"),
        ("localhost:8000/v1", "did you mean http://localhost:8000/v1?"),
        ("api.openai.com", "did you mean https://api.openai.com?"),
        ("missing.md", "'missing.md' is no command: expected record, replay"),
    ],
)
def test_a_word_that_is_no_command_is_told_with_the_nearest(
    capsys: pytest.CaptureFixture[str], word: str, words: str
) -> None:
    code, text = told(capsys, word)
    assert (code, words in text) == (2, True), text


def test_a_misspelt_option_is_told_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = told(capsys, "lint", "--strct")
    assert (code, "--strict" in text) == (2, True), text


@pytest.mark.parametrize("option", ["-V", "--version", "-v"])
def test_the_version_is_what_the_usual_options_print(
    capsys: pytest.CaptureFixture[str], option: str
) -> None:
    code, text = told(capsys, option)
    assert code == 0
    assert text.startswith("rechat ")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_is_free_of_types_and_ends_with_examples(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    code, text = told(capsys, command, "--help")
    assert code == 0
    assert not [
        word for word in ("<str>", "list[", "TEXT", "[required]", "INTEGER") if word in text
    ]
    *_, examples = text.partition("Examples:\n")
    assert examples.startswith(f"  rechat {command}")


def test_summaries_are_whole_sentences(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    _, text = told(capsys, "--help")
    listed = text.partition("Commands:\n")[2].partition("\n\n")[0]
    assert "..." not in listed
    assert listed.count(".\n") + 1 == len(COMMANDS)


@pytest.mark.parametrize(
    ("words", "usage"), [(("help",), "Usage: rechat [OPTIONS] COMMAND"), (("help", "lint"), "lint")]
)
def test_the_word_help_is_the_option(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], usage: str
) -> None:
    code, text = told(capsys, *words)
    assert (code, text) == told(capsys, *words[1:], "--help")
    assert (code, usage in text) == (0, True)
