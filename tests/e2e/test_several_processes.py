"""Several rechats that record into one folder, as `pytest -n 4` starts them: what was recorded side
by side replays.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
from process import Rechat
from upstream import Json
from upstream import Received
from upstream import Upstream

PROCESSES = 3
TESTS = 9


def odd(received: Received) -> Json:
    """An answer that is another one each time, as those of models are."""
    message = {"role": "assistant", "content": f"Answer {received.number}"}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return Json({"id": str(received.number), "choices": [choice]})


def talk(rechat: Rechat, number: int) -> list[str]:
    """A test that begins like the others and goes on in its own way."""
    messages: list[dict[str, Any]] = []
    said = []
    for question in ("Hello", "Tell me more", f"Test {number}"):
        messages.append({"role": "user", "content": question})
        asked = {"model": "gpt-5", "messages": messages}
        response = httpx.post(f"{rechat.url}/chat/completions", json=asked, timeout=20)
        response.raise_for_status()
        messages.append(response.json()["choices"][0]["message"])
        said.append(str(messages[-1]["content"]))
    return said


def test_what_several_processes_record_side_by_side_replays(
    upstream: Upstream, folder: Path
) -> None:
    upstream.reply(odd)
    with ExitStack() as stack:
        command = ("record", upstream.url, "--to", folder)
        running = [
            stack.enter_context(Rechat(*command, folder=folder.parent)) for _ in range(PROCESSES)
        ]
        pool = stack.enter_context(ThreadPoolExecutor(TESTS))
        recorded = list(pool.map(lambda n: talk(running[n % PROCESSES], n), range(TESTS)))
    assert len(upstream.requests) == 2 + TESTS
    with Rechat("replay", folder, folder=folder.parent) as rechat:
        assert [talk(rechat, number) for number in range(TESTS)] == recorded
