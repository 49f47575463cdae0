"""What holds for each command."""

from pathlib import Path

import pytest

from rechat.cli.folder import commands as folder
from rechat.cli.misses import commands as misses
from rechat.cli.serving import commands as serving
from rechat.cli.settings.holding import Commands
from rechat.cli.settings.holding import default_map
from rechat.cli.settings.holding import held
from rechat.values import UsageError

COMMANDS: Commands = {
    "record": serving.record,
    "replay": serving.replay,
    "accept": misses.accept,
    "lint": folder.lint,
}


def test_nothing_there_is_nothing_set(tmp_path: Path) -> None:
    assert default_map(held(COMMANDS, tmp_path, {}))["record"] == {}


def test_variables_come_after_tables_for_one_command_and_these_after_both_files(
    tmp_path: Path,
) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[tool.rechat]\nport = 1\nquiet = true\nset = ['a=b']\n[tool.rechat.replay]\nport = 3\n"
    )
    (tmp_path / "rechat.toml").write_text('port = 2\non-miss = "live"\n')
    environ = {"RECHAT_FUZZY": "0.5", "RECHAT_QUIET": "", "RECHAT_TOKEN": "t"}
    found = held(COMMANDS, tmp_path, environ)
    assert default_map(found)["record"] == {
        "port": 2,
        "quiet": True,
        "set_": ["a=b"],
        "on_miss": "live",
        "fuzzy": 0.5,
    }
    assert found["record"]["fuzzy"].source == "RECHAT_FUZZY"
    assert found["record"]["on_miss"].source == f"{tmp_path / 'rechat.toml'}:2"


def test_a_table_for_one_command_counts_more_than_the_same_file_says_for_all(
    tmp_path: Path,
) -> None:
    (tmp_path / "rechat.toml").write_text("[replay]\nport = 3\n")
    (tmp_path / "pyproject.toml").write_text("[tool.rechat]\nport = 1\n")
    assert default_map(held(COMMANDS, tmp_path, {}))["replay"]["port"] == 3


def test_a_policy_for_recording_does_not_keep_replay_from_starting(tmp_path: Path) -> None:
    (tmp_path / "rechat.toml").write_text('on-miss = "rerecord"\n')
    found = default_map(held(COMMANDS, tmp_path, {}))
    assert found["record"] == {"on_miss": "rerecord"}
    assert found["replay"] == {}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("prot = 1", "rechat.toml:1: prot: rechat has no such setting: did you mean port?"),
        ("\nport = '1'", "rechat.toml:2: port = '1': expected a whole number, without quotes"),
        ("[recrod]\nport = 1", "rechat.toml:1: recrod: rechat has no such setting"),
        ("[replay]\ntakes = 1", "rechat.toml:2: replay.takes: rechat replay has no such setting"),
        ("[replay]\non_miss = 'live'", "rechat.toml:2: replay.on_miss = 'live': expected replay"),
        ("replay = 1", "rechat.toml:1: replay = 1: expected a table, [replay]"),
        ("redact = 1", "rechat.toml:1: redact = 1: expected a table"),
        ("upstream = 'https://a'", 'expected a list: upstream = ["https://a"]'),
        ("qqqqqqq = 1", "`rechat config` lists the settings"),
    ],
)
def test_what_nobody_reads_is_told_with_its_line(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "rechat.toml").write_text(text)
    with pytest.raises(UsageError) as told:
        held(COMMANDS, tmp_path, {})
    assert problem in str(told.value)


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("RECHAT_PROT", "1", "did you mean RECHAT_PORT?"),
        ("RECHAT_PORT", "x", "RECHAT_PORT=x: expected a whole number"),
        ("RECHAT_PATH", "x", "RECHAT_PATH: no setting has this name"),
    ],
)
def test_a_variable_that_sets_nothing_is_told(
    tmp_path: Path, name: str, text: str, problem: str
) -> None:
    with pytest.raises(UsageError) as told:
        held(COMMANDS, tmp_path, {name: text})
    assert problem in str(told.value)


def test_a_variable_that_an_upstream_takes_its_key_from_is_no_setting(tmp_path: Path) -> None:
    (tmp_path / "rechat.toml").write_text("[[upstream]]\nurl = 'x'\nkey_env = 'RECHAT_KEY'\n")
    environ = {"RECHAT_KEY": "k", "RECHAT_OTHER_KEY": "o"}
    assert held(COMMANDS, tmp_path, environ, "record https://x,key_env=RECHAT_OTHER_KEY")
