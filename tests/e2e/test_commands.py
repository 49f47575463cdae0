"""The commands as a user types them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import io as mitmproxy_io
from mitmproxy.test import tflow, tutils
from process import Rechat
from upstream import Upstream

HELLO = "# Mine\n\n### user\n\n> Hello\n\n### assistant\n\n> Hi!\n"


def run(
    *arguments: str | Path, folder: Path, given: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rechat", *map(str, arguments)]
    own = {"COLUMNS": "200", "NO_COLOR": "1", **environment}
    return subprocess.run(  # noqa: S603
        command,
        cwd=folder,
        env=os.environ | own,
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.fixture
def mine(folder: Path) -> Path:
    path = folder / "mine.md"
    path.write_text(HELLO)
    return path


def test_init_makes_a_folder_that_lints_clean_and_answers(tmp_path: Path) -> None:
    assert run("init", folder=tmp_path).returncode == 0
    assert (tmp_path / "transcripts" / ".gitattributes").is_file()
    assert run("lint", folder=tmp_path).returncode == 0
    assert run("find", "Hello!", folder=tmp_path).stdout.startswith("transcripts/hello.md:")


def test_init_leaves_alone_what_is_there(mine: Path) -> None:
    (mine.parent / "hello.md").write_text("mine")
    result = run("init", folder=mine.parent.parent)
    assert "hello.md is there already" in result.stderr
    assert (mine.parent / "hello.md").read_text() == "mine"


def test_show_prints_the_conversation_with_its_lines(mine: Path) -> None:
    result = run("show", "transcripts/mine.md", folder=mine.parent.parent)
    assert "transcripts/mine.md:7" in result.stdout
    assert "Hi!" in result.stdout


def test_show_prints_json(mine: Path) -> None:
    [section] = json.loads(run("show", mine, "--json", folder=mine.parent).stdout)
    assert [(m["role"], m["content"]) for m in section["messages"]] == [
        ("user", "Hello"),
        ("assistant", "Hi!"),
    ]


def test_show_picks_a_section(tmp_path: Path) -> None:
    path = tmp_path / "two.md"
    path.write_text("## A\n\n### user\n\n> a\n\n## B\n\n### user\n\n> b\n")
    [section] = json.loads(run("show", f"{path}#B", "--json", folder=tmp_path).stdout)
    assert section["title"] == "B"
    assert run("show", f"{path}#C", folder=tmp_path).returncode == 2


def test_find_explains_a_miss_and_exits_with_1(mine: Path) -> None:
    result = run("find", "Hello you", folder=mine.parent.parent)
    assert result.returncode == 1
    assert "nearest transcripts/mine.md:7" in result.stdout
    assert "-Hello\n+Hello you" in result.stdout


def test_find_takes_a_request_from_standard_input(mine: Path) -> None:
    request = json.dumps({"messages": [{"role": "user", "content": "Hello"}]})
    result = run("find", "-", mine, "--json", folder=mine.parent, given=request)
    assert json.loads(result.stdout)["rule"] == "listed"


def test_lint_names_file_line_and_what_to_do(mine: Path) -> None:
    mine.write_text(HELLO.replace("> Hi!", "Hi!"))
    result = run("lint", folder=mine.parent.parent)
    assert result.returncode == 1
    assert result.stdout.startswith("transcripts/mine.md:9: error: this text is not in the body")


def test_lint_prints_json(mine: Path) -> None:
    (mine.parent / "again.md").write_text(HELLO)
    [finding] = json.loads(run("lint", "--json", folder=mine.parent.parent).stdout)
    assert (finding["path"], finding["level"]) == ("transcripts/mine.md", "warning")


CHILD = """
import json, os, sys, urllib.request
body = json.dumps({"messages": [{"role": "user", "content": sys.argv[1]}]}).encode()
url = os.environ["OPENAI_BASE_URL"] + "/chat/completions"
print(json.load(urllib.request.urlopen(url, body))["choices"][0]["message"]["content"])
print(os.environ["ANTHROPIC_BASE_URL"], bool(os.environ["OPENAI_API_KEY"]))
sys.exit(7)
"""


def test_run_sets_the_variables_and_exits_with_the_programs_code(mine: Path) -> None:
    program = [sys.executable, "-c", CHILD, "Hello"]
    result = run("run", "replay", mine, "--", *program, folder=mine.parent, OPENAI_API_KEY="k")
    assert result.returncode == 7, result.stderr
    said, variables = result.stdout.splitlines()
    assert said == "Hi!"
    assert variables.startswith("http://localhost:")
    assert variables.endswith(" True")


def test_run_records(upstream: Upstream, folder: Path) -> None:
    program = [sys.executable, "-c", CHILD, "Hello"]
    arguments = ["run", "record", "--upstream", upstream.url, folder, "--", *program]
    result = run(*arguments, folder=folder.parent, OPENAI_API_KEY="k")
    assert result.stdout.startswith("Echo 1: Hello"), result.stderr
    assert len(list(folder.glob("*.md"))) == 1


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["replay", "nowhere"], "nowhere does not exist"),
        (["record", "no-url"], "'no-url' is no upstream"),
        (["show"], "Missing argument"),
        (["replay", ".", "--mode", "nonsense"], "--mode nonsense"),
        (["replay", ".", "--set", "nonsense=1"], "nonsense"),
        (["record", "--on-miss", "guess"], "--on-miss guess"),
        (["run", "replay"], "put the program after --"),
        (["run", "--", "no-such-program"], "no-such-program: no such program"),
        (["replay", ".", "-f", "gone.dump"], "gone.dump does not exist"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_usage_is_one_line_and_exit_code_2(
    tmp_path: Path, arguments: list[str], problem: str
) -> None:
    result = run(*arguments, folder=tmp_path)
    assert result.returncode == 2, result.stderr
    assert problem in result.stderr
    assert "Traceback" not in result.stderr


def test_a_port_in_use_is_one_line_and_exit_code_2(upstream: Upstream, folder: Path) -> None:
    port = upstream.url.removesuffix("/v1").rpartition(":")[2]
    result = run("replay", folder, "--port", port, folder=folder.parent)
    assert result.returncode == 2
    assert result.stderr.splitlines() == [
        f"rechat: port {port} is in use: stop what listens there, "
        "or take another with --port (0 for any)"
    ]


def dump(path: Path, question: str, answer: str) -> None:
    """A dump of mitmproxy with one recorded chat completion."""
    body: dict[str, Any] = {"model": "gpt-5", "messages": [{"role": "user", "content": question}]}
    message = {"role": "assistant", "content": answer}
    reply = {"id": "1", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    request = tutils.treq(
        method=b"POST", path=b"/v1/chat/completions", content=json.dumps(body).encode()
    )
    response = tutils.tresp(content=json.dumps(reply).encode())
    with path.open("wb") as file:
        mitmproxy_io.FlowWriter(file).add(tflow.tflow(req=request, resp=response))


def test_dumps_of_mitmproxy_answer_too(tmp_path: Path) -> None:
    dump(tmp_path / "flows_1.dump", "One?", "First.")
    dump(tmp_path / "flows_2.dump", "Two?", "Second.")
    with Rechat("replay", "-f", folder=tmp_path) as rechat:
        client = rechat.client()
        for question, expected in (("One?", "First."), ("Two?", "Second.")):
            answer = client.chat.completions.create(
                model="gpt-5", messages=[{"role": "user", "content": question}]
            )
            assert answer.choices[0].message.content == expected


def test_a_damaged_dump_is_told_and_its_good_part_served(tmp_path: Path) -> None:
    path = tmp_path / "flows_1.dump"
    dump(path, "One?", "First.")
    path.write_bytes(path.read_bytes() + b"9999:damaged")
    with Rechat("replay", "-f", path, folder=tmp_path) as rechat:
        assert "flows_1.dump" in rechat.output
        answer = rechat.client().chat.completions.create(
            model="gpt-5", messages=[{"role": "user", "content": "One?"}]
        )
        assert answer.choices[0].message.content == "First."


def test_settings_come_from_pyproject(mine: Path) -> None:
    (mine.parent.parent / "pyproject.toml").write_text("[tool.rechat]\nquiet = true\n")
    with Rechat("replay", mine, folder=mine.parent.parent) as rechat:
        rechat.client().chat.completions.create(
            model="gpt-5", messages=[{"role": "user", "content": "Hello"}]
        )
        assert len(rechat.lines) == 1


def test_quiet_prints_the_address_and_nothing_else(mine: Path) -> None:
    with Rechat("replay", mine, "-q", folder=mine.parent) as rechat:
        rechat.client().chat.completions.create(
            model="gpt-5", messages=[{"role": "user", "content": "Hello"}]
        )
    assert len(rechat.lines) == 1
    assert rechat.lines[0].startswith("http://localhost:")


def test_the_console_shows_a_line_and_the_conversation_of_each_request(mine: Path) -> None:
    with Rechat("replay", mine, folder=mine.parent, NO_COLOR="1") as rechat:
        rechat.client().chat.completions.create(
            model="gpt-5", messages=[{"role": "user", "content": "Hello"}]
        )
    [line] = [line for line in rechat.lines if line.startswith("hit")]
    assert "gpt-5  Hello" in line
    assert "mine.md:7 (listed)" in line
    assert "Hi!" in rechat.output


def test_reading_commands_do_not_import_mitmproxy(mine: Path) -> None:
    code = (
        "import sys; from rechat.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: print(any(name.startswith('mitmproxy') for name in sys.modules))"
    )
    for arguments in (
        ["--help"],
        ["lint", str(mine)],
        ["show", str(mine)],
        ["find", "x", str(mine)],
    ):
        result = subprocess.run(  # noqa: S603
            [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
        )
        assert result.stdout.splitlines()[-1] == "False"
