"""Tools that a server of Chat Completions runs itself, as Groq tells of them: once when they begin,
and again with what they gave.
"""

from collections.abc import Iterator, Sequence

from rechat.dialects.shared import Rows
from rechat.dialects.shared import Table
from rechat.dialects.shared import last
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import jsontext

EXECUTED = "executed_tools"

_ROWS = Rows(Table())
# What each piece has: clients concatenate any other text.
_NAMING = ("index", "type")
# What a tool was told to do.
_TOLD = ("type", "name", "arguments")
_GIVEN = ("output", "search_results", "code_results", "browser_results")


def fold(column: Sequence[Json]) -> Json:
    """What a stream says of them in all: the last word on each, by its index, else by what it was
    told to do.
    """
    tools = [tool for listed in column if isinstance(listed, list) for tool in listed]
    known: list[JsonObject] = [tool for tool in tools if isinstance(tool, dict)]
    if len(known) < len(tools):
        return last(column)
    if all("index" in tool for tool in known):
        return _ROWS(column)
    found: dict[str, JsonObject] = {}
    for tool in known:
        told = jsontext.dump([tool.get(key) for key in _TOLD])
        found[told] = found.get(told, {}) | tool
    return list(found.values())


def told_of(message: Message) -> Iterator[JsonObject]:
    """The deltas that tell of the tools, one after the other; none if they cannot be told apart."""
    listed = message.fields.get(EXECUTED)
    tools = [tool for tool in listed if isinstance(tool, dict)] if isinstance(listed, list) else []
    numbers = [tool.get("index") for tool in tools]
    if not isinstance(listed, list) or len(tools) != len(listed) or numbers != [*range(len(tools))]:
        return
    for tool in tools:
        begun: JsonObject = {key: value for key, value in tool.items() if key not in _GIVEN}
        given = {key: value for key, value in tool.items() if key not in begun or key in _NAMING}
        yield {EXECUTED: [begun]}
        if begun != tool:
            yield {EXECUTED: [given]}
