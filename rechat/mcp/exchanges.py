"""The requests to a running rechat, and its answers."""

import json
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError
from urllib.error import URLError
from urllib.parse import quote

from rechat.testing import Journal
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import RechatError
from rechat.values import jsontext

_MOST = 200
# A longer text is truncated in the middle, unless the whole is requested.
_LONGEST = 2000
# The fields of a row that matter to a model.
_ROW = (
    *("number", "at", "ms", "verdict", "model", "api", "words", "said", "status", "place", "rule"),
    *("reason", "session", "upstream", "take", "takes", "tokens", "turn", "stream", "tools"),
)


class Exchanges:
    """The exchanges of a server, which is located anew at each call."""

    def __init__(self, journal: Callable[[], Journal]) -> None:
        self._journal = journal

    def listed(self, query: str = "", limit: int = 20) -> JsonObject:
        """The newest exchanges that a search finds, the oldest of them first."""
        most = max(1, min(limit, _MOST))
        found = self.get(f"exchanges?q={quote(query)}&limit={most}")
        rows: list[Json] = [_only(row, _ROW) for row in found["exchanges"]]
        return {"exchanges": rows, "latest": found["latest"]}

    def one(self, number: int, whole: bool = False) -> JsonObject:  # noqa: FBT001, FBT002  # a tool's
        """One exchange; unless it is to be `whole`, long texts are truncated."""
        cut = str if whole else _cut
        found = self.get(f"exchanges/{number}")
        settings: JsonObject = {
            name: value if whole else _short(value) for name, value in found["settings"].items()
        }
        return _only(found, _ROW) | {
            "settings": settings,
            "messages": [_message(message, cut) for message in found["messages"]],
            "answer": [_message(message, cut) for message in found["answer"]],
        }

    def get(self, path: str) -> Any:
        """The server's reply. Raises `RechatError` with its reason."""
        try:
            return self._journal().get(path)
        except HTTPError as error:
            with error:
                raise RechatError(_reason(error)) from None
        except URLError as error:
            raise RechatError(f"rechat does not answer any more: {error.reason}") from None

    def change(self, path: str, body: JsonObject) -> Any:
        """The server's reply to a change. Raises `RechatError` if it refuses."""
        try:
            return self._journal().post(path, body)
        except ValueError as error:
            raise RechatError(str(error)) from None
        except URLError as error:
            raise RechatError(f"rechat does not answer any more: {error.reason}") from None


def _reason(error: HTTPError) -> str:
    try:
        return str(json.load(error)["error"])
    except (ValueError, KeyError, TypeError):
        return str(error)


def _only(row: JsonObject, names: tuple[str, ...]) -> JsonObject:
    return {name: row[name] for name in names if row.get(name) not in (None, "")}


def _message(message: JsonObject, cut: Callable[[str], str]) -> JsonObject:
    return {"role": message["role"], "text": cut(message["raw"])}


def _cut(text: str) -> str:
    left = len(text) - _LONGEST
    if left <= 0:
        return text
    half = _LONGEST // 2
    return f"{text[:half]}\n[… {left:,} characters …]\n{text[-half:]}"


def _short(value: Json) -> Json:
    """The value of a setting, or the length of a long one (an agent's tools)."""
    size = len(jsontext.dump(value))
    return value if size <= _LONGEST else f"[… {size:,} characters …]"
