"""`Replay` and `Record`: servers that a program starts and that end with it."""

import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from anthropic import Anthropic
from openai import AsyncOpenAI
from openai import BadRequestError
from openai import OpenAI
from process import DEADLINE
from upstream import Upstream

from rechat import Record
from rechat import Replay
from rechat import ServerError
from rechat import parse
from rechat.testing.journal import Journal
from rechat.testing.process import TestServer

PARENT = """
import signal, sys
from urllib.request import urlopen
from rechat import Replay

with Replay(sys.argv[1]) as server:
    ask = lambda *_: print(urlopen(server.url + "/v1/models").status, flush=True)
    signal.signal(signal.SIGINT, ask)
    print(server._child._process.pid, flush=True)
    sys.stdin.read()
"""


def ask(server: Replay | Record, text: str = "Hello") -> str | None:
    with OpenAI(base_url=server.base_url, api_key="test", max_retries=0) as client:
        answer = client.chat.completions.create(
            model="gpt-5", messages=[{"role": "user", "content": text}]
        )
    return answer.choices[0].message.content


def test_replay_answers_and_refuses(mine: Path) -> None:
    with Replay(mine) as server:
        assert server.base_url == f"{server.url}/v1"
        assert ask(server) == "Hi!"
        with pytest.raises(BadRequestError, match=r'nearest .*mine.md:7: .* "you" is new'):
            ask(server, "Hello you")


def test_record_asks_once_and_saves(upstream: Upstream, folder: Path) -> None:
    with Record(upstream.url, to=folder) as server:
        assert ask(server) == ask(server) == "Echo 1: Hello"
    assert len(upstream.requests) == 1
    [path] = folder.glob("*.md")
    assert len(parse(path.read_bytes()).sections) == 1


def test_options_reach_the_command_line(upstream: Upstream, folder: Path) -> None:
    with Record(upstream.url, to=folder, takes=2, options=["--diff"]) as server:
        assert [ask(server) for _ in range(3)] == [
            *("Echo 1: Hello", "Echo 2: Hello", "Echo 2: Hello")
        ]
    with Replay(folder, fuzzy=0.5, on_miss="replay", pace="recorded") as replay:
        assert ask(replay, "Hello you") == "Echo 1: Hello"


def test_modules_of_the_working_folder_are_not_taken_for_pythons(
    mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "random.py").write_text("raise SystemExit('a module of the user')")
    monkeypatch.chdir(tmp_path)
    with Replay(mine) as server:
        assert ask(server) == "Hi!"


