"""Errors say where, and are all of one family."""

import pytest

from rechat.values.errors import BodyError
from rechat.values.errors import RechatError
from rechat.values.errors import TranscriptError
from rechat.values.errors import UsageError


@pytest.mark.parametrize("kind", [UsageError, BodyError])
def test_all_errors_for_people_are_of_one_family(kind: type[Exception]) -> None:
    assert issubclass(kind, RechatError)


def test_an_error_in_a_transcript_has_its_line_in_front() -> None:
    error = TranscriptError(7, "`### usr` is not a role", code="unknown-role")
    assert (str(error), error.line) == ("7: `### usr` is not a role", 7)
    assert isinstance(error, RechatError)
