"""What of the settings of a request counts, and in which spelling."""

from collections.abc import Iterable

from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Known
from rechat.values import Message
from rechat.values import Opaque
from rechat.values import made_once

NEVER = frozenset(
    {
        "client_metadata",
        "keep_alive",
        "metadata",
        "prompt_cache_key",
        "prompt_cache_options",
        "prompt_cache_retention",
        "safety_identifier",
        "service_tier",
        "store",
        "stream",
        "stream_options",
        "user",
    }
)
MARKS = frozenset({"cache_control", "prompt_cache_breakpoint"})
# A field of a schema may have the name of a mark; then its value is a schema.
_SCHEMA_TYPES = ("string", "number", "integer", "boolean", "object", "array", "null")
# A setting of such a value says no more than an absent one.
_EMPTY: tuple[Json, ...] = (None, [], {})
# The older name counts, which most servers know.
_COMMON_NAMES = {"max_completion_tokens": "max_tokens", "max_output_tokens": "max_tokens"}
# The item of Responses that changes the settings from there on, and what in it is no setting.
_UPDATE = "configuration_update"
_OF_ITEM = frozenset({"type", "id", "status"})
# Where null is a value, in JSON schemas; elsewhere it says no more than an absent key.
_NULLABLE = frozenset({"const", "default"})


def meaningful(settings: JsonObject, ignore: Iterable[str] = ()) -> JsonObject:
    """The settings that count: without nulls, empty ones, marks, what never counts and what is
    ignored (by name or dotted path). Tools are in the order of their names: some clients list them
    in another order each time.
    """
    kept = {
        key: counted
        for key, value in settings.items()
        if key not in NEVER and key not in MARKS and (counted := plain(value)) not in _EMPTY
    }
    if isinstance(tools := kept.get("tools"), list):
        kept["tools"] = sorted(tools, key=_name_of)
    for path in ignore:
        *outer, last = path.split(".")
        scope: Json = kept
        for key in outer:
            scope = scope.get(key) if isinstance(scope, dict) else None
        if isinstance(scope, dict):
            scope.pop(last, None)
    return kept


def updated(settings: JsonObject, message: Message) -> JsonObject | None:
    """The settings after a message that changes them; None if it is another message."""
    match message.parts:
        case (Opaque(dict() as item),) if item.get("type") == _UPDATE:
            changes = {key: value for key, value in item.items() if key not in _OF_ITEM}
            return _merged(settings, changes)
        case _:
            return None


def _merged(settings: JsonObject, changes: JsonObject) -> JsonObject:
    merged = dict(settings)
    for key, value in changes.items():
        old = merged.get(key)
        match old, value:
            case dict(), dict():
                merged[key] = _merged(old, value)
            case _:
                merged[key] = value
    return merged


def _name_of(tool: Json) -> str:
    """The name of a tool; for one that is built in, its type."""
    match tool:
        case {"function": {"name": str(name)}} | {"name": str(name)} | {"type": str(name)}:
            return name
        case _:
            return ""


def in_common(settings: JsonObject) -> JsonObject:
    """The settings with one name for each that has several in Chat Completions alone."""
    return {_COMMON_NAMES.get(name, name): value for name, value in settings.items()}


def listed_names(settings: JsonObject, ignore: tuple[str, ...] = ()) -> frozenset[str]:
    """The settings that a person listed, the empty ones too: `tools: []` asks for no tools."""
    empty = {name for name, value in settings.items() if value in _EMPTY and value is not None}
    return frozenset(meaningful(settings, ignore)) | (empty - NEVER - {*ignore})


def spelled_query(query: str) -> str:
    """The parameters of a query in one order; those of one name stay in theirs."""
    return "&".join(sorted(query.split("&"), key=lambda item: item.partition("=")[0]))


def _is_mark(key: str, value: Json) -> bool:
    is_schema = isinstance(value, dict) and value.get("type") in _SCHEMA_TYPES
    return key in MARKS and not is_schema


def plain(value: Json) -> Json:
    """A value without marks and nulls."""
    match value:
        case Known():
            return made_once(value, "plain", lambda known: plain(dict(known)))
        case dict():
            return {
                key: plain(item)
                for key, item in value.items()
                if not _is_mark(key, item) and (item is not None or key in _NULLABLE)
            }
        case list():
            return [plain(item) for item in value]
        case _:
            return value
