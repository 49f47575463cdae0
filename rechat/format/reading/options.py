"""rechat's own settings, under `rechat:`."""

import math
from difflib import get_close_matches

from rechat.values import PACE
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Options
from rechat.values import TranscriptError
from rechat.values import jsontext


def merge(outer: JsonObject, inner: JsonObject) -> JsonObject:
    """The settings of a section: the file's, overridden by its own; `rechat:` key by key."""
    merged = outer | inner
    ours, theirs = outer.get("rechat"), inner.get("rechat")
    if isinstance(ours, dict) and isinstance(theirs, dict):
        merged["rechat"] = ours | theirs
    return merged


def options(own: Json, line: int) -> Options:
    """The options of a section. Raises `TranscriptError` for an unknown key or value."""
    if not isinstance(own, dict):
        raise TranscriptError(
            line,
            f"`rechat:` holds keys and values, read {'nothing' if own is None else repr(own)}: "
            "write `rechat: {match: exact}`, or each option in a line below, with blanks before it",
            code="invalid-option",
        )
    return Options(**{key: _option(key, value, line) for key, value in own.items()})  # type: ignore[arg-type]


OPTIONS: dict[str, tuple[str, ...]] = {
    "api": (),
    "match": ("exact", "listed"),
    "takes": ("last", "cycle", "random", "error"),
    "ignore": (),
    "normalise": (),
    "query": (),
    "delay": (),
    "pace": (),
}
"""All of them, each with its values if it has no others."""
_EXPECTED = {
    "api": "the name of one API, such as openai.chat; without it the file answers all",
    "query": "the query string that requests have, as text",
    "ignore": "the name of a setting or role, or a list of them: [seed, user]",
    "normalise": "the name of a rule, or a list of them: [dates, uuids]",
    "delay": "a number of seconds, such as 1.5",
    "pace": "none, recorded, or tokens per second (50), and optionally the seconds until the first "
    "one (50:0.4)",
}


def _option(key: str, value: Json, line: int) -> object:
    match key, value:
        case (("match" | "takes"), str()) if value in OPTIONS[key]:
            return value
        case (("match" | "takes"), _):
            raise TranscriptError(
                line,
                f"`rechat: {key}` is one of {', '.join(OPTIONS[key])}; read {value!r}",
                code="invalid-option",
            )
        case (("ignore" | "normalise"), str()):
            return (value,)
        case (("ignore" | "normalise"), list()) if all(isinstance(name, str) for name in value):
            return tuple(value)
        case "query" | "api", str():
            return value
        case "delay", int() | float() if _is_number(value) and value >= 0:
            return float(value)
        case "pace", str() | int() | float() if _is_pace(str(value)):
            return str(value)
        case (("api" | "query" | "ignore" | "normalise" | "delay" | "pace"), _):
            raise TranscriptError(
                line,
                f"`rechat: {key}` is {_EXPECTED[key]}; read {jsontext.dump(value)}",
                code="invalid-option",
            )
    close = get_close_matches(key, OPTIONS, 1) if key not in OPTIONS else ()
    hint = f"did you mean `{close[0]}`? " if close else ""
    raise TranscriptError(
        line,
        f"`rechat: {key}: {value!r}` is not known: {hint}expected {', '.join(OPTIONS)}",
        code="invalid-option",
    )


def _is_number(value: Json) -> bool:
    """Whether a value is a valid number of seconds."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value < math.inf


def _is_pace(text: str) -> bool:
    found = PACE.fullmatch(text)
    return text in ("none", "recorded") or (found is not None and float(found["rate"]) > 0)
