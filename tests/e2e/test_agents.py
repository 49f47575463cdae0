"""Real agents: a session is recorded once, tools and all, and replays without an upstream in another
folder of another user, 40 days and a commit later.

They are large programs from npm and PyPI, so CI does not install them. By hand:

    npm install @openai/codex @anthropic-ai/claude-code @google/gemini-cli opencode-ai
    pipx install aider-chat; pipx install llm
    python -m venv smol; smol/bin/pip install smolagents openai openai-agents 'pydantic-ai-slim[openai]'
    PATH=$PWD/node_modules/.bin:$PATH AGENTS_PYTHON=smol/bin/python pytest tests/e2e/test_agents.py

The later day needs `libfaketime`, which Debian has; without it, it is two time zones that are always
a day apart. So it is for Codex, a static program, and for Claude Code, in whose tools the library
writes errors of its own, unless `AGENTS_LATER` names another command that runs one on a later day.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from http.client import HTTPMessage
from pathlib import Path
from typing import Any

import pytest
from process import Rechat
from socket_upstream import Event
from socket_upstream import echo
from socket_upstream import socket_upstream
from upstream import Bytes
from upstream import Json
from upstream import Received
from upstream import Upstream

from rechat.dialects import dialect_of
from rechat.values import Answer
from rechat.values import Call
from rechat.values import Choice
from rechat.values import HttpRequest
from rechat.values import Message
from rechat.values import header

# What is run: what it prints differs on another day, in another folder and of another user.
COMMANDS = (
    "ls -la",
    "pwd; git rev-parse HEAD; git status; ls -l --full-time README.md; stat README.md",
    "echo 1 > a.py; git add -A; git -c user.name=A -c user.email=a@b.c commit -m Add; git log -1",
    "mktemp -d; date; python3 -c 'print(object())'; echo 1 passed in $(date +0.%N)s",
    "ls nothing 2>&1; cat README.md",
    "date +%s; date -Iseconds; git log --oneline -1; git branch -v; env | grep ^PWD",
    "python3 -m unittest discover -s src 2>&1; PYTHONPATH=src python3 -c 'import app; app.no' 2>&1",
)
FILES = {
    "README.md": "A project\n",
    "AGENTS.md": "Be brief.\n",
    "CLAUDE.md": "Be brief.\n",
    "GEMINI.md": "Be brief.\n",
    "src/app.py": "def main():\n    return 1\n\n\nprint(main())\n",
    "src/test_app.py": (
        "import unittest\n\n\nclass T(unittest.TestCase):\n"
        "    def test_a(self):\n        self.assertEqual(1, 2)\n"
    ),
}
# Without the library this has no effect.
LATER = "env LD_PRELOAD=/usr/$LIB/faketime/libfaketime.so.1 FAKETIME=+40d FAKETIME_DONT_FAKE_MONOTONIC=1"
AGENTS_LATER = os.environ.get("AGENTS_LATER", LATER).split()
ZONES = {"home-1": "Etc/GMT+12", "home-2": "Pacific/Kiritimati"}
QUESTION = "List the files here, then say done."
NEXT = "Look again, at all of it, then say done."
LAST = "There is one file: README.md. done"

type Step = tuple[str, dict[str, Any]]
"""A call: the name of the tool, and its arguments, in which `FOLDER` stands for the folder."""
FOLDER = "{folder}"
APP = f"{FOLDER}/src/app.py"
NEW = f"{FOLDER}/src/new.py"
PATCH = """apply_patch <<'EOF'
*** Begin Patch
*** Update File: src/app.py
@@
-    return 1
+    return 2
*** End Patch
EOF"""


def shell(tool: str, key: str = "command", *commands: str, **others: str) -> list[Step]:
    """The calls of a tool that runs the commands, and these after them."""
    return [(tool, {key: command, **others}) for command in (*COMMANDS, *commands)]


LOOKED = ("git diff; git status; ls -l",)
STEPS: dict[str, list[Step]] = {
    "claude": [
        *shell("Bash", description="Look"),
        ("Read", {"file_path": APP}),
        ("Edit", {"file_path": APP, "old_string": "return 1", "new_string": "return 2"}),
        ("Write", {"file_path": NEW, "content": "print(3)\n"}),
        ("Read", {"file_path": f"{FOLDER}/nothing.py"}),
        ("Bash", {"command": LOOKED[0], "description": "Look"}),
    ],
    "codex": shell("exec_command", "cmd", PATCH, *LOOKED),
    "gemini": [
        *shell("run_shell_command"),
        ("read_file", {"file_path": "src/app.py"}),
        (
            "replace",
            {
                "file_path": APP,
                "instruction": "Give two",
                "old_string": "return 1",
                "new_string": "return 2",
            },
        ),
        ("write_file", {"file_path": NEW, "content": "print(3)\n"}),
        ("list_directory", {"dir_path": FOLDER}),
        ("glob", {"pattern": "**/*.py"}),
        ("grep_search", {"pattern": "return"}),
        ("read_file", {"file_path": f"{FOLDER}/nothing.py"}),
        ("run_shell_command", {"command": LOOKED[0]}),
    ],
    "opencode": [
        *shell("bash", description="Look"),
        ("read", {"filePath": APP}),
        ("edit", {"filePath": APP, "oldString": "return 1", "newString": "return 2"}),
        ("write", {"filePath": NEW, "content": "print(3)\n"}),
        ("read", {"filePath": FOLDER}),
        ("read", {"filePath": f"{FOLDER}/nothing.py"}),
        ("glob", {"pattern": "**/*.py"}),
        ("bash", {"command": LOOKED[0], "description": "Look"}),
    ],
    "framework": shell("run_command"),
}
# What results tell, by the name that stands for it in later calls.
TOLD = {
    "{task}": r"background with ID: (\w+)",
    "{file}": r"written to: (/\S+?\.output)",
    "{session}": r"session ID (\d+)",
    "{process}": r"in background\. PID: (\d+)",
    "{pid}": r"(?m)(?:^|Output: )PID: (\d+)$",
    "{temporary}": r"(/tmp/tmp\.\w+)",
    "{commit}": r"\b([0-9a-f]{40})\b",
}
# More of what differs, and calls that name it again.
LONGER = (
    "ls -la; find . -name '*.py'; grep -rn return src",
    "git status; git reflog | head -1; git log -1 --stat",
    "uptime; df -h .; free -m; du -sh src",
    "env | sort",
    "sleep 3 > sleep.log 2>&1 & echo PID: $!",
    "kill {pid}; sleep 0.1; ls -la sleep.log",
    "mktemp -d",
    "echo hi > {temporary}/a; cat {temporary}/a",
    "git rev-parse HEAD",
    "git show --stat --oneline {commit}",
    "time python3 -c 'print(1)'",
    "python3 -V; ls --full-time README.md; stat -c '%y %n' README.md",
)
LONG: dict[str, list[Step]] = {
    "claude": [
        *[("Bash", {"command": command, "description": "Look"}) for command in LONGER],
        (
            "Bash",
            {"command": "echo a; sleep 60", "description": "Serve", "run_in_background": True},
        ),
        ("Bash", {"command": "sleep 1.5; cat {file}", "description": "Look"}),
        ("ToolSearch", {"query": "select:TaskStop"}),
        ("TaskStop", {"task_id": "{task}"}),
        ("Bash", {"command": "seq 1 30000", "description": "Look"}),
    ],
    "codex": [
        *[("exec_command", {"cmd": command}) for command in LONGER],
        ("exec_command", {"cmd": "cat", "tty": True, "yield_time_ms": 300}),
        ("write_stdin", {"session_id": "{session}", "chars": "a\n", "yield_time_ms": 500}),
        ("write_stdin", {"session_id": "{session}", "chars": "\x03", "yield_time_ms": 500}),
        ("exec_command", {"cmd": "seq 1 60000"}),
    ],
    "gemini": [
        *[("run_shell_command", {"command": command}) for command in LONGER],
        ("run_shell_command", {"command": "echo a; sleep 60", "is_background": True}),
        ("read_background_output", {"pid": "{process}", "delay_ms": 1000}),
        ("run_shell_command", {"command": "kill {process}; sleep 0.5; echo killed"}),
        ("run_shell_command", {"command": "seq 1 30000"}),
    ],
    "opencode": [
        # It lets no command write into folders of others.
        *[
            ("bash", {"command": command, "description": "Look"})
            for command in LONGER
            if "{temporary}" not in command
        ],
        ("bash", {"command": "seq 1 6000", "description": "Look"}),
    ],
    "framework": [("run_command", {"command": command}) for command in LONGER],
}
NUMBERS = ("{session}", "{process}")
type Agent = Callable[..., str]
"""Runs a session against a rechat, in a folder, for the user of a home; what it printed."""


def is_result(message: Message) -> bool:
    """Whether a message is the result of a call; smolagents sends them as messages of the user."""
    return message.role == "tool" or message.text.startswith("Observation:")


def model(steps: list[Step], folder: Path, last: Step | None = None) -> Callable[[Received], Bytes]:
    """What a model says in any API: all calls, one after the other, then `LAST`, which some agents
    want as the arguments of a call.
    """

    def calls(number: int, step: Step, results: str) -> Message:
        arguments = json.dumps(step[1]).replace(FOLDER, str(folder))
        for name, pattern in TOLD.items():
            found = re.findall(pattern, results) if name in arguments else []
            arguments = (
                arguments.replace(f'"{name}"', found[-1])
                if name in NUMBERS and found
                else arguments
            )
            arguments = arguments.replace(name, found[-1]) if found else arguments
        return Message("assistant", "I look.", (Call(step[0], f"call_{number}", arguments),))

    def said(messages: tuple[Message, ...]) -> Message:
        results = [message.text for message in messages if is_result(message)]
        done, told = len(results), "\n".join(results)
        if "title generator" in messages[0].text:
            return Message("assistant", "The files")
        if done < len(steps):
            return calls(done, steps[done], told)
        return calls(done, last, told) if last else Message("assistant", LAST)

    def reply(received: Received) -> Bytes:
        path, _, query = received.path.partition("?")
        dialect = dialect_of(received.method, path)
        if received.method != "POST" or not dialect:
            is_socket = "upgrade" in received.headers  # which Codex tries first
            return Bytes(b"{}", "application/json", 426 if is_socket else 404)
        asked = HttpRequest(received.method, path, query, (), received.body)
        request = dialect.read_request(asked)
        answer = Answer((Choice(said(request.messages)),))
        response = dialect.write_answer(answer, request)
        return Bytes(response.body, header(response.headers, "content-type"), response.status)

    return reply


def program(name: str) -> str:
    """The path of an agent; without it the test is skipped."""
    found = shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not on PATH: install it from npm and run this by hand")
    return found


def project(folder: Path, commits: int) -> Path:
    """A repository with so many commits, the last of which is the same in all, and a new file."""
    git = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    (folder / "src").mkdir(parents=True)
    subprocess.run([*git, "init", "-q", "-b", "main"], cwd=folder, check=True)
    for number in range(commits):
        (folder / "notes.md").write_text(f"{number}\n")
        commit(git, folder, f"Change {number}")
    (folder / "notes.md").write_text("Notes\n")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    commit(git, folder, "Begin")
    (folder / "new.txt").write_text("x\n")
    return folder


def commit(git: list[str], folder: Path, message: str) -> None:
    subprocess.run([*git, "add", "-A"], cwd=folder, check=True)
    subprocess.run([*git, "commit", "-q", "-m", message], cwd=folder, check=True)


def later(command: list[str], home: Path) -> list[str]:
    """The command on another day, for the second home, if it can be started so."""
    is_able = "AGENTS_LATER" in os.environ or Path(command[0]).name != "claude"
    return [*AGENTS_LATER, *command] if home.name == "home-2" and is_able else command


def run(command: list[str], folder: Path, home: Path, **environment: str) -> str:
    home.mkdir(parents=True, exist_ok=True)
    found = subprocess.run(
        later(command, home),
        cwd=folder,
        env=os.environ
        | {"HOME": str(home), "PWD": str(folder), "IS_SANDBOX": "1", "TZ": ZONES[home.name]}
        | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return found.stdout + found.stderr


def claude(rechat: Rechat, folder: Path, home: Path, question: str) -> str:
    command = [program("claude"), "-p", question, "--allowedTools", "Bash"]
    # In 40 days it would clean up what it has just written.
    settings = home / ".claude" / "settings.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps({"cleanupPeriodDays": 3650}))
    return run(
        command,
        folder,
        home,
        ANTHROPIC_BASE_URL=rechat.root,
        ANTHROPIC_API_KEY="none",
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC="1",
        DISABLE_AUTOUPDATER="1",
    )


def codex(rechat: Rechat, folder: Path, home: Path, question: str) -> str:
    provider = f'{{name="x",base_url="{rechat.url}",env_key="KEY",wire_api="responses"}}'
    command = [
        *(program("codex"), "exec", "--skip-git-repo-check", "--sandbox", "danger-full-access"),
        *("-c", 'model_provider="x"', "-c", f"model_providers.x={provider}", question),
    ]
    return run(command, folder, home, KEY="none")


def codex_by_base_url(rechat: Rechat, folder: Path, home: Path, question: str) -> str:
    """Its own provider, which tries a web socket first."""
    command = [
        *(program("codex"), "exec", "--skip-git-repo-check", "--sandbox", "danger-full-access"),
        *("-c", f'openai_base_url="{rechat.url}"', question),
    ]
    return run(command, folder, home, OPENAI_API_KEY="none", CODEX_API_KEY="none")


def gemini(rechat: Rechat, folder: Path, home: Path, question: str) -> str:
    settings = home / ".gemini" / "settings.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps({"security": {"auth": {"selectedType": "gemini-api-key"}}}))
    return run(
        [program("gemini"), "-p", question, "--yolo", "-m", "gemini-2.5-pro"],
        folder,
        home,
        GOOGLE_GEMINI_BASE_URL=rechat.root,
        GEMINI_API_KEY="none",
        GEMINI_CLI_TRUST_WORKSPACE="true",
    )


def opencode(rechat: Rechat, folder: Path, home: Path, question: str) -> str:
    options = {"baseURL": rechat.url, "apiKey": "none"}
    provider = {"npm": "@ai-sdk/openai-compatible", "options": options, "models": {"m": {}}}
    settings = {"provider": {"x": provider}, "model": "x/m", "small_model": "x/m"}
    return run(
        [program("opencode"), "run", question],
        folder,
        home,
        OPENCODE_CONFIG_CONTENT=json.dumps(settings),
    )


FRAMEWORK = """
import asyncio
import subprocess
import sys

