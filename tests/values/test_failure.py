"""How an exception is told."""

import pytest

from rechat.values import jsontext
from rechat.values.errors import BodyError
from rechat.values.failure import disk_reason
from rechat.values.failure import reason_of


def test_an_error_that_is_explained_is_its_message() -> None:
    assert reason_of(BodyError("expected\n a list")) == "expected a list"


def test_another_is_told_with_its_type_and_the_place_in_our_code() -> None:
    try:
        jsontext.dump({"a": object()})
    except TypeError as error:
        told = reason_of(error)
    assert told.startswith("TypeError: Object of type object is not JSON serializable")
    assert "(rechat/values/jsontext.py:" in told


def test_it_is_one_short_line_without_secrets() -> None:
    key = "sk-proj-" + "a1B2c3D4" * 6
    told = reason_of(ValueError(f"{key}\n{'x' * 10_000}"))
    assert key not in told
    assert "\n" not in told
    assert len(told) < 400


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(28, "No space left on device", "/tmp/a"), "the disk is full"),
        (OSError(30, "Read-only file system", "/tmp/a"), "(Read-only file system)"),
        (PermissionError(13, "Permission denied", "/tmp/b"), "(Permission denied)"),
        (OSError("odd"), "the folder cannot be written (odd)"),
    ],
)
def test_what_keeps_the_disk_from_taking_a_file_is_told_without_its_name(
    error: OSError, told: str
) -> None:
    assert told in disk_reason(error)
    assert "/tmp" not in disk_reason(error)
