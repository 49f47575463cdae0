"""The event loop: uvloop's where the platform has it and it works with this Python, else
Python's own.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress

type _Factory = Callable[[], asyncio.AbstractEventLoop]


def run[T](main: Coroutine[object, object, T]) -> T:
    """Run a program to its end, as `asyncio.run` does."""
    with asyncio.Runner(loop_factory=_fastest()) as runner:
        return runner.run(main)


def _fastest() -> _Factory | None:
    with suppress(ImportError):
        import uvloop  # noqa: PLC0415  # it need not be there

        if works(uvloop.new_event_loop):
            return uvloop.new_event_loop
    return None


def works(factory: _Factory) -> bool:
    """Whether loops of a kind run tasks that start at once, as mitmproxy does; uvloop 0.23 does not
    with Python 3.13.0.
    """
    loop, nothing = factory(), asyncio.sleep(0)
    loop.set_task_factory(asyncio.eager_task_factory)
    try:
        loop.run_until_complete(nothing)
    except TypeError:
        return False
    finally:
        nothing.close()
        loop.close()
    return True
