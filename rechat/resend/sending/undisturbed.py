"""The process made ready to measure: nothing that Python does on its own holds up the loop."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# Other threads hand over after half a millisecond, and not after five.
_TURN = 0.0005


@contextmanager
def undisturbed() -> Iterator[None]:
    """For as long as a block takes, the threads that keep results and draw the progress bar let the
    loop run at once, and what is there already is not searched for garbage.
    """
    turn = sys.getswitchinterval()
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(_TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(turn)
        gc.unfreeze()
