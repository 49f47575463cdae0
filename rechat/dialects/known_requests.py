"""Requests that were read before, but for their ids: an agent that is run again asks what it asked
the last time, with new ids for its calls and its session.

1. What never counts is set apart: the ids of calls (which only tell what belongs together) and the
   notes of the client among the settings. The rest of the body is looked up.
2. A rest that is met again is read with stand-ins for its ids. If that is the request once the ids
   and the notes are put in, it is kept; a body with an id in another place is read each time.
3. From then on a body with this rest is the request that was kept, with its own ids and notes. It
   shares what was worked out, above all its keys, as no key has an id or a note in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from rechat.dialects.shared import Dialect
from rechat.values import HttpRequest
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import Request
from rechat.values import fields_of
from rechat.values import jsontext
from rechat.values import redact
from rechat.values import without_ids

# Shorter bodies are read as quickly.
_LEAST = 1 << 14
# So many bytes of bodies are kept, and so many that were met once are known.
_ROOM = 1 << 25
_MET = 1 << 12

# What clients note among the settings for themselves: other in each session, and never compared.
_NOTES = ("client_metadata", "metadata", "prompt_cache_key", "safety_identifier", "user")


@dataclass(frozen=True, slots=True)
class _Body:
    """A body in two: its ids, by the stand-ins in their places, and its notes without secrets; and
    the rest of it.
    """

    ids: Mapping[str, str]
    notes: JsonObject
    rest: bytes


def _taken_apart(content: bytes) -> _Body | None:
    """The body in two; None if it is no JSON object, or an id in it looks like a credential."""
    try:
        fields = fields_of(content)
        notes = {name: jsontext.parse(bytes(fields.pop(name))) for name in _NOTES if name in fields}
    except (msgspec.MsgspecError, JsonError, RecursionError):
        return None
    named = (jsontext.dump(name).encode("utf-8", "replace") for name in fields)
    whole = b",".join(b"%b:%b" % pair for pair in zip(named, fields.values(), strict=True))
    rest, ids, _ = without_ids(b"{%b}" % whole)
    if any(redact(one) is not one for one in ids.values()):
        return None
    safe = redact(notes)
    assert isinstance(safe, dict)
    return _Body(ids, safe, rest)


class KnownRequests:
    """The requests that were met again, up to some bytes of them."""

    def __init__(self) -> None:
        self._met: set[int] = set()
        self._kept: dict[tuple[str, str, str, bytes], Request | None] = {}
        self._size = 0

    def read(self, dialect: Dialect, asked: HttpRequest) -> Request:
        """What is asked, as the dialect reads it. Raises `BodyError`."""
        body = _taken_apart(asked.body) if len(asked.body) >= _LEAST else None
        if body is None:
            return dialect.read_request(asked)
        name = dialect.name, asked.path, asked.query, body.rest
        known = self._kept.get(name)
        if known:
            return known.with_ids(body.ids, body.notes)
        request = dialect.read_request(asked)
        if name not in self._kept and self._is_met(hash(name)):
            self._keep(name, _kept(dialect, asked, body, request))
        return request

    def _is_met(self, name: int) -> bool:
        """Whether a rest was met before; from now on it was."""
        if name in self._met:
            return True
        if len(self._met) >= _MET:
            self._met.clear()
        self._met.add(name)
        return False

    def _keep(self, name: tuple[str, str, str, bytes], known: Request | None) -> None:
        self._size += len(name[-1])
        if self._size > _ROOM:
            self._kept, self._size = {}, len(name[-1])
        self._kept[name] = known


def _kept(dialect: Dialect, asked: HttpRequest, body: _Body, request: Request) -> Request | None:
    """The request with stand-ins; None if it is another one once these are gone."""
    with_stand_ins = HttpRequest(asked.method, asked.path, asked.query, asked.headers, body.rest)
    known = dialect.read_request(with_stand_ins)
    again = known.with_ids(body.ids, body.notes)
    return known if again == request else None
