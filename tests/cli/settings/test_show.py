"""`rechat config`."""

import json
from pathlib import Path

from process import run


def test_config_shows_what_holds_and_where_it_comes_from(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[tool.rechat]\nquiet = true\n\n[tool.rechat.prices]\nm = [1, 2]\n"
    )
    found = run("config", "replay", "--json", folder=tmp_path)
    settings = json.loads(found.stdout)["settings"]
    assert settings["quiet"] == {"value": True, "from": "pyproject.toml:2"}
    assert settings["pace"] == {"value": "none", "from": "default"}
    assert settings["prices.m"] == {"value": [1, 2], "from": "pyproject.toml:5"}
    rows = [line.split() for line in run("config", folder=tmp_path).stdout.splitlines()]
    assert ["quiet", "true", "pyproject.toml:2"] in rows


def test_a_misspelt_setting_stops_a_command_but_not_its_help(tmp_path: Path) -> None:
    (tmp_path / "rechat.toml").write_text("qiet = true\n")
    problem = "rechat: rechat.toml:1: qiet: rechat has no such setting: did you mean quiet?\n"
    for words in (["replay"], ["config"]):
        found = run(*words, folder=tmp_path)
        assert (found.returncode, found.stderr) == (2, problem)
    assert run("replay", "--help", folder=tmp_path).returncode == 0


def test_a_command_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "'play' is no command" in run("config", "play", folder=tmp_path).stderr
