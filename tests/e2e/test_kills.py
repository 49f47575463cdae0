"""What a client has had in full survives `kill -9`."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks import kills


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_no_answer_that_a_client_had_in_full_is_lost() -> None:
    toll = kills.measure(3)
    assert toll.answers > 20
    assert toll.lost == []
