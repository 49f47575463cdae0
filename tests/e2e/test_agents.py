"""Real coding agents: a session is recorded once, tools and all, and replays without an upstream in
another folder of another user, on another day (two time zones are always more than a day apart).

They are large programs from npm (`npm install @openai/codex @anthropic-ai/claude-code`), so CI does
not install them: put their folder on PATH (`node_modules/.bin`) and run this file by hand.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from process import Rechat

# The "model": a transcript that answers both agents, each with its own tool.
MODEL = """## The session

### system, any

{context}### user, like

> ...
> List the files here[..]

### assistant

> I look at the files.

#### call {call}

### tool, any

### assistant

> There is one file: README.md. done
"""
ZONES = {"home-1": "Etc/GMT+12", "home-2": "Pacific/Kiritimati"}
QUESTION = "List the files here, then say done."
LAST = "There is one file: README.md. done"

CLAUDE_CALL = """Bash, call_1

```json
{"command": "ls -la", "description": "List files"}
```"""
CODEX_CALL = """exec_command, call_1

```json
{"cmd": "ls -la"}
```"""


def program(name: str) -> str:
    """The path of an agent; without it the test is skipped."""
    found = shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not on PATH: install it from npm and run this by hand")
    return found


def project(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "README.md").write_text("# Demo\n")
    return folder


def run(command: list[str], folder: Path, home: Path, **environment: str) -> str:
    home.mkdir(parents=True)
    found = subprocess.run(
        command,
        cwd=folder,
        env=os.environ
        | {"HOME": str(home), "IS_SANDBOX": "1", "TZ": ZONES[home.name], **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    return found.stdout + found.stderr


def claude(rechat: Rechat, folder: Path, home: Path) -> str:
    command = [program("claude"), "-p", QUESTION, "--allowedTools", "Bash"]
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


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("agent", "call"),
    [(claude, CLAUDE_CALL), (codex, CODEX_CALL), (codex_by_base_url, CODEX_CALL)],
    ids=["claude", "codex", "codex by base URL"],
)
def test_a_session_replays_in_another_folder(agent, call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    program("claude" if agent is claude else "codex")
    model = tmp_path / "model" / "transcripts"
    model.mkdir(parents=True)
    context = "" if agent is claude else "### user, any\n\n"
    (model / "agent.md").write_text(MODEL.replace("{call}", call).replace("{context}", context))
    with (
        Rechat("replay", "--diff", folder=model.parent) as upstream,
        Rechat("record", upstream.root, folder=tmp_path) as rechat,
    ):
        said = agent(rechat, project(tmp_path / "one" / "demo"), tmp_path / "home-1")
        assert LAST in said, said + upstream.output
    with Rechat("replay", "--diff", folder=tmp_path) as rechat:
        again = agent(rechat, project(tmp_path / "two" / "else" / "where"), tmp_path / "home-2")
        assert LAST in again, again + rechat.output
        assert not [line for line in rechat.lines if line.startswith("miss") and "web" not in line]
