"""OpenAI's fine-tuning data: a JSON line for each example, with `messages` and maybe `tools`.

An answer with `weight` 0 is not learned from: it is given.
"""

from collections.abc import Iterator
from typing import Any

from rechat.convert.conversation import CHAT
from rechat.convert.conversation import conversation_of
from rechat.convert.found import Found
from rechat.convert.found import Left
from rechat.convert.found import Source


def is_row(row: object) -> bool:
    """Whether a row is an example."""
    return isinstance(row, dict) and isinstance(row.get("messages"), list)


def read(source: Source, rows: list[Any]) -> Iterator[Found]:
    """The conversation of each example."""
    for number, row in enumerate(rows, 1):
        place = f"{source.name}:{number}"
        if not is_row(row):
            yield Left(place, "has no messages")
            continue
        messages = [dict(one) if isinstance(one, dict) else one for one in row["messages"]]
        said = [one for one in messages if isinstance(one, dict) and one.get("role") == "assistant"]
        given = {place for place, one in enumerate(said) if one.pop("weight", 1) == 0}
        yield conversation_of(place, CHAT, row | {"messages": messages}, given=given)
