"""OpenAI's batches: the requests of one file and the outputs of another, joined by `custom_id`.

Outputs are in any order. A request may have no output (it expired, or the file is missing).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from rechat.convert.found import Found
from rechat.convert.found import Left
from rechat.convert.found import Source
from rechat.convert.wire import exchange_of
from rechat.values import JsonObject
from rechat.values import jsontext

_JSON = (("content-type", "application/json"),)


def is_row(row: object) -> bool:
    """Whether a row is one of a batch, of either file."""
    return isinstance(row, dict) and "custom_id" in row and ("body" in row or "response" in row)


@dataclass(slots=True)
class Batches:
    """The rows of all files, until they are joined."""

    _asked: dict[str, tuple[str, JsonObject]] = field(default_factory=dict)
    _said: dict[str, tuple[str, JsonObject]] = field(default_factory=dict)

    def add(self, source: Source, rows: list[Any]) -> None:
        """Add the rows of a file."""
        for number, row in enumerate(rows, 1):
            if is_row(row):
                place = f"{source.name}:{number}"
                kept = self._asked if "body" in row else self._said
                kept[str(row["custom_id"])] = (place, row)

    def joined(self) -> Iterator[Found]:
        """The exchanges, and the rows without a counterpart."""
        for name, (place, row) in self._asked.items():
            if name in self._said:
                yield _exchange(place, row, self._said[name][1])
            else:
                yield Left(place, f"{name} has no output: import the output file with it")
        for name, (place, _) in self._said.items():
            if name not in self._asked:
                yield Left(place, f"{name} has no request: import the input file with it")


def _exchange(place: str, asked: JsonObject, said: JsonObject) -> Found:
    match said.get("response"):
        case {"status_code": int(status), "body": body}:
            return exchange_of(
                place,
                (
                    str(asked.get("method", "POST")),
                    f"https://api.openai.com{asked.get('url', '')}",
                    _JSON,
                    _dumped(asked.get("body")),
                ),
                (status, _JSON, _dumped(body)),
            )
    match said.get("error"):
        case {"message": message}:
            return Left(place, f"got no response: {message}")
    return Left(place, "got no response")


def _dumped(value: Any) -> bytes:
    return jsontext.dump(value).encode("utf-8", "surrogatepass")
