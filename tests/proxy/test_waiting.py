"""What waits for a person or for its time, and who leaves meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from addon_rig import Rig
from mitmproxy.test import tflow

from rechat.proxy.layers.paced_stream import PIECES
from rechat.proxy.layers.paced_stream import Due


async def _never() -> AsyncIterator[bytes]:
    yield b"first"
    await asyncio.Event().wait()


def test_a_client_that_leaves_is_not_waited_for(folder: Path) -> None:
    async def main() -> list[bytes]:
        waiting = Rig(folder, "hold").addon.waiting
        paced = tflow.tflow()
        paced.metadata[PIECES] = _never()
        waiting.client_connected(paced.client_conn)
        due = Due(paced)
        await waiting.rechat_pace(due)
        first, late = due.data, asyncio.ensure_future(waiting.rechat_pace(due))
        waiting.client_disconnected(paced.client_conn)
        await late
        return [first, due.data]

    assert asyncio.run(main()) == [b"first", b""]


def test_what_is_held_has_its_place_and_is_let_go_with_its_client(folder: Path) -> None:
    rig = Rig(folder, "hold")

    async def main() -> None:
        waiting = rig.addon.waiting
        asked = rig.flow()
        waiting.client_connected(asked.client_conn)
        held = asyncio.ensure_future(rig.addon.request(asked))
        while not waiting.places():  # noqa: ASYNC110  # it is told by the journal only
            await asyncio.sleep(0)
        waiting.changed()
        waiting.client_disconnected(asked.client_conn)
        await held
        assert waiting.places() == set()

    asyncio.run(main())
    assert [entry.verdict for entry in rig.entries] == ["held", "failed"]
