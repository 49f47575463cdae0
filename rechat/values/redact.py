"""Keeps credentials out of files, console and index.

1. Headers are stored by allow-list only, both ways. Nobody can list all the headers that carry a
   secret; the few that a replay needs can be listed.
2. In bodies and URLs, what looks like a credential (`secrets`) is replaced before anything is
   hashed, shown or written, on both sides: a recording and its replay are redacted alike, so they
   match.
3. The placeholder contains the kind of secret and nothing else. A recording made with one key
   matches a replay with another.
4. Under some names every text is secret (`api_key`, `authorization`), under others only what looks
   random. The fields of a tool have the names that its author gave them: there, in a schema and in
   the arguments of a call, a name alone proves nothing.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import is_not
from typing import Literal
from urllib.parse import quote
from urllib.parse import unquote
from urllib.parse import unquote_plus

from rechat.values.http import Headers
from rechat.values.jsontext import Json
from rechat.values.jsontext import JsonObject
from rechat.values.jsontext import are_numbers
from rechat.values.known import Known
from rechat.values.secrets import NAMES
from rechat.values.secrets import fields_told_by_others
from rechat.values.secrets import is_parameter
from rechat.values.secrets import is_secret
from rechat.values.secrets import looks_random
from rechat.values.secrets import parameter_tells
from rechat.values.secrets import redact_arguments
from rechat.values.secrets import redact_text
from rechat.values.secrets import set_own
from rechat.values.secrets import tells

ANSWER_HEADERS = frozenset(
    {
        "content-disposition",
        "content-type",
        "location",
        "retry-after",
        "retry-after-ms",
        "x-should-retry",
    }
)
REQUEST_HEADERS = frozenset({"content-type", "openai-beta", "anthropic-version", "anthropic-beta"})

# "https://me:password@" of "https://me:password@host/path"
_USER = re.compile(r"\A((?:[A-Za-z][A-Za-z0-9+.-]*+:)?//)[^/?#]*@")

# All texts inside these are secret.
_GROUPS = frozenset({"domain_secret", "domain_secrets"})
# Objects whose fields the author of a tool named: its schema, and the arguments of a call.
_OPENING = frozenset(
    {"args", "arguments", "input", "input_schema", "inputschema", "parameters", "schema"}
)
# The place of an entry in a list of tools, and of everything within a tool.
_TOOL = "tools[]"
_OF_A_TOOL = "\0"
# Characters that stay as they are in a path.
_IN_PATHS = "/:@!$&'()*+,;=~"
# The names of fields are cached, if they are no longer than this.
_MOST_NAMES = 1 << 12
_LONGEST_NAME = 100
_forgetting: list[Callable[[], None]] = []


@dataclass(frozen=True, slots=True)
class _Field:
    """The meaning of a field's name: the name without credentials, and whether its value is secret,
    or secret if it looks random, or has fields of a tool.
    """

    name: str
    kind: Literal["", "secret", "telling", "group", "headers", "opening", "url"] = ""


def redact(value: Json, place: str = "") -> Json:
    """The value with the credentials in its strings and names replaced; the same object if there
    are none. The value given is not changed. `place` is the key it stands under, with `[]` for an
    item of a list.
    """
    return _redact(value, place)


def _redact(value: Json, place: str) -> Json:
    # By type and without `match`: every value of every request passes through here.
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, dict):
        return value if isinstance(value, Known) else _redact_object(value, place)
    if isinstance(value, list):
        if are_numbers(value):
            return value
        within = place if place is _OF_A_TOOL else f"{place}[]"
        items = [_redact(item, within) for item in redact_arguments(value)]
        return items if any(map(is_not, items, value)) else value
    return value


def _redact_object(value: JsonObject, place: str) -> JsonObject:
    changed: JsonObject = {}
    names: dict[str, str] = {}
    beside = fields_told_by_others(value, place)
    safe: Json
    for key, item in value.items():
        if key in beside:
            safe = _hide(item, key if key in NAMES else "secret")
            if safe is not item:
                changed[key] = safe
            continue
        field = _known_field(key) if len(key) <= _LONGEST_NAME else _field_of(key)
        if field is None:
            # Most are texts: one call less for each.
            if isinstance(item, str):
                safe = redact_text(item)
            else:
                within = place if place is _OF_A_TOOL and key != "cookies" else key
                safe = _redact(item, within)
        else:
            safe = _redact_field(key, item, field.kind, value, place)
            if field.name != key:
                names[key] = field.name
        if safe is not item:
            changed[key] = safe
    if names:
        return _renamed(value | changed, names)
    return value | changed if changed else value


def _field_of(key: str) -> _Field | None:
    """The meaning of a field's name; None if it has none, as nearly all do."""
    name, safe = key.lower(), redact_text(key)
    if name in NAMES:
        return _Field(safe, "secret")
    if name in _GROUPS:
        return _Field(safe, "group")
    if name == "headers":
        return _Field(safe, "headers")
    if name == "server_url":
        return _Field(safe, "url")
    if name in _OPENING:
        return _Field(safe, "opening")
    if tells(key) or name.endswith(("pass", "psk")):
        return _Field(safe, "telling")
    return _Field(safe) if safe is not key else None


