"""The npm package (`packages/node`) with the real runners, as docs/node.md tells it: packed, installed
from npm beside vitest, jest and openai, and run. Without npm or its registry this is skipped.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from process import Rechat
from upstream import Upstream

from rechat.values import client_environment

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "packages" / "node"
PAGE = (ROOT / "docs" / "node.md").read_text("utf-8")
EXAMPLES: list[str] = re.findall(r"^```js\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
NODE, NPM = shutil.which("node"), shutil.which("npm")
PARIS = "### user\n\n> What is the capital of France?\n\n### assistant\n\n> Paris.\n"
TAKES = "### user\n\n> Roll.\n\n### assistant, take 1\n\n> one\n\n### assistant, take 2\n\n> two\n"
OWN = "transcripts/capital.test/knows-the-capital-of-France.md"
ASK = """
const ask = async (content) => (await new OpenAI({ maxRetries: 0 }).chat.completions.create(
  { model: "m", messages: [{ role: "user", content }] })).choices[0].message.content;
"""
# The same tests for both runners.
SUITE = """
describe("dice", () => {
  test("roll", async () => {
    expect([await ask("Roll."), await ask("Roll.")]).toEqual(["one", "two"]);
  });
  test("roll again", async () => { expect(await ask("Roll.")).toBe("one"); });
});
test("other words", async () => { await ask("What is the capital of Spain?"); });
test("a miss that is hidden", async () => { await ask("Nobody knows.").catch(() => 0); });
"""

pytestmark = [
    pytest.mark.timeout(500),
    pytest.mark.skipif(not NODE, reason="there is no Node.js here"),
]


def example(words: str) -> str:
    """The first example of the page that has some words."""
    return next(one for one in EXAMPLES if words in one)


def environment(**own: str) -> dict[str, str]:
    """One in which `python3 -m rechat` is the only one, and that is this one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    path = os.pathsep.join([str(Path(sys.executable).parent), kept["PATH"]])
    return kept | {"PATH": path, "PYTHONPATH": str(ROOT), "CI": "1", "NO_COLOR": "1"} | own


def node(script: str, folder: Path, **own: str) -> subprocess.CompletedProcess[str]:
    """A module that Node runs."""
    assert NODE
    return run([NODE, "--input-type=module", "-e", script], folder, **own)


