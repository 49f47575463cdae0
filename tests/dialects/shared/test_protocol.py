"""What every API gives."""

import inspect

import pytest

from rechat.dialects.registry import DIALECTS
from rechat.dialects.shared.protocol import Dialect
from rechat.dialects.shared.protocol import Received
from rechat.values.conversation import Answer

METHODS = [name for name, member in vars(Dialect).items() if inspect.isfunction(member)]


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("method", [name for name in METHODS if not name.startswith("_")])
def test_every_dialect_takes_what_the_protocol_says_under_its_names(
    dialect: Dialect, method: str
) -> None:
    def taken(function: object) -> list[tuple[str, object]]:
        assert callable(function)
        parameters = inspect.signature(function).parameters.values()
        return [(one.name, one.kind) for one in parameters if one.name != "self"]

    assert taken(getattr(dialect, method)) == taken(getattr(Dialect, method))


def test_an_answer_is_kept_byte_for_byte_unless_a_secret_was_in_it() -> None:
    assert Received(Answer(())).is_verbatim
