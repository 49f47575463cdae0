"""Where a record of TLS ends, told from its head."""

from itertools import pairwise

import pytest

from rechat.proxy.layers.tls import is_record
from rechat.proxy.layers.tls import missing_after

RECORD = b"\x17\x03\x03\x00\x04abcd"


@pytest.mark.parametrize(
    ("data", "is_one"),
    [
        (RECORD, True),
        (RECORD * 2, False),
        (RECORD[:-1], False),
        (RECORD + b"x", False),
        (b"\x15" + RECORD[1:], False),
        (b"", False),
    ],
)
def test_a_record_of_data_is_whole_and_alone(data: bytes, is_one: bool) -> None:
    assert is_record(data) is is_one


@pytest.mark.parametrize("cuts", [(5,), (9, 5), (7, 23), (5, 6, 9, 18)])
def test_what_a_record_lacks_is_known_from_its_head(cuts: tuple[int, ...]) -> None:
    data, missing = RECORD * 3, 0
    for start, end in pairwise((0, *sorted(cuts), len(data))):
        found = missing_after(missing, data[start:end])
        assert found is not None
        missing = found
        assert (end + missing) % len(RECORD) == 0
    assert missing == 0


def test_a_record_whose_head_is_torn_has_no_known_end() -> None:
    assert missing_after(0, RECORD[:3]) is None
    assert missing_after(None, RECORD) is None