url, question = sys.argv[2:]


def run_command(command: str) -> str:
    \'\'\'Runs a command.

    Args:
        command: the command
    \'\'\'
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    return done.stdout + done.stderr


def openai_agents():
    import agents
    import openai

    agents.set_tracing_disabled(True)
    client = openai.AsyncOpenAI(base_url=url, api_key="none")
    model = agents.OpenAIResponsesModel(model="m", openai_client=client)
    tools = [agents.function_tool(run_command)]
    agent = agents.Agent(name="A", instructions="Look.", model=model, tools=tools)
    return asyncio.run(agents.Runner.run(agent, question, max_turns=30)).final_output


def pydantic_ai():
    import datetime
    import pydantic_ai
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    model = OpenAIChatModel("m", provider=OpenAIProvider(base_url=url, api_key="none"))
    today = f"Today is {datetime.date.today():%A, %B %d, %Y}."
    agent = pydantic_ai.Agent(model, tools=[run_command], system_prompt=today)
    return agent.run_sync(question).output


def smolagents():
    import smolagents

    model = smolagents.OpenAIServerModel("m", api_base=url, api_key="none")
    tools = [smolagents.tool(run_command)]
    return smolagents.ToolCallingAgent(tools=tools, model=model, max_steps=30).run(question)


print(globals()[sys.argv[1]]())
"""


def framework(name: str) -> Agent:
    """A program that gives an agent of this framework a tool that runs commands."""

    def agent(rechat: Rechat, folder: Path, home: Path, question: str) -> str:
        python = os.environ.get("AGENTS_PYTHON", "")
        if (
            not python
            or subprocess.run([python, "-c", f"import {MODULES[name]}"], check=False).returncode
        ):
            pytest.skip(f"AGENTS_PYTHON names no Python with {name}: run this by hand")
        file = home / "agent.py"  # smolagents reads the source of a tool
        home.mkdir(parents=True, exist_ok=True)
        file.write_text(FRAMEWORK)
        command = [str(Path(python).absolute()), str(file), name, rechat.url, question]
        return run(command, folder, home)

    return agent


MODULES = {"openai_agents": "agents", "pydantic_ai": "pydantic_ai", "smolagents": "smolagents"}
AGENTS: dict[str, Agent] = {
    "claude": claude,
    "codex": codex,
    "codex by base URL": codex_by_base_url,
    "gemini": gemini,
    "opencode": opencode,
    **{name: framework(name) for name in MODULES},
}
# The call with which an agent of smolagents ends.
FINAL: dict[str, Step] = {"smolagents": ("final_answer", {"answer": LAST})}


class Sessions:
    """Sessions of an agent that are recorded one after the other, and then replayed elsewhere and
    later; every request of theirs has to hit.
    """

    def __init__(self, agent: Agent, folder: Path, *questions: str) -> None:
        self._agent, self._folder, self._questions = agent, folder, questions
        self.first = folder / "one" / "demo"

    def record(self, url: str) -> str:
        """What rechat says while it records from an upstream."""
        with Rechat("record", url.removesuffix("/v1"), folder=self._folder) as rechat:
            self._run(rechat, project(self.first, 1), self._folder / "home-1")
        return rechat.output

    def replay(self) -> int:
        """How many requests hit."""
        with Rechat("replay", "--diff", folder=self._folder) as rechat:
            second = project(self._folder / "two" / "else" / "where", 2)
            self._run(rechat, second, self._folder / "home-2")
        assert "≠ miss" not in rechat.output, rechat.output
        return rechat.output.count("✓ hit")

    def _run(self, rechat: Rechat, folder: Path, home: Path) -> None:
        for question in self._questions:
            said = self._agent(rechat, folder, home, question)
            assert LAST in said, said + rechat.output


@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", AGENTS)
def test_two_sessions_replay_elsewhere_and_later(name: str, tmp_path: Path) -> None:
    kind = "framework" if name in MODULES else name.partition(" ")[0]
    sessions = Sessions(AGENTS[name], tmp_path, QUESTION, NEXT)
    with Upstream() as upstream:
        upstream.reply(model(STEPS[kind], sessions.first, FINAL.get(name)))
        told = sessions.record(upstream.url)
    assert told.count("● recorded") > 2 * len(STEPS[kind])
    assert sessions.replay() > 2 * len(STEPS[kind])


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", AGENTS)
def test_a_long_session_whose_calls_name_what_results_told_replays(
    name: str, tmp_path: Path
) -> None:
    kind = "framework" if name in MODULES else name.partition(" ")[0]
    sessions = Sessions(AGENTS[name], tmp_path, QUESTION)
    with Upstream() as upstream:
        upstream.reply(model(LONG[kind], sessions.first, FINAL.get(name)))
        recorded = sessions.record(upstream.url).count("● recorded")
    assert recorded > len(LONG[kind])
    assert sessions.replay() == recorded


def over_a_socket(reply: Callable[[Received], Bytes]) -> Callable[[Event, int], Iterator[Event]]:
    """The same model over a web socket, where a question goes on from an answer."""
    known: dict[str, list[Any]] = {}

    def answer(event: Event, number: int) -> Iterator[Event]:
        name, before = f"resp_{number}", known.get(event.pop("previous_response_id", ""), [])
        known[name] = [*before, *event["input"]]
        if event.get("generate") is False:
            yield from echo(event, number)
            return
        body = json.dumps(event | {"input": known[name], "stream": True}).encode()
        said = reply(Received(number, "POST", "/v1/responses", HTTPMessage(), body)).body
        for line in said.decode().splitlines():
            if line.startswith("data: {"):
                told = json.loads(line.removeprefix("data: "))
                if "response" in told:
                    told["response"]["id"] = name
                    known[name] = [*before, *event["input"], *told["response"]["output"]]
                yield told

    return answer


@pytest.mark.timeout(400)
def test_codex_over_a_web_socket_replays_elsewhere_and_later(tmp_path: Path) -> None:
    sessions = Sessions(codex_by_base_url, tmp_path, QUESTION, NEXT)
    reply = model(STEPS["codex"], sessions.first)
    with socket_upstream(over_a_socket(reply)) as upstream:
        told = sessions.record(upstream.url)
    recorded = told.count("● recorded")
    assert recorded > 2 * len(STEPS["codex"])
    assert "a web socket" in told
    assert len(upstream.paths) == 2
    assert sessions.replay() == recorded


@pytest.mark.timeout(400)
@pytest.mark.parametrize("status", [404, 500])
def test_codex_replays_over_a_web_socket_what_it_asked_by_post(status: int, tmp_path: Path) -> None:
    """At 500 it asks for the socket seven times, and then puts another item into each request."""
    sessions = Sessions(codex_by_base_url, tmp_path, QUESTION)
    reply = model(STEPS["codex"], sessions.first)

    def refusing(received: Received) -> Bytes:
        is_socket = "upgrade" in received.headers
        return Bytes(b"{}", "application/json", status) if is_socket else reply(received)

    with Upstream() as upstream:
        upstream.reply(refusing)
        recorded = sessions.record(upstream.url).count("● recorded")
    assert recorded > len(STEPS["codex"])
    assert sessions.replay() == recorded


EDIT = """I add it.