def test_two_run_at_once_and_one_after_the_other(mine: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.md"
    other.write_text("### user\n\n> Hello\n\n### assistant\n\n> Ho!\n")
    with Replay(mine) as first, Replay(other) as second:
        assert first.url != second.url
        assert (ask(first), ask(second)) == ("Hi!", "Ho!")
    with first:
        assert ask(first) == "Hi!"


def test_async_programs_use_it_as_it_is(mine: Path) -> None:
    async def main() -> str | None:
        with Replay(mine) as server:
            async with AsyncOpenAI(base_url=server.base_url, api_key="test") as client:
                answer = await client.chat.completions.create(
                    model="gpt-5", messages=[{"role": "user", "content": "Hello"}]
                )
        return answer.choices[0].message.content

    assert asyncio.run(main()) == "Hi!"


def test_its_variables_lead_every_client_there(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Replay(mine) as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        with OpenAI() as openai, Anthropic() as anthropic:
            said = openai.chat.completions.create(
                model="m", messages=[{"role": "user", "content": "Hello"}]
            )
            message = anthropic.messages.create(
                model="m", max_tokens=9, messages=[{"role": "user", "content": "Hello"}]
            )
        assert said.choices[0].message.content == "Hi!"
        assert [block.to_dict()["text"] for block in message.content] == ["Hi!"]
        assert Journal(os.environ["RECHAT_URL"], os.environ["RECHAT_TOKEN"]).is_there()


def test_a_folder_that_is_not_there_is_an_error_in_the_servers_words(tmp_path: Path) -> None:
    server = Replay(tmp_path / "nowhere")
    with (
        pytest.raises(ServerError, match=r"^\S+nowhere does not exist: create it, or name "),
        server,
    ):
        pass
    with pytest.raises(RuntimeError, match="is not running"):
        server.url  # noqa: B018


def test_a_port_that_is_taken_is_an_error(mine: Path, upstream: Upstream) -> None:
    port = int(upstream.url.removesuffix("/v1").rpartition(":")[2])
    with pytest.raises(ServerError, match=rf"^port {port} is in use: "), Replay(mine, port=port):
        pass


def test_a_server_that_takes_too_long_is_an_error(mine: Path) -> None:
    with pytest.raises(ServerError, match=r"no sign after 0.01 s"), Replay(mine, timeout=0.01):
        pass


def test_a_server_that_says_more_than_a_pipe_holds_goes_on(
    mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    for number in range(900):
        (mine.parent / f"broken {number}.md").write_text("### nobody\n")
    with Replay(mine.parent) as server:
        assert ask(server) == "Hi!"
    assert len(server.output) > 1 << 16
    assert "broken 0.md:1: " in server.output
    assert "\x1b" not in server.output


def test_the_server_stops_when_the_block_raises(mine: Path) -> None:
    with pytest.raises(ZeroDivisionError) as raised, Replay(mine) as server:
        url = server.url
        raise ZeroDivisionError
    assert not hasattr(raised.value, "__notes__")
    assert not Journal(url, "x").is_there()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
def test_a_server_that_ends_by_itself_is_an_error_or_a_note(mine: Path) -> None:
    with pytest.raises(ServerError, match="ended with exit code -9"), Replay(mine) as server:
        os.kill(pid_of(server), signal.SIGKILL)
    with pytest.raises(ZeroDivisionError) as raised, Replay(mine) as server:
        os.kill(pid_of(server), signal.SIGKILL)
        raise ZeroDivisionError
    assert raised.value.__notes__ == ["rechat: the server ended with exit code -9"]


def test_entering_twice_is_an_error(mine: Path) -> None:
    with Replay(mine) as server, pytest.raises(RuntimeError, match="already running"), server:
        pass


def test_somebody_else_who_holds_the_pipe_does_not_keep_it(mine: Path) -> None:
    with Replay(mine) as server:
        assert server._child
        assert server._child._process.stdin
        held = os.dup(server._child._process.stdin.fileno())  # as a fork of this process has it
    os.close(held)


def pid_of(server: Replay) -> int:
    assert server._child
    return server._child._process.pid


@contextmanager
def parent(mine: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A program that has started a server, and the server's process."""
    command = [sys.executable, "-c", PARENT, str(mine)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, process_group=0
    ) as process:
        assert process.stdout
        yield process, int(process.stdout.readline())
        process.kill()


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells when a process ends")
def test_a_killed_program_takes_its_server_along(mine: Path) -> None:
    with parent(mine) as (process, pid):
        server = os.pidfd_open(pid)
        process.kill()
        ended, _, _ = select.select([server], [], [], DEADLINE)
        os.close(server)
        assert ended


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
def test_ctrl_c_is_for_the_program_alone(mine: Path) -> None:
    with parent(mine) as (process, _):
        os.killpg(process.pid, signal.SIGINT)
        assert process.stdout
        assert process.stdout.readline() == "200\n"


def test_a_server_may_begin_early_and_be_discarded(tmp_path: Path) -> None:
    server = TestServer(tmp_path, (), records=False)
    server.begin()
    with server:
        assert server.url.startswith("http://localhost:")
        assert not server.has_ended
    other = TestServer(tmp_path, (), records=False)
    other.begin()
    other.discard()
    assert other.output == ""
    other.discard()
