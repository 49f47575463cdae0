"""`rechat mcp` as agents start it: over pipes, and with the client of the official package."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from agent import Agent
from process import Rechat
from process import run

PLAN = "### user\n\n> make a plan for {}\n\n### assistant\n\n> 1. Go.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "transcripts").mkdir()
    (tmp_path / "transcripts" / "plan.md").write_text(PLAN.format("Lisbon"))
    return tmp_path


def body(city: str) -> dict[str, Any]:
    return {"model": "m", "messages": [{"role": "user", "content": f"make a plan for {city}"}]}


@pytest.mark.parametrize("version", ["2024-11-05", "2025-03-26", "2025-06-18"])
def test_an_agent_lists_and_reads_transcripts(folder: Path, version: str) -> None:
    with Agent(folder=folder) as agent:
        assert agent.begin(version)["protocolVersion"] == version
        listed = agent.call("list_transcripts")
        rows = listed if isinstance(listed, dict) else json.loads(listed)
        [row] = rows["transcripts"]
        assert agent.call("read_transcript", path=row["path"]) == PLAN.format("Lisbon")
        assert agent.ask("prompts/list")["error"]["code"] == -32601
        agent.send(b"{")
        assert agent.next()["error"]["code"] == -32700
    assert agent.code == 0


def test_an_agent_sees_a_miss_and_mends_it(folder: Path) -> None:
    with Rechat("replay", folder=folder) as rechat:
        asked = f"{rechat.url}/chat/completions"
        assert httpx.post(asked, json=body("Porto")).status_code == 400
        with Agent("--port", str(rechat.port), folder=folder) as agent:
            agent.begin()
            [miss] = agent.call("list_exchanges", query="verdict:miss")["exchanges"]
            told = agent.call("explain_miss", number=miss["number"])
            assert told["nearest"] == "transcripts/plan.md:5"
            assert "+ make a plan for Porto" in told["differences"][0]["diff"]
            accepted = agent.call("accept_question", number=miss["number"])
            assert accepted["place"] == "transcripts/plan.md:5"
            assert httpx.post(asked, json=body("Porto")).status_code == 200
            assert "answers this already" in agent.refused("accept_question", number=1)
            httpx.post(asked, json=body("Madrid"))
            agent.call("write_answer", number=3, text="1. Drive.")
            answer = httpx.post(asked, json=body("Madrid")).json()
            assert answer["choices"][0]["message"]["content"] == "1. Drive."
    assert (folder / "transcripts" / "plan.md").read_text() == PLAN.format("Porto")


def test_an_agent_that_rechat_runs_sees_what_it_is_asked_itself(folder: Path) -> None:
    program = folder / "agent.py"
    program.write_text(
        "import os, subprocess, sys, urllib.request\n"
        'asked = b\'{"model": "m", "messages": [{"role": "user", "content": "make a plan for Lisbon"}]}\'\n'
        "urllib.request.urlopen(os.environ['RECHAT_URL'] + '/v1/chat/completions', asked).close()\n"
        'call = b\'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "list_exchanges"}}\'\n'
        "ran = subprocess.run([sys.executable, '-m', 'rechat', 'mcp'], input=call, capture_output=True)\n"
        "sys.stdout.write(ran.stdout.decode())\n"
    )
    result = run("run", "--", sys.executable, program, folder=folder)
    [reply] = [line for line in result.stdout.splitlines() if line.startswith("{")]
    [row] = json.loads(reply)["result"]["structuredContent"]["exchanges"]
    assert (row["verdict"], row["place"]) == ("hit", "transcripts/plan.md:5")


def test_without_a_server_the_folder_serves_and_the_rest_says_what_to_do(folder: Path) -> None:
    with Agent("--port", "1", folder=folder) as agent:
        agent.begin()
        assert "start `rechat replay`" in agent.refused("list_exchanges")
        told = agent.call("explain_miss", request=json.dumps(body("Porto")))
        assert told["verdict"] == "miss"
        place = agent.call("write_answer", request=body("Porto"), text="1. Fly.")["place"]
        assert agent.call("check_transcripts", path=place.rpartition(":")[0])["count"] == 0


def test_the_official_client_calls_every_tool(folder: Path) -> None:
    mcp = pytest.importorskip("mcp", reason="the official client is not installed: pip install mcp")
    stdio_client = pytest.importorskip("mcp.client.stdio").stdio_client

    async def talk(port: int) -> dict[str, Any]:
        command = ["-m", "rechat", "mcp", "--port", str(port)]
        server = mcp.StdioServerParameters(
            command=sys.executable, args=command, cwd=folder, env=dict(os.environ)
        )
        given: dict[str, dict[str, Any]] = {
            "read_exchange": {"number": 1},
            "explain_miss": {"number": 1},
            "write_answer": {"number": 1, "text": "1. Fly."},
            "accept_question": {"request": "make a plan for Rome"},
            "read_transcript": {"path": "transcripts/plan.md"},
            "search_transcripts": {"words": "plan"},
        }
        async with stdio_client(server) as pipes, mcp.ClientSession(*pipes) as session:
            await session.initialize()
            tools = (await session.list_tools()).tools
            return {
                tool.name: await session.call_tool(tool.name, given.get(tool.name, {}))
                for tool in tools
            }

    with Rechat("replay", folder=folder) as rechat:
        httpx.post(f"{rechat.url}/chat/completions", json=body("Porto"))
        results = asyncio.run(talk(rechat.port))
    assert len(results) == 9
    failed = {name: one.content for name, one in results.items() if one.is_error}
    assert not failed
