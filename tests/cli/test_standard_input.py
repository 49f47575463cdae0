"""The end of standard input is noticed, whatever it is."""

import asyncio
import os
from collections.abc import Iterator

import pytest

from rechat.cli import standard_input


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The writing end of a pipe whose other end is taken for standard input."""
    reading, writing = os.pipe()
    monkeypatch.setattr(standard_input, "_DESCRIPTOR", reading)
    yield writing
    os.close(reading)


def test_what_is_written_is_no_end(pipe: int) -> None:
    async def main() -> None:
        waiting = asyncio.ensure_future(standard_input.closed())
        os.write(pipe, b"hello\n")
        for _ in range(10):
            await asyncio.sleep(0)
        assert not waiting.done()
        os.close(pipe)
        await waiting

    asyncio.run(main())


def test_no_standard_input_at_all_is_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standard_input, "_DESCRIPTOR", -1)

    async def main() -> bool:
        waiting = asyncio.ensure_future(standard_input.closed())
        await asyncio.wait([waiting], timeout=20)
        return waiting.done()

    assert asyncio.run(main())
