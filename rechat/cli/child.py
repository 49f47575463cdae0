"""The program that `rechat run` starts, with the variables set that the common clients read."""

import asyncio
import os
import shutil
import signal
from collections.abc import Mapping, Sequence

from rechat.values import UsageError

# The address with /v1 and without, as each client expects it (docs of the clients, November 2026).
WITH_VERSION = ("OPENAI_BASE_URL", "OPENAI_API_BASE")
WITHOUT_VERSION = ("ANTHROPIC_BASE_URL", "GOOGLE_GEMINI_BASE_URL", "OLLAMA_HOST")
KEYS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY")
DUMMY_KEY = "rechat-replay-needs-no-key"
# Calls home that would go past the proxy, or fail offline.
QUIETER = {
    "OPENAI_AGENTS_DISABLE_TRACING": "1",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
}


def variables(
    url: str, token: str, environment: Mapping[str, str], *, is_replay: bool
) -> dict[str, str]:
    """The environment of the program. A key is only made up if there is none and none is needed."""
    changed = dict(environment)
    changed |= dict.fromkeys(WITH_VERSION, f"{url}/v1") | dict.fromkeys(WITHOUT_VERSION, url)
    changed |= {"RECHAT_URL": url, "RECHAT_TOKEN": token}
    for name, value in QUIETER.items():
        changed.setdefault(name, value)
    if is_replay:
        for name in KEYS:
            changed.setdefault(name, DUMMY_KEY)
    return changed


class Child:
    """A program that runs while we serve. `code` is its exit code, as a shell would give it."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], *, is_replay: bool
    ) -> None:
        if not shutil.which(command[0]):
            raise UsageError(f"{command[0]}: no such program")
        self._command = command
        self._environment = environment
        self._is_replay = is_replay
        self._started: asyncio.Future[asyncio.subprocess.Process] | None = None
        self.code = 0

    def start(self, url: str, token: str) -> None:
        """Start the program; called on the event loop once the address is known."""
        environment = variables(url, token, self._environment, is_replay=self._is_replay)
        self._started = asyncio.ensure_future(
            asyncio.create_subprocess_exec(*self._command, env=environment)
        )

    async def wait(self) -> None:
        """Wait for the program's end. Ctrl-C reaches it by itself; we stay until it is gone."""
        assert self._started
        process = await self._started
        loop = asyncio.get_running_loop()
        if os.name == "posix":
            loop.add_signal_handler(signal.SIGINT, lambda: None)
            loop.add_signal_handler(signal.SIGTERM, process.terminate)
        code = await process.wait()
        self.code = code if code >= 0 else 128 - code
