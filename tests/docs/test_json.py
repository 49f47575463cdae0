"""docs/json: a schema for each command that prints JSON, held against what it really prints."""

import json
import re
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE
from typing import Any

import httpx
import pytest
from foreign import SAID
from foreign import cassette
from jsonschema import Draft202012Validator
from process import Rechat
from process import run
from typer.main import get_command

from rechat.cli.app import app
from rechat.values import assets

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "json.md").read_text("utf-8")
COMMANDS: dict[str, Any] = get_command(app).commands  # type: ignore[attr-defined]
SHOWN = [name for name, command in COMMANDS.items() if not command.hidden]
SCHEMAS = {
    path.name.removesuffix(".schema.json"): json.loads(path.read_text("utf-8"))
    for path in (DOCS / "json").glob("*.schema.json")
}
# `run` prints what its program prints, the others speak a protocol.
WITHOUT = {"run", "lsp", "mcp", "merge"}
EVERYTHING = (
    "---\nmodel: gpt-5\ntemperature: 0.50\nrechat: {takes: cycle}\n---\n\n## Parts\n\n"
    "### system, any\n\n### user, like\n\n> Say [..]\n\n### assistant, take 1\n\n"
    '#### reasoning\n\n> Hm.\n\n#### text\n\n> Hi\n\n#### call f, c1\n\n```json\n{"a": 1}\n```\n\n'
    "### assistant, take 2\n\n> Ho\n\n### tool, c1\n\n> 1\n\n### error 429\n\n> slow down\n\n"
    "## Faults\n\n### user\n\n#### text\n\n> a\n\n#### image\n\n![](https://example.com/a.png)\n\n"
    "### error timeout\n\n## Cut\n\n### user\n\n> b\n\n### error cut after 3\n\n> abcdef\n\n"
    "## Blank\n\n### user\n\n> c\n\n### assistant\n"
)
LIKE = json.dumps(
    {"model": "gpt-5", "temperature": 0.5, "messages": [{"role": "user", "content": "Say it"}]}
)
HELLO = "### user\n\n> Hello\n\n### assistant\n\n> {}\n"


def with_json(name: str) -> bool:
    return any("--json" in one.opts for one in COMMANDS[name].params)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    transcripts = tmp_path / "transcripts"
    (transcripts / "assets").mkdir(parents=True)
    (transcripts / "all.md").write_text(EVERYTHING)
    (transcripts / "hello.md").write_text(HELLO.format("Hi!"))
    (transcripts / assets.path_of(b"x", "txt")).write_text("x")
    (tmp_path / "other.md").write_text(HELLO.format("Ho!"))
    (tmp_path / "loose.md").write_text("### user\n> a\n### assistant\n> b\n")
    (tmp_path / "broken.md").write_text("### usr\n")
    (tmp_path / "c.yaml").write_bytes(cassette(SAID, SAID))
    return tmp_path


def test_every_command_prints_json_or_says_why_not() -> None:
    shown = {*SHOWN}
    assert {name for name in shown if not with_json(name)} == WITHOUT
    for name in WITHOUT:
        assert re.search(rf"`(?:rechat )?{name}`", PAGE)


def test_every_schema_is_linked_and_is_one() -> None:
    rows = re.findall(r"^\| `rechat ([a-z]+)` \| \[\1\]\(json/\1.schema.json\)", PAGE, re.MULTILINE)
    assert {*rows} == {*SCHEMAS} == {*filter(with_json, SHOWN)}
    for schema in SCHEMAS.values():
        Draft202012Validator.check_schema(schema)


def check(name: str, *arguments: str | Path, folder: Path, code: int = 0, home: str = "") -> Any:
    """Run a command; what it prints is as its schema says, and nothing else is printed."""
    own = {"HOME": home, "USERPROFILE": home} if home else {}
    result = run(name, *arguments, "--json", folder=folder, **own)
    assert result.returncode == code, result.stderr
    value = json.loads(result.stdout)
    problems = [f"{one.json_path}: {one.message}" for one in problems_of(name, value)]
    assert problems == []
    return value


def problems_of(name: str, value: Any) -> list[Any]:
    return [*Draft202012Validator(SCHEMAS[name]).iter_errors(value)]


def test_show_prints_every_kind_of_entry(folder: Path) -> None:
    shown = check("show", "transcripts", folder=folder)
    entries = [entry for section in shown for entry in section["messages"]]
    assert {entry["type"] for entry in entries} >= {"message", "answer", "error", "fault", "blank"}


def test_show_prints_what_all_cases_of_the_specification_mean() -> None:
    cases = [*(DOCS / "spec" / "tests" / "valid").glob("*.json")]
    assert cases
    for path in cases:
        sections = json.loads(path.read_text("utf-8"))["sections"]
        value = [{"path": path.name, **section} for section in sections]
        assert [one.message for one in problems_of("show", value)] == [], path.name


