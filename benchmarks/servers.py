"""The contenders: each is started as its users start it, on one core, and serves the same answers."""

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks import questions

# Below those that Linux gives to clients.
_PORTS = range(20_000, 32_000)
AIMOCK = "1.43.0"
SEED = "0.1.7"
_PINNED = ["taskset", "-c", "0"] if shutil.which("taskset") and (os.cpu_count() or 1) > 1 else []

UVICORN = """
import hashlib, sys
from pathlib import Path

answers = {}
for path in Path(sys.argv[2]).iterdir():
    asked, answered = path.read_bytes().split(b"\\n", 1)
    answers[hashlib.sha256(asked).digest()] = answered


async def app(scope, receive, send):
    body = b""
    while True:
        part = await receive()
        body += part.get("body", b"")
        if not part.get("more_body"):
            break
    answer = answers[hashlib.sha256(body).digest()]
    length = str(len(answer)).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", length)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


if __name__ == "__main__":
    import uvicorn

    uvicorn.run(
        app, port=int(sys.argv[1]), loop="uvloop", http="httptools", log_level="error", access_log=False
    )
"""

DUMP = """
import sys
from pathlib import Path
from mitmproxy import http, io
from mitmproxy.test import tflow

with open(sys.argv[2], "wb") as file:
    writer = io.FlowWriter(file)
    for path in sorted(Path(sys.argv[1]).iterdir()):
        asked, answered = path.read_bytes().split(b"\\n", 1)
        flow = tflow.tflow(resp=True)
        url = sys.argv[3] + "/v1/chat/completions"
        flow.request = http.Request.make("POST", url, asked, {"content-type": "application/json"})
        flow.response = http.Response.make(200, answered, {"content-type": "application/json"})
        writer.add(flow)
"""


@dataclass(frozen=True, slots=True)
class Running:
    """A contender that answers at `url`; `pids` are its processes."""

    url: str
    pids: tuple[int, ...]

    @property
    def cpu(self) -> float:
        """Seconds of CPU that it has used so far."""
        ticks = 0
        for pid in self.pids:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


class Missing(Exception):
    """A contender that cannot be had here; the message says why."""


def free_port() -> int:
    """A port that nobody listens on, and that the system gives to no client meanwhile."""
    for port in random.sample(_PORTS, len(_PORTS)):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise Missing("there is no free port")


type Start = Callable[[], AbstractContextManager[Running]]
"""Starts a program for as long as a block takes."""


