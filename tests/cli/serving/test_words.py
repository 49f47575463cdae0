"""What the words behind a serving command ask for."""

from dataclasses import replace
from pathlib import Path

import pytest

from rechat.cli.options import CommonOptions
from rechat.cli.options import ServerOptions
from rechat.cli.serving import words
from rechat.cli.serving.words import Words
from rechat.values import UsageError

PLAIN = ServerOptions(CommonOptions("localhost", 0), "record", (Path("transcripts"),))


@pytest.mark.parametrize(
    ("named", "read"),
    [
        ([], Words("replay", (), ())),
        (["a.md", "b"], Words("replay", (), (Path("a.md"), Path("b")))),
        (["replay", "a.md"], Words("replay", (), (Path("a.md"),))),
        (["record"], Words("record", (), ())),
        (["record", "http://a/v1", "b"], Words("record", ("http://a/v1",), (Path("b"),))),
    ],
)
def test_a_command_upstreams_and_transcripts_are_told_apart(named: list[str], read: Words) -> None:
    assert words.read(named) == read


@pytest.mark.parametrize("named", [["http://a/v1"], ["replay", "b", "http://a/v1"]])
def test_a_replay_is_given_no_upstream(named: list[str]) -> None:
    with pytest.raises(
        UsageError, match=r"^http://a/v1: replay asks nobody; .* run record http://a"
    ):
        words.read(named)


def test_a_replay_has_the_policies_that_ask_nobody() -> None:
    assert [words.policy_of(name, "replay") for name in ("replay", "hold")] == ["replay", "hold"]
    with pytest.raises(
        UsageError, match=r"^--on-miss live: replay takes replay or hold; or record$"
    ):
        words.policy_of("live", "replay", "; or record")


def test_a_recording_has_all_policies() -> None:
    names = ("record", "replay", "hold", "rerecord", "live")
    assert tuple(words.policy_of(name, "record") for name in names) == names
    with pytest.raises(UsageError, match="expected record, replay, hold, rerecord or live"):
        words.policy_of("rewrite", "record")


def test_unused_answers_are_looked_for_in_a_replay() -> None:
    names = ("ignore", "warn", "fail")
    assert tuple(words.unused_of(name, "replay") for name in names) == names
    assert words.unused_of("ignore", "record") == "ignore"
    with pytest.raises(UsageError, match="--unused warn is for replay"):
        words.unused_of("warn", "record")
    with pytest.raises(UsageError, match="--unused delete: expected ignore, warn or fail"):
        words.unused_of("delete", "replay")


def test_options_that_go_together_pass() -> None:
    words.check(PLAIN)
    words.check(replace(PLAIN, asks_each=True))
    words.check(replace(PLAIN, takes=2, coalesces=False, policy="live"))
    words.check(replace(PLAIN, accepts=True, policy="hold"))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (replace(PLAIN, accepts=True), "--accept is for replay"),
        (replace(PLAIN, asks_each=True, policy="live"), "--each is for recording: with live"),
        (replace(PLAIN, asks_each=True, takes=2), "--each and --takes do not go together"),
        (replace(PLAIN, asks_each=True, coalesces=False), "--each and --no-coalesce do not go"),
    ],
)
def test_options_that_do_not_go_together_are_refused(options: ServerOptions, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        words.check(options)