@pytest.mark.parametrize(("query", "code"), [("Hello", 0), ("Hallo", 1), (LIKE, 0)])
def test_find(folder: Path, query: str, code: int) -> None:
    check("find", query, folder=folder, code=code)


def test_find_in_nothing(tmp_path: Path) -> None:
    (tmp_path / "transcripts").mkdir()
    assert check("find", "Hello", folder=tmp_path, code=1)["nearest"] is None


def test_accept(folder: Path) -> None:
    check("accept", "Hello there", "--into", "transcripts/hello.md", folder=folder)


def test_diff(folder: Path) -> None:
    assert check("diff", "transcripts/hello.md", "other.md", folder=folder, code=1)
    assert check("diff", "transcripts/hello.md", "transcripts/all.md", folder=folder, code=1)
    assert check("diff", "other.md", "other.md", folder=folder) == []


def test_lint(folder: Path) -> None:
    assert check("lint", ".", folder=folder, code=1)


def test_fmt(folder: Path) -> None:
    files = ("loose.md", "broken.md", "other.md")
    told = check("fmt", "--diff", *files, folder=folder, code=1)
    assert (told["files"], told["written"]) == (3, False)
    assert told["changed"][0]["diff"].startswith("--- loose.md\n+++ loose.md\n")
    assert told["unreadable"][0]["code"] == "unknown-role"
    assert check("fmt", "loose.md", folder=folder)["changed"] == [{"path": "loose.md"}]
    assert run("fmt", "-", "--json", folder=folder, given="").returncode == 2


def test_stats(folder: Path) -> None:
    assert check("stats", folder=folder)["files"] == 2


def test_prune(folder: Path) -> None:
    [file] = check("prune", folder=folder)["files"]
    assert (folder / file["path"]).exists()
    assert check("prune", "--yes", folder=folder)["removed"] is True
    assert not (folder / file["path"]).exists()


def test_import_and_export(folder: Path) -> None:
    told = check("import", "c.yaml", "other.md", "--to", "new", folder=folder)
    assert (len(told["saved"]), len(told["left"])) == (2, 1)
    told = check("export", "raw", "transcripts", "-o", "raw.jsonl", folder=folder)
    assert told["exported"] == len((folder / "raw.jsonl").read_text().splitlines())
    assert told["left"]
    refused = run("export", "raw", "--json", folder=folder)
    assert (refused.returncode, refused.stdout) == (2, "")


def test_init(tmp_path: Path) -> None:
    done = check("init", "new", "--vscode", folder=tmp_path)["done"]
    assert {"new/hello.md", ".vscode/tasks.json"} <= {*done}


def test_ca(tmp_path: Path) -> None:
    told = check("ca", "--bundle", "all.pem", folder=tmp_path, home=str(tmp_path))
    assert Path(told["certificate"]).is_file()
    assert (tmp_path / told["bundle"]).is_file()


@pytest.mark.parametrize("name", sorted(name for name in SHOWN if name != "config"))
def test_config(tmp_path: Path, name: str) -> None:
    (tmp_path / "rechat.toml").write_text(
        '[prices]\nm = [1.0, 2.0]\n[normalise]\nticket = "A-[0-9]+"\n'
    )
    check("config", name, folder=tmp_path)


def test_resend_and_compare(folder: Path) -> None:
    with Rechat("replay", folder=folder) as rechat:
        target = f"{rechat.url}:m"
        plan = check("resend", "transcripts", "--to", target, "--dry-run", folder=folder)
        assert plan["targets"][0]["requests"] > 0
        for name in ("one", "two"):
            asked = ("transcripts", "--to", target, "--slo", "ttft=300", "--name", name)
            assert check("resend", *asked, folder=folder)["targets"]
    check("compare", "one", "two", folder=folder)


@pytest.mark.parametrize("name", ["record", "replay"])
def test_servers_print_a_line_for_each_thing_that_happens(folder: Path, name: str) -> None:
    command = [sys.executable, "-m", "rechat", name, "--json", "--until-eof", "-p", "0"]
    command += ["transcripts"] if name == "replay" else ["--to", "transcripts"]
    with subprocess.Popen(
        command, cwd=folder, stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True
    ) as server:
        assert server.stdout
        first = server.stdout.readline()
        url = json.loads(first)["base_url"]
        asked = {"model": "gpt-5", "messages": [{"role": "user", "content": "Hello"}]}
        assert httpx.post(f"{url}/chat/completions", json=asked, trust_env=False).is_success
        rest, errors = server.communicate()
    lines = [json.loads(line) for line in [first, *rest.splitlines()]]
    assert [one for line in lines for one in problems_of(name, line)] == []
    assert [line["event"] for line in lines] == ["started", "exchange", "summary"]
    assert lines[1]["place"].startswith("transcripts/hello.md:")
    assert lines[2]["counts"] == {"hit": 1}
    assert errors == ""
