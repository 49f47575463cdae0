"""Real coding agents: a session is recorded once, tools and all, and replays without an upstream in
another folder of another user, 40 days and a commit later.

They are large programs from npm, so CI does not install them. By hand:

    npm install @openai/codex @anthropic-ai/claude-code @google/gemini-cli opencode-ai
    pipx install aider-chat; pipx install llm
    PATH=$PWD/node_modules/.bin:$PATH pytest tests/e2e/test_agents.py

The later day needs `faketime`, which Debian has; without it, it is two time zones that are always a
day apart.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from process import Rechat
from upstream import Json
from upstream import Received
from upstream import Upstream

# What is run: what it prints differs on another day, in another folder and of another user.
COMMANDS = (
    "ls -la",
    "pwd; git rev-parse HEAD; git status; ls -l --full-time README.md; stat README.md",
    "echo 1 > a.py; git add -A; git -c user.name=A -c user.email=a@b.c commit -m Add; git log -1",
    "mktemp -d; date; python3 -c 'print(object())'; echo 1 passed in $(date +0.%N)s",
    "ls nothing 2>&1; cat README.md",
)
# The "model": a transcript that answers all agents, each with its own tool.
OPENING = """## The session

### system, any

{context}### user, like

> ...
> [..]List the files here[..]
"""
STEP = """
### assistant

> I look at the files.

#### call {tool}, call_{number}

```json
{arguments}
```

### tool, any
"""
END = """
### assistant

> There is one file: README.md. done
"""
LATER = "+40d"
ZONES = {"home-1": "Etc/GMT+12", "home-2": "Pacific/Kiritimati"}
QUESTION = "List the files here, then say done."
LAST = "There is one file: README.md. done"


def session(tool: str, context: str) -> str:
    """A transcript in which the model runs all commands with a tool, one after the other."""
    key = "cmd" if tool == "exec_command" else "command"
    steps = (
        STEP.format(
            tool=tool,
            number=number,
            arguments=json.dumps({key: command, "description": "Look"}),
        )
        for number, command in enumerate(COMMANDS, 1)
    )
    return "".join((OPENING.format(context=context), *steps, END))


def program(name: str) -> str:
    """The path of an agent; without it the test is skipped."""
    found = shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not on PATH: install it from npm and run this by hand")
    return found


def project(folder: Path, commits: int) -> Path:
    folder.mkdir(parents=True)
    git = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    subprocess.run([*git, "init", "-q", "-b", "main"], cwd=folder, check=True)
    (folder / "README.md").write_text("A project\n")
    for number in range(commits):
        (folder / "notes.md").write_text(f"{number}\n")
        subprocess.run([*git, "add", "-A"], cwd=folder, check=True)
        subprocess.run([*git, "commit", "-q", "-m", f"Change {number}"], cwd=folder, check=True)
    return folder


def later(command: list[str], home: Path) -> list[str]:
    """The command on another day, for the second home."""
    found = shutil.which("faketime")
    return [found, "-f", LATER, *command] if found and home.name == "home-2" else command


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
        timeout=90,
        check=False,
    )
    return found.stdout + found.stderr


def claude(rechat: Rechat, folder: Path, home: Path) -> str:
    command = [program("claude"), "-p", QUESTION, "--allowedTools", "Bash,Edit,Write"]
    # In 40 days it would clean up what it has just written.
    settings = home / ".claude" / "settings.json"
    settings.parent.mkdir(parents=True)
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


def codex(rechat: Rechat, folder: Path, home: Path) -> str:
    provider = f'{{name="x",base_url="{rechat.url}",env_key="KEY",wire_api="responses"}}'
    command = [
        *(program("codex"), "exec", "--skip-git-repo-check", "--sandbox", "danger-full-access"),
        *("-c", 'model_provider="x"', "-c", f"model_providers.x={provider}", QUESTION),
    ]
    return run(command, folder, home, KEY="none")


def codex_by_base_url(rechat: Rechat, folder: Path, home: Path) -> str:
    """Its own provider, which tries a web socket first."""
    command = [
        *(program("codex"), "exec", "--skip-git-repo-check", "--sandbox", "danger-full-access"),
        *("-c", f'openai_base_url="{rechat.url}"', QUESTION),
    ]
    return run(command, folder, home, OPENAI_API_KEY="none", CODEX_API_KEY="none")


def gemini(rechat: Rechat, folder: Path, home: Path) -> str:
    settings = home / ".gemini" / "settings.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"security": {"auth": {"selectedType": "gemini-api-key"}}}))
    return run(
        [program("gemini"), "-p", QUESTION, "--yolo", "-m", "gemini-2.5-pro"],
        folder,
        home,
        GOOGLE_GEMINI_BASE_URL=rechat.root,
        GEMINI_API_KEY="none",
        GEMINI_CLI_TRUST_WORKSPACE="true",
    )


def opencode(rechat: Rechat, folder: Path, home: Path) -> str:
    options = {"baseURL": rechat.url, "apiKey": "none"}
    provider = {"npm": "@ai-sdk/openai-compatible", "options": options, "models": {"m": {}}}
    settings = {"provider": {"x": provider}, "model": "x/m", "small_model": "x/m"}
    return run(
        [program("opencode"), "run", QUESTION],
        folder,
        home,
        OPENCODE_CONFIG_CONTENT=json.dumps(settings),
    )


TITLE = """
## Title

