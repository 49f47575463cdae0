import asyncio
import multiprocessing
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from asking import questions

from rechat.resend.results.raw import Raw
from rechat.resend.results.run_folder import RunFolder
from rechat.resend.sending.saver import Handover
from rechat.resend.sending.saver import Messages
from rechat.resend.sending.saver import Saver
from rechat.resend.sending.saver import Spent
from rechat.resend.sending.saver import message
from rechat.values import UsageError

FIRST, _ = questions()
BODY = (
    b'{"choices": [{"index": 0, "message": {"role": "assistant", "content": "Paris."}}], '
    b'"usage": {"prompt_tokens": 7, "completion_tokens": 2}}'
)
RAW = Raw(
    *(FIRST.name, FIRST.key, 1, "openai.chat", "small", 0.5, 30.0, None, 1, 0.0),
    *(200, (("content-type", "application/json"),), ((30.0, BODY),), ""),
)


def hand_over(saver: Saver, path: Path, work: Callable[[Handover], Awaitable[None]]) -> list[Spent]:
    """What is told of the results that `work` hands over, once all are kept."""
    told: list[Spent] = []

    async def run() -> None:
        way = await saver.handover(path, told.append)
        await work(way)
        await way.close()

    asyncio.run(run())
    return told


async def keep_two(way: Handover) -> None:
    await way.keep(RAW)
    await way.keep(RAW)


def test_results_are_kept_by_another_process(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    with Saver(run.lock, tells_cost=True) as saver:
        assert hand_over(saver, run.file_of("m"), keep_two) == [("small", (7, 2))] * 2
        assert len([*run.results("m")]) == 2  # the moment that it is told
        assert len(hand_over(saver, run.file_of("n"), keep_two)) == 2
        with pytest.raises(OSError, match="No such file"):
            hand_over(saver, tmp_path / "nowhere" / "m.jsonl", keep_two)
    run.settle()


def test_costs_are_told_only_to_who_counts_them(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    with Saver(run.lock, tells_cost=False) as saver:
        assert hand_over(saver, run.file_of("m"), keep_two) == []
    assert len([*run.results("m")]) == 2


def test_who_hands_over_too_much_waits_for_room(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    large = replace(RAW, pieces=((30.0, BODY + b" " * (4 << 20)),))

    async def keep(way: Handover) -> None:
        way.pause_writing()
        waiting = asyncio.create_task(way.keep(large))
        await asyncio.sleep(0)
        assert not waiting.done()
        way.resume_writing()
        await waiting

    with Saver(run.lock, tells_cost=True) as saver:
        assert len(hand_over(saver, run.file_of("m"), keep)) == 1


def test_while_it_keeps_the_run_is_asked_by_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rechat.resend.results.run_folder._PATIENCE", 0.01)
    run = RunFolder(tmp_path)
    with Saver(run.lock, tells_cost=True) as saver:
        with pytest.raises(UsageError, match="is being asked by another process"):
            run.settle()
        (process,) = multiprocessing.active_children()

        async def keep(way: Handover) -> None:
            process.terminate()
            while way.problem is None:
                await way.keep(RAW)
                await asyncio.sleep(0.001)

        told = "the process that keeps the results has ended"
        with pytest.raises(ChildProcessError, match=told):
            hand_over(saver, run.file_of("m"), keep)


def test_messages_are_found_in_bytes_as_they_come() -> None:
    come = Messages()
    sent = message((1, "a")) + message(None) + message("b" * 300)
    found: list[object] = []
    for byte in sent:
        come.add(bytes([byte]))
        found += come.take()
    assert found == [(1, "a"), None, "b" * 300]
    assert len(come) == 0