@contextmanager
def running(
    command: list[str], port: int, *, folder: Path | None = None, scheme: str = "http"
) -> Iterator[Running]:
    """A program that listens on a port, up to the end of the block."""
    log = subprocess.DEVNULL
    process = subprocess.Popen(
        [*_PINNED, *command], cwd=folder, stdin=log, stdout=log, stderr=log, start_new_session=True
    )
    try:
        wait_for(port, process)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield Running(f"{scheme}://localhost:{port}", (process.pid, *map(int, children)))
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(port: int, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Wait until somebody listens. Raises `Missing` if the program ends instead."""
    latest = time.monotonic() + seconds
    while time.monotonic() < latest:
        if process.poll() is not None:
            raise Missing(f"it ended with {process.returncode}")
        try:
            with socket.create_connection(("localhost", port), 1):
                return
        except OSError:
            time.sleep(0.02)
    raise Missing("it does not listen")


class Contenders:
    """Makes contenders in a scratch folder; peers are installed there once."""

    def __init__(self, scratch: Path, peers: Path) -> None:
        self._scratch = scratch
        self._peers = peers

    def rechat(self, folder: Path, *options: str) -> Start:
        """This rechat, replaying a folder."""
        port = free_port()
        command = [sys.executable, "-m", "rechat", "replay", str(folder), "-q", "-p", str(port)]
        return lambda: running([*command, *options], port, folder=self._scratch)

    def gateway(self, upstream: str, *options: str) -> Start:
        """This rechat before an upstream."""
        port = free_port()
        command = [sys.executable, "-m", "rechat", "record", upstream, "-q", "-p", str(port)]
        return lambda: running([*command, *options], port, folder=self._scratch)

    def litellm(self, upstream: str) -> Start:
        """LiteLLM's proxy before an upstream."""
        python = self._python("litellm", "litellm[proxy]")
        config, port = self._scratch / "litellm.json", free_port()
        there = {"model": "openai/m", "api_base": upstream, "api_key": "key"}
        models = [{"model_name": "m", "litellm_params": there}]
        config.write_text(json.dumps({"model_list": models}))
        variables = (
            "LITELLM_LOCAL_MODEL_COST_MAP=true",  # nothing is asked of the network
            "LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY=true",
        )
        own = ["env", *variables, str(python.with_name("litellm")), "--config", str(config)]
        command = [*own, "--host", "localhost", "--port", str(port)]
        return lambda: running(command, port)

    def rechat_without_uvloop(self, folder: Path) -> Start:
        """The same where uvloop cannot be installed."""
        port = free_port()
        start = "import sys; sys.modules['uvloop'] = None; from rechat.cli import main; main()"
        command = [sys.executable, "-c", start, "replay", str(folder), "-q", "-p", str(port)]
        return lambda: running(command, port, folder=self._scratch)

    def aimock(self, count: int, answer: str, *options: str) -> Start:
        """CopilotKit's aimock with as many fixtures."""
        script = self._npm(f"@copilotkit/aimock@{AIMOCK}") / "@copilotkit/aimock/dist/cli.js"
        folder = self._scratch / f"aimock-{count}-{len(answer)}"
        if not folder.exists():
            folder.mkdir()
            fixtures = [
                {
                    "match": {"userMessage": f"question number {number} end"},
                    "response": {"content": answer},
                }
                for number in range(count)
            ]
            (folder / "all.json").write_text(json.dumps({"fixtures": fixtures}))
        port = free_port()
        command = ["node", str(script), "-p", str(port), "-f", str(folder), "--strict"]
        return lambda: running([*command, "--log-level", "silent", *options], port)

    def uvicorn(self, count: int) -> Start:
        """The least that a Python web server can do: a hash of the body, a dictionary."""
        python = self._python("uvicorn", "uvicorn[standard]")
        script = self._scratch / "answer.py"
        script.write_text(UVICORN)
        port = free_port()
        command = [str(python), str(script), str(port), str(self._answers(count))]
        return lambda: running(command, port)

    def server_replay(self) -> Start:
        """mitmproxy's own server replay, with one flow."""
        dump, port = self._dump("http://127.0.0.1:9"), free_port()
        command = [
            str(Path(sys.executable).with_name("mitmdump")),
            "-q",
            "--mode",
            f"reverse:http://127.0.0.1:9@127.0.0.1:{port}",
            "--server-replay",
            str(dump),
            "--set",
            "server_replay_reuse=true",
            "--set",
            "server_replay_kill_extra=true",
            "--set",
            "connection_strategy=lazy",
        ]
        return lambda: running(command, port)

    def seed(self) -> Start:
        """rechat 0.1.7, which this one grew from."""
        python = self._python("seed", f"rechat=={SEED}")
        port = free_port()
        dump = self._dump("https://api.openai.com")
        command = [str(python.with_name("rechat")), "--quiet", "-p", str(port), "-d", str(dump)]
        return lambda: running(command, port, folder=self._scratch)

    def nginx(self) -> Start:
        """A fixed answer from nginx, as the limit."""
        if not shutil.which("nginx"):
            raise Missing("nginx is not installed")
        port = free_port()
        answer = questions.completion(0).decode().replace("'", "")
        config = self._scratch / "nginx.conf"
        config.write_text(
            f"daemon off; worker_processes 1; pid {self._scratch}/nginx.pid; error_log /dev/null;\n"
            "events {}\n"
            f"http {{ access_log off; keepalive_requests 1000000000;\n"
            f"server {{ listen 127.0.0.1:{port}; default_type application/json;\n"
            f"location / {{ return 200 '{answer}'; }} }} }}\n"
        )
        return lambda: running(["nginx", "-c", str(config)], port)

    def vcrpy(self) -> Path:
        """The Python that has vcrpy."""
        return self._python("vcrpy", "vcrpy", "httpx")

    def _answers(self, count: int) -> Path:
        folder = self._scratch / f"answers-{count}"
        if not folder.exists():
            folder.mkdir()
            for number in range(count):
                pair = questions.body(number) + b"\n" + questions.completion(number)
                (folder / str(number)).write_bytes(pair)
        return folder

    def _dump(self, url: str) -> Path:
        dump = self._scratch / f"flows-{len(url)}.dump"
        script = self._scratch / "dump.py"
        script.write_text(DUMP)
        subprocess.run([sys.executable, script, self._answers(1), dump, url], check=True)
        return dump

    def _python(self, name: str, *packages: str) -> Path:
        folder = self._peers / name
        python = folder / "bin" / "python"
        if not python.exists():
            venv.create(folder, with_pip=True)
            _install([str(python), "-m", "pip", "install", "--quiet", *packages])
        return python

    def _npm(self, package: str) -> Path:
        if not shutil.which("npm"):
            raise Missing("npm is not installed")
        folder = self._peers / "npm"
        if not (folder / "node_modules").exists():
            folder.mkdir(parents=True, exist_ok=True)
            _install(["npm", "install", "--silent", "--prefix", str(folder), package])
        return folder / "node_modules"


def _install(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=300)
    except (subprocess.SubprocessError, OSError) as error:
        raise Missing(f"it cannot be installed: {error}") from None