### system, like

> You are a title generator[..]
> ...

### user, any

### user, any

### assistant

> The files
"""
CONTEXT = "### user, any\n\n"
AGENTS = {
    "claude": (claude, "Bash", "", ""),
    "codex": (codex, "exec_command", CONTEXT, ""),
    "codex by base URL": (codex_by_base_url, "exec_command", CONTEXT, ""),
    "gemini": (gemini, "run_shell_command", "", ""),
    "opencode": (opencode, "bash", "", TITLE),
}


@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", AGENTS)
def test_a_session_replays_elsewhere_and_later(name: str, tmp_path: Path) -> None:
    agent, tool, context, others = AGENTS[name]
    program(name.partition(" ")[0])
    model = tmp_path / "model" / "transcripts"
    model.mkdir(parents=True)
    (model / "agent.md").write_text(session(tool, context) + others)
    with (
        Rechat("replay", "--diff", folder=model.parent) as upstream,
        Rechat("record", upstream.root, folder=tmp_path) as rechat,
    ):
        said = agent(rechat, project(tmp_path / "one" / "demo", 1), tmp_path / "home-1")
        assert LAST in said, said + upstream.output
    with Rechat("replay", "--diff", folder=tmp_path) as rechat:
        again = agent(rechat, project(tmp_path / "two" / "else" / "where", 2), tmp_path / "home-2")
        assert LAST in again, again + rechat.output
        assert not [
            line for line in rechat.lines if line.startswith("≠ miss") and "web" not in line
        ]


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
# Beside what others print: errors tell the folder of a program that does not name it.
SHOWN = (*COMMANDS, "python3 -c 'import main; main.nothing'", "python3 -m unittest")
TYPED = "\n".join(["Add greet.", *(f"/run {command}" for command in SHOWN), "Well?", "/exit", ""])


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


def aider(rechat: Rechat, folder: Path, home: Path) -> str:
    (folder / "main.py").write_text("print(greet())\n")
    options = ("--model", "openai/gpt-4o", "--no-stream", "--no-pretty", "--yes-always")
    quiet = ("--no-check-update", "--no-show-model-warnings", "--analytics-disable")
    typed = home.parent / "typed.txt"
    typed.write_text(TYPED)
    command = ["sh", "-c", f'cat {typed} | "$@"', "sh", program("aider"), *options, *quiet]
    return run([*command, "main.py"], folder, home, OPENAI_API_BASE=rechat.url, OPENAI_API_KEY="x")


def llm(rechat: Rechat, folder: Path, home: Path) -> str:
    settings = home / "llm"
    settings.mkdir(parents=True)
    model = {"model_id": "m", "model_name": "m", "api_base": rechat.url, "supports_tools": True}
    (settings / "extra-openai-models.yaml").write_text(json.dumps([model]))
    (home / "shell.py").write_text(
        "import subprocess\ndef run_command(command: str) -> str:\n"
        "    return subprocess.run(command, shell=True, capture_output=True, text=True).stdout\n"
    )
    command = [program("llm"), "-m", "m", "--functions", str(home / "shell.py"), "--no-stream"]
    more = ["--chain-limit", "20", QUESTION]
    return run([*command, *more], folder, home, LLM_USER_PATH=str(settings), OPENAI_API_KEY="x")


def calling(received: Received) -> Json:
    """What a model says that runs all commands, one after the other."""
    done = sum(message["role"] == "tool" for message in received.json["messages"])
    if done == len(SHOWN):
        return completion({"role": "assistant", "content": LAST})
    function = {"name": "run_command", "arguments": json.dumps({"command": SHOWN[done]})}
    call = {"id": f"call_{done}", "type": "function", "function": function}
    return completion({"role": "assistant", "content": None, "tool_calls": [call]})


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("agent", "model"), [(aider, editing), (llm, calling)])
def test_a_session_that_names_no_folder_replays_elsewhere_and_later(
    agent: Callable[[Rechat, Path, Path], str], model: Callable[[Received], Json], tmp_path: Path
) -> None:
    program(agent.__name__)
    with Upstream() as upstream:
        upstream.reply(model)
        with Rechat("record", upstream.url, folder=tmp_path) as rechat:
            said = agent(rechat, project(tmp_path / "one" / "demo", 1), tmp_path / "home-1")
    assert LAST in said, said
    with Rechat("replay", "--diff", folder=tmp_path) as rechat:
        again = agent(rechat, project(tmp_path / "two" / "else" / "where", 2), tmp_path / "home-2")
    assert LAST in again, again + rechat.output
    assert "≠ miss" not in rechat.output, rechat.output
