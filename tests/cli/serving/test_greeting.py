"""What is said at a terminal once the server listens."""

from pathlib import Path

import pytest

from rechat.cli.serving import greeting
from rechat.observe import screen
from rechat.proxy import parse_upstream
from rechat.store import Store
from rechat.values import Policy

TEXT = "### user\n\n> Hello\n\n### assistant\n\n> Hi!\n"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    (tmp_path / "a.md").write_text(TEXT)
    store = Store((tmp_path,))
    store.load()
    return store


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("localhost", "http://localhost:8910"),
        ("0.0.0.0", "http://localhost:8910"),
        ("::", "http://localhost:8910"),
        ("::1", "http://[::1]:8910"),
        ("192.0.2.1", "http://192.0.2.1:8910"),
    ],
)
def test_the_address_is_one_that_a_client_here_can_use(host: str, address: str) -> None:
    assert greeting.address(host, 8910) == address


@pytest.mark.parametrize(
    ("policy", "line"),
    [
        ("replay", "replays 'my files' (1 answer in 1 file)"),
        ("hold", "replays 'my files' (1 answer in 1 file), and waits for what is missing"),
        ("record", "record to 'my files' (1 answer in 1 file) from https://api.example.com/v1"),
    ],
)
def test_the_greeting_says_what_becomes_of_which_transcripts(
    store: Store, policy: Policy, line: str
) -> None:
    routes = [parse_upstream("https://api.example.com/v1")]
    assert greeting.greeting(policy, [Path("my files")], store, routes) == line


def test_without_a_folder_dumps_are_replayed() -> None:
    assert greeting.greeting("replay", [], Store(()), []) == "replays dumps (0 answers in 0 files)"


def test_other_addresses_are_named_and_what_to_do_with_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = "http://localhost:8910"
    greeting.say_more(screen(stderr=True), ["dns@localhost:53"], (url, f"{url}/"))
    assert capsys.readouterr().err.splitlines() == [
        "also dns@localhost:53",
        "export OPENAI_BASE_URL=http://localhost:8910/v1",
        "look at it: http://localhost:8910/",
    ]
    greeting.say_more(screen(stderr=True), [], None)
    assert not capsys.readouterr().err