def run(command: list[str], folder: Path, **own: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=environment(**own),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def said(script: str, folder: Path, **own: str) -> Any:
    """What a module prints, as JSON."""
    done = node(script, folder, **own)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package, the runners and a client."""
    folder: Path = tmp_path_factory.mktemp("npm")
    if not NPM:
        pytest.skip("there is no npm here")
    packed = run([NPM, "pack", "--silent", str(PACKAGE)], folder)
    assert packed.returncode == 0, packed.stderr
    (folder / "package.json").write_text("{}")
    quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts", "--loglevel=error"]
    wanted = ["vitest", "jest", "openai", "typescript", f"./{packed.stdout.strip()}"]
    try:
        done = subprocess.run(
            [NPM, "install", *quiet, "--fetch-retries=1", *wanted],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    except subprocess.TimeoutExpired:
        pytest.skip("npm has installed nothing for five minutes")
    if done.returncode:
        pytest.skip(f"npm cannot install what is tested with: {done.stderr.strip()[:500]}")
    return folder


@pytest.fixture
def project(installed: Path, tmp_path: Path) -> Path:
    """A project with what is installed."""
    (tmp_path / "node_modules").symlink_to(installed / "node_modules")
    (tmp_path / "package.json").write_text("{}")
    return tmp_path


def write(project: Path, **files: str) -> None:
    for name, text in files.items():
        path = project / "transcripts" / "suite.test" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def upstream() -> Iterator[str]:
    with Upstream() as running:
        yield running.url


def vitest(project: Path, **own: str) -> subprocess.CompletedProcess[str]:
    return run(
        [str(project / "node_modules/.bin/vitest"), "run", "--reporter=verbose"], project, **own
    )


def jest(project: Path, **own: str) -> subprocess.CompletedProcess[str]:
    return run(
        [str(project / "node_modules/.bin/jest"), "--verbose", "--rootDir=."], project, **own
    )


RUNNERS = {
    "vitest": (vitest, 'import { recorded } from "rechat/vitest";\nimport OpenAI from "openai";\n'
               'import { describe, expect, test } from "vitest";\nrecorded();\n'),
    "jest": (jest, '/** @jest-environment rechat/jest */\nconst { OpenAI } = require("openai");\n'),
}  # fmt: skip


@pytest.fixture(params=RUNNERS)
def runner(request: pytest.FixtureRequest, project: Path) -> tuple[Any, str, str]:
    """A runner, the head of its files, and its example of the page."""
    name = request.param
    if name == "vitest":
        (project / "vitest.config.mjs").write_text(example("vitest/config"))
    start, head = RUNNERS[name]
    return start, head, example("recorded();\n" if name == "vitest" else "@jest-environment")


def test_the_example_of_the_page_is_answered_from_its_transcript(
    project: Path, runner: tuple[Any, str, str]
) -> None:
    start, _, text = runner
    (project / "capital.test.js").write_text(text)
    (project / OWN).parent.mkdir(parents=True)
    (project / OWN).write_text(PARIS)
    done = start(project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "did not exit" not in done.stdout + done.stderr


def test_takes_begin_anew_in_each_test_and_a_failing_test_shows_its_own_misses(
    project: Path, runner: tuple[Any, str, str]
) -> None:
    start, head, _ = runner
    (project / "suite.test.js").write_text(head + ASK + SUITE)
    write(project, **{"dice.roll": TAKES, "dice.roll-again": TAKES, "other-words": PARIS})
    done = start(project)
    told = done.stdout + done.stderr
    assert done.returncode == 1
    assert re.search(r"2 failed\D+2 passed", told), told
    assert 'transcript "France" ≠ request "Spain"' in told
    assert "no transcript answers requests of this test, which hides that" in told
    assert "a-miss-that-is-hidden.md, which does not exist yet" in told
    assert re.search(r"RECHAT=new npx (vitest run|jest) suite\.test\.js", told)


def test_what_is_missing_is_recorded_if_the_test_passes(
    project: Path, runner: tuple[Any, str, str], upstream: str
) -> None:
    start, head, _ = runner
    tests = (
        'test("kept", async () => { await ask("Hello?"); });\n'
        'test("not kept", async () => { await ask("Hello?"); expect(1).toBe(2); });\n'
    )
    (project / "suite.test.js").write_text(head + ASK + tests)
    done = start(project, RECHAT="new", RECHAT_UPSTREAM=upstream, OPENAI_API_KEY="sk-test")
    assert re.search(r"1 failed\D+1 passed", done.stdout + done.stderr), done.stdout + done.stderr
    assert [path.name for path in (project / "transcripts").rglob("*.md")] == ["kept.md"]


def test_a_changed_question_is_accepted_if_the_test_passes(
    project: Path, runner: tuple[Any, str, str]
) -> None:
    start, head, _ = runner
    test = 'test("capital", async () => { await ask("What is the capital of France, please?"); });'
    (project / "suite.test.js").write_text(head + ASK + test)
    write(project, capital=PARIS)
    done = start(project, RECHAT="accept")
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = (project / "transcripts").rglob("*.md")
    assert "What is the capital of France, please?" in path.read_text()


def test_concurrent_tests_have_their_own_sessions_as_arguments(project: Path) -> None:
    head = RUNNERS["vitest"][1]
    concurrent = example("test.concurrent").replace(
        "});\n});", "});\n  expect(await say(client)).toBe('one');\n});"
    )
    say = ASK.replace("const ask = async (content)", "const say = async (client)").replace(
        "new OpenAI({ maxRetries: 0 })", "client"
    )
    say = say.replace("content }", 'content: "Roll." }')
    second = concurrent.replace("asks beside others", "so does this")
    (project / "suite.test.js").write_text(head + say + concurrent + second)
    write(project, **{"asks-beside-others": TAKES, "so-does-this": TAKES})
    done = vitest(project)
    assert done.returncode == 0, done.stdout + done.stderr


def test_tests_that_jest_runs_at_once_each_have_their_environment(project: Path) -> None:
    head = RUNNERS["jest"][1]
    gate = "let both; const gate = new Promise((resolve) => { both = resolve; }); let inside = 0;\n"
    body = (
        "if (++inside === 2) both(); await gate;\n"
        'expect(process.env).toHaveProperty("OPENAI_BASE_URL", rechat.baseURL);\n'
        "expect({ ...process.env }.OPENAI_BASE_URL).toBe(rechat.baseURL);\n"
        'process.env.MINE = rechat.path; expect([await ask("Roll."), await ask("Roll.")])'
        '.toEqual(["one", "two"]); expect(process.env.MINE).toBe(rechat.path);\n'
    )
    tests = [f"test.concurrent({name!r}, async () => {{ {body} }});\n" for name in ("a", "b")]
    lost = 'test.concurrent("c", async () => { await ask("Nobody knows.").catch(() => 0); });\n'
    alone = (
        'test("alone", async () => { expect(process.env.MINE).toBeUndefined();'
        ' expect(await ask("Roll.")).toBe("one"); });\n'
    )
    (project / "suite.test.js").write_text(head + ASK + gate + "".join(tests) + lost + alone)
    write(project, a=TAKES, b=TAKES, alone=TAKES)
    done = jest(project)
    told = done.stdout + done.stderr
    assert re.search(r"1 failed\D+3 passed", told), told
    assert "transcripts/suite.test/c.md, which does not exist yet" in told


def options_of(name: str, head: str, project: Path, **own: str) -> str:
    """The head of a file of tests with options of its own; what says more at the end is set up."""
    if name == "vitest":
        return head.replace("recorded();", f"recorded({json.dumps(own)});")
    (project / "jest.config.mjs").write_text(example("rechat/jest/reporter"))
    given = f"/** @jest-environment rechat/jest\n * @jest-environment-options {json.dumps({'rechat': own})}\n */"
    return head.replace("/** @jest-environment rechat/jest */", given)


def test_what_no_test_uses_is_told_at_the_end(
    project: Path, runner: tuple[Any, str, str], request: pytest.FixtureRequest
) -> None:
    start, head, _ = runner
    name = request.node.callspec.params["runner"]
    tests = (
        'test("roll", async () => { expect(await ask("Roll.")).toBe("one"); });\n'
        'test("none", async () => {});\n'
    )
    file = project / "suite.test.js"
    file.write_text(options_of(name, head, project) + ASK + tests)
    write(project, roll=TAKES, gone=PARIS, none=PARIS)
    (project / "transcripts/old.test").mkdir()
    (project / "transcripts/old.test/any.md").write_text(PARIS)
    done = start(project)
    told = done.stdout + done.stderr
    assert done.returncode == 0, told
    found = re.findall(r"^transcripts/(\S+): no test (.*)$", told, re.MULTILINE)
    assert found == [
        ("suite.test/none.md:5", "asks for this answer"),
        ("suite.test/roll.md:9", "asks for this answer"),
        ("old.test/any.md", "uses this file"),
        ("suite.test/gone.md", "uses this file"),
    ]
    file.write_text(options_of(name, head, project, unused="fail") + ASK + tests)
    assert start(project).returncode == 1
    file.write_text(options_of(name, head, project, unused="ignore") + ASK + tests)
    done = start(project)
    assert (done.returncode, "no test" in done.stdout + done.stderr) == (0, False)
    # A test that fails may have asked for it.
    file.write_text(
        options_of(name, head, project)
        + ASK
        + tests
        + 'test("fails", () => { expect(1).toBe(2); });'
    )
    told = start(project).stderr
    assert re.findall(r"^transcripts/(\S+): no test", told, re.MULTILINE) == [
        "suite.test/none.md:5",
        "suite.test/roll.md:9",
        "suite.test/gone.md",
    ]


OLD = TAKES.replace(
    "> one\n",
    '> one\n\n<details><summary>details</summary>\n\n```yaml\nrecorded: "2020-01-01"\n```\n\n</details>\n',
)


def test_an_answer_that_is_too_old_is_told_or_fails_its_test(
    project: Path, runner: tuple[Any, str, str], request: pytest.FixtureRequest
) -> None:
    start, head, _ = runner
    name = request.node.callspec.params["runner"]
    test = 'test("roll", async () => { expect(await ask("Roll.")).toBe("one"); });\n'
    file = project / "suite.test.js"
    write(project, roll=OLD)
    file.write_text(options_of(name, head, project, maxAge="90d") + ASK + test)
    assert start(project, CI="").returncode == 0
    done = start(project)  # CI is set
    told = done.stdout + done.stderr
    assert done.returncode == 1
    assert re.search(
        r"transcripts/suite.test/roll.md:5: recorded \d+ days ago, and maxAge is 90 days", told
    )
    assert re.search(r"RECHAT=all npx (vitest run|jest) suite\.test\.js", told)
    file.write_text(options_of(name, head, project, maxAge="soon") + ASK + test)
    done = start(project)
    assert 'maxAge "soon": expected an age such as 90d' in done.stdout + done.stderr


def test_what_the_api_does_not_say_any_more_fails_its_test_if_it_is_verified(
    project: Path, runner: tuple[Any, str, str], upstream: str, request: pytest.FixtureRequest
) -> None:
    start, head, _ = runner
    name = request.node.callspec.params["runner"]
    test = 'test("kept", async () => { await ask("Hello?"); });\n'
    file = project / "suite.test.js"
    file.write_text(options_of(name, head, project) + ASK + test)
    own = {"RECHAT_UPSTREAM": upstream, "OPENAI_API_KEY": "sk-test"}
    assert start(project, RECHAT="new", **own).returncode == 0
    [path] = (project / "transcripts").rglob("*.md")
    recorded = path.read_bytes()
    # Each answer of this upstream is another one.
    done = start(project, RECHAT="verify", **own)
    told = done.stdout + done.stderr
    assert done.returncode == 1, told
    assert re.search(r"these answers have changed:\s+transcripts/suite.test/kept.md:\d+: ", told), (
        told
    )
    assert path.read_bytes() == recorded
    file.write_text(options_of(name, head, project, drift="call,error") + ASK + test)
    done = start(project, RECHAT="verify", **own)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_environment_of_the_page_adds_to_another_one(project: Path) -> None:
    (project / "environment.mjs").write_text(example("withRechat(TestEnvironment)"))
    head = '/** @jest-environment ./environment.mjs */\nconst { OpenAI } = require("openai");\n'
    test = 'test("roll", async () => { expect(await ask("Roll.")).toBe("one"); });'
    known = (
        'afterEach(async () => { expect(rechat.path).toBe("transcripts/suite.test/roll.md"); });'
    )
    (project / "suite.test.js").write_text(head + ASK + test + known)
    write(project, roll=TAKES)
    done = jest(project)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_program_of_the_page_says_what_the_transcript_says(project: Path) -> None:
    (project / "transcripts").mkdir()
    (project / "transcripts" / "capital.md").write_text(PARIS)
    done = node(example("server.stop()"), project)
    assert (done.returncode, done.stdout) == (0, "Paris.\n"), done.stderr


TYPED = """
import { start } from "rechat";
import Environment, { withRechat } from "rechat/jest";
import { recorded } from "rechat/vitest";
import { test } from "vitest";

const now = recorded({ takes: 2, misses: "ignore" });
test("typed", async ({ rechat }) => {
  const url: string = rechat.baseURL + (await now.misses())[0]?.reason;
});
export default withRechat(Environment);
const server = await start({ transcripts: ["a", "b"], record: false });
const set: Record<string, string> = server.env;
// @ts-expect-error
await start({ transcript: "a" });
"""


def test_the_types_say_what_there_is(project: Path) -> None:
    (project / "typed.mts").write_text(TYPED)
    options = [
        "--noEmit",
        "--strict",
        "--skipLibCheck",
        "--module",
        "nodenext",
        "--target",
        "esnext",
    ]
    done = run([str(project / "node_modules/.bin/tsc"), *options, "typed.mts"], project)
    assert done.returncode == 0, done.stdout


# Without npm: what needs nothing but Node.


def module(name: str) -> str:
    return (PACKAGE / "src" / name).as_uri()


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    script = (
        f'import {{ start }} from "{module("index.js")}";\n'
        'const error = await start({ transcripts: "nowhere" }).catch((e) => e);\n'
        "console.log(JSON.stringify(error.message));"
    )
    assert "nowhere does not exist: create it" in said(script, tmp_path)


def test_what_cannot_be_started_rejects_and_never_throws(tmp_path: Path) -> None:
    script = (
        f'import {{ start }} from "{module("index.js")}";\n'
        'const error = await start({ transcripts: ["a", "b"], record: true }).catch((e) => e);\n'
        "console.log(JSON.stringify(error.message));"
    )
    assert said(script, tmp_path) == "rechat records into one folder, not into several"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals")
def test_a_server_that_somebody_killed_says_so_when_it_is_stopped(tmp_path: Path) -> None:
    (tmp_path / "rechat").write_text(
        "#!/bin/sh\necho http://localhost:1\nread -r line\nkill -9 $$\n", encoding="utf-8"
    )
    (tmp_path / "rechat").chmod(0o755)
    script = (
        f'import {{ start }} from "{module("index.js")}";\n'
        f'const server = await start({{ command: "{tmp_path / "rechat"}" }});\n'
        "const told = async () => (await server.stop().catch((e) => e))?.message ?? null;\n"
        "console.log(JSON.stringify([await told(), await told()]));"
    )
    told = ["rechat ended with signal SIGKILL"] * 2
    assert said(script, tmp_path) == told


def test_a_machine_without_rechat_is_told_what_to_install(tmp_path: Path) -> None:
    script = (
        f'import {{ start }} from "{module("index.js")}";\n'
        "const error = await start().catch((e) => e);\nconsole.log(JSON.stringify(error.message));"
    )
    assert "uv tool install rechat" in said(script, tmp_path, PATH=str(tmp_path))


def test_it_prefers_the_program_then_python_then_uvx(tmp_path: Path) -> None:
    def program(name: str, code: int) -> Path:
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\nexit {code}\n")
        path.chmod(0o755)
        return path

    def found() -> Any:
        script = f'import {{ findCommand }} from "{module("index.js")}";\n'
        return said(
            script + "console.log(JSON.stringify(findCommand()));", tmp_path, PATH=str(tmp_path)
        )

    uvx, python = program("uvx", 0), program("python3", 1)
    assert found() == [str(uvx), "rechat"]
    program("python3", 0)
    assert found() == [str(python), "-P", "-m", "rechat"]
    assert found()[:1] != [str(program("rechat", 0))]
    assert found() == [str(tmp_path / "rechat")]


def test_a_server_ends_with_the_program_that_started_it(tmp_path: Path) -> None:
    (tmp_path / "transcripts").mkdir()
    script = (
        f'import {{ start }} from "{module("index.js")}";\n'
        "console.log((await start()).url);\nsetInterval(() => {}, 1000);"
    )
    assert NODE
    with subprocess.Popen(
        [NODE, "--input-type=module", "-e", script],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout
        port = int(program.stdout.readline().rpartition(":")[2])
        with socket.create_connection(("localhost", port), timeout=60) as connection:
            program.kill()
            assert connection.recv(1) == b""


@pytest.mark.parametrize("needs_key", [False, True])
@pytest.mark.parametrize(
    "present",
    [
        {},
        {"OPENAI_API_KEY": "mine", "GEMINI_API_KEY": "", "LITELLM_LOCAL_MODEL_COST_MAP": "x"},
        {"https_proxy": "http://p", "no_proxy": "a, b"},
        {"HTTPS_PROXY": "http://p", "NO_PROXY": "localhost,x"},
    ],
)
def test_the_variables_of_the_clients_are_those_of_rechat_run(
    tmp_path: Path, present: dict[str, str], needs_key: bool
) -> None:
    script = (
        f'import {{ clientEnvironment }} from "{module("environment.js")}";\n'
        f'console.log(JSON.stringify(clientEnvironment("http://u", "t", {json.dumps(present)}, '
        f"{json.dumps(needs_key)})));"
    )
    assert said(script, tmp_path) == client_environment(
        "http://u", "t", present, needs_key=needs_key
    )


def test_tests_of_different_names_have_different_transcripts(tmp_path: Path) -> None:
    names = [
        ["a b"],
        ["a-b"],
        ["a  b"],
        ["a", "b"],
        ["a.b"],
        ["a/b"],
        [" a b"],
        ["é"],
        ["è"],
        [".."],
        ["x" * 300],
    ]
    script = (
        f'import {{ transcriptOf }} from "{module("places.js")}";\n'
        f"console.log(JSON.stringify({json.dumps(names)}.map((one) => "
        'transcriptOf("/p", "/p/tests/chat.test.ts", one))));'
    )
    found = said(script, tmp_path)
    assert found[0] == "tests/transcripts/chat.test/a-b.md"
    assert len({*found}) == len(names)
    assert all(
        re.fullmatch(r"tests/transcripts/chat\.test/[\w.-]{1,110}\.md", one) for one in found
    )


def test_the_server_of_the_helpers_is_the_one_that_pytest_has(tmp_path: Path) -> None:
    with Rechat("serve-tests", folder=tmp_path) as server:
        assert server.root.startswith("http://localhost:")


def test_the_version_is_that_of_the_python_package() -> None:
    import rechat  # noqa: PLC0415

    assert json.loads((PACKAGE / "package.json").read_text())["version"] == rechat.__version__


def test_the_page_names_all_options() -> None:
    types = (PACKAGE / "src" / "index.d.ts").read_text()
    for name in re.findall(r"^  (?:readonly )?(\w+)[?(:]", types, re.MULTILINE):
        if name not in ("token", "unref", "api", "settings"):
            assert re.search(rf"`[^`]*\b{name}\b[^`]*`|\b{name}\b", PAGE), name