main.py
```python
<<<<<<< SEARCH
print(greet())
=======
def greet():
    return "hello"


print(greet())
>>>>>>> REPLACE
```
"""
TYPED = "\n".join(
    ["Add greet.", *(f"/run {command}" for command in COMMANDS), "Well?", "/exit", ""]
)


def completion(message: dict[str, object]) -> Json:
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    head = {"id": "1", "object": "chat.completion", "created": 1, "model": "m"}
    return Json({**head, "choices": [choice], "usage": usage})


def editing(received: Received) -> Json:
    """What a model says that edits a file, names the commit, and looks at what was run."""
    said = [message["content"] for message in received.json["messages"]]
    if "commit message" in said[0] and len(said) < 3:
        text = "feat: add greet"
    else:
        text = LAST if any("I add it." in each for each in said) else EDIT
    return completion({"role": "assistant", "content": text})


def aider(rechat: Rechat, folder: Path, home: Path, question: str) -> str:
    (folder / "main.py").write_text("print(greet())\n")
    options = ("--model", "openai/gpt-4o", "--no-stream", "--no-pretty", "--yes-always")
    quiet = ("--no-check-update", "--no-show-model-warnings", "--analytics-disable")
    typed = home.parent / "typed.txt"
    typed.write_text(f"{question} {TYPED}")
    command = ["sh", "-c", f'cat {typed} | "$@"', "sh", program("aider"), *options, *quiet]
    return run([*command, "main.py"], folder, home, OPENAI_API_BASE=rechat.url, OPENAI_API_KEY="x")


def llm(rechat: Rechat, folder: Path, home: Path, question: str) -> str:
    settings = home / "llm"
    settings.mkdir(parents=True, exist_ok=True)
    model = {"model_id": "m", "model_name": "m", "api_base": rechat.url, "supports_tools": True}
    (settings / "extra-openai-models.yaml").write_text(json.dumps([model]))
    (home / "shell.py").write_text(
        "import subprocess\ndef run_command(command: str) -> str:\n"
        "    return subprocess.run(command, shell=True, capture_output=True, text=True).stdout\n"
    )
    command = [program("llm"), "-m", "m", "--functions", str(home / "shell.py"), "--no-stream"]
    more = ["--chain-limit", "20", question]
    return run([*command, *more], folder, home, LLM_USER_PATH=str(settings), OPENAI_API_KEY="x")


def calling(received: Received) -> Json:
    """What a model says that runs all commands, one after the other."""
    done = sum(message["role"] == "tool" for message in received.json["messages"])
    if done == len(COMMANDS):
        return completion({"role": "assistant", "content": LAST})
    function = {"name": "run_command", "arguments": json.dumps({"command": COMMANDS[done]})}
    call = {"id": f"call_{done}", "type": "function", "function": function}
    return completion({"role": "assistant", "content": None, "tool_calls": [call]})


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("agent", "model"), [(aider, editing), (llm, calling)])
def test_a_session_that_names_no_folder_replays_elsewhere_and_later(
    agent: Agent, model: Callable[[Received], Json], tmp_path: Path
) -> None:
    program(agent.__name__)
    sessions = Sessions(agent, tmp_path, QUESTION, NEXT)
    with Upstream() as upstream:
        upstream.reply(model)
        told = sessions.record(upstream.url)
    assert sessions.replay() >= told.count("● recorded")