_known_field = lru_cache(_MOST_NAMES)(_field_of)


def redact_also(patterns: Mapping[str, str]) -> None:
    """Also replace matches of these expressions, by name: from now on and in the whole process.
    Raises `UsageError` for an invalid one.
    """
    set_own(patterns)
    _known_field.cache_clear()
    for forget in _forgetting:
        forget()


def when_rules_change(forget: Callable[[], None]) -> None:
    """Register a callback for changes of these expressions: what was redacted before may no longer
    be safe.
    """
    _forgetting.append(forget)


def _redact_field(key: str, item: Json, kind: str, value: JsonObject, place: str) -> Json:
    """The redacted value of a field whose name has a meaning. An object under the name of a
    credential is a schema that describes one.
    """
    is_of_a_tool = place is _OF_A_TOOL
    if kind == "opening" and isinstance(item, dict) and _opens(key, value):
        return _redact(item, _OF_A_TOOL)
    if kind == "url" and isinstance(item, str):
        item = redact_url(item)
    if not is_of_a_tool:
        if kind == "headers" and (place == _TOOL or value.get("type") == "mcp"):
            return _hide(item, "header")
        if kind == "group" and not (place == "properties" and isinstance(item, dict)):
            return _hide(item, key)
        if kind == "secret" and isinstance(item, str):
            return _hide(item, key)
    safe = _redact(item, place if is_of_a_tool else key)
    if kind in ("secret", "telling") and is_secret(key, safe):
        return "[redacted secret]"
    return safe


def _opens(key: str, value: JsonObject) -> bool:
    """Whether the object under this key has the fields of a tool."""
    kind = value.get("type")
    return key != "input" or (isinstance(kind, str) and kind.endswith("tool_use"))


def _renamed(value: JsonObject, names: dict[str, str]) -> JsonObject:
    """The object with some names replaced; no two are the same."""
    renamed: JsonObject = {}
    taken = value.keys() - names.keys()
    for key, item in value.items():
        name = names.get(key, key)
        number = 1
        while key in names and (name in taken or name in renamed):
            number += 1
            name = f"{names[key]} {number}"
        renamed[name] = item
    return renamed


def _hide(value: Json, kind: str) -> Json:
    """The value with every string in it replaced; the same object if there are none."""
    placeholder = f"[redacted {kind}]"
    match value:
        case str():
            return value if value in ("", placeholder) else placeholder
        case list():
            items = [_hide(item, kind) for item in value]
            return items if any(map(is_not, items, value)) else value
        case dict():
            fields = {key: _hide(item, kind) for key, item in value.items()}
            return fields if any(map(is_not, fields.values(), value.values())) else value
        case _:
            return value


def redact_path(path: str) -> str:
    """The path of a URL without credentials; all other bytes stay if there are none."""
    plain = unquote(path)
    redacted = redact_text(plain)
    return path if redacted is plain else quote(redacted, _IN_PATHS)


def redact_query(query: str) -> str:
    """A query string with the values of credentials replaced; names and all other bytes stay."""
    return "&".join(map(_redact_parameter, query.split("&"))) if query else query


def _redact_parameter(parameter: str) -> str:
    name, equals, value = parameter.partition("=")
    plain = unquote_plus(name)
    if value and is_parameter(plain):
        return f"{name}=redacted"
    if value and parameter_tells(plain) and looks_random(unquote_plus(value)):
        return f"{name}=redacted"
    return f"{_redact_quoted(name)}{equals}{_redact_quoted(value)}"


def _redact_quoted(text: str) -> str:
    plain = unquote_plus(text)
    redacted = redact_text(plain)
    return text if redacted is plain else quote(redacted, "")


def redact_url(url: str) -> str:
    """A URL without user and password, and with its path and query redacted."""
    before, number_sign, fragment = url.partition("#")
    address, question_mark, query = before.partition("?")
    address = redact_text(_USER.sub(r"\1", address))
    redacted = address + question_mark + redact_query(query) + number_sign + fragment
    return url if redacted == url else redacted


def allowed_headers(headers: Iterable[tuple[str, str]], names: frozenset[str]) -> Headers:
    """The headers of an allow-list, in order, their names in lower case, their values redacted."""
    return tuple(
        (name, _redact_value(name, value))
        for name, value in ((name.lower(), value) for name, value in headers)
        if name in names
    )


def _redact_value(name: str, value: str) -> str:
    if name == "content-type":  # the boundary of a form has to stay as it is
        return value
    return redact_text(redact_url(value) if name == "location" else value)
