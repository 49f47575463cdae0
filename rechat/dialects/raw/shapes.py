"""Endpoints that answer in two shapes, whole or streamed, although no dialect takes them apart: how
the events of one add up to a body, and a body is streamed. Such a request asks the same in both
shapes: its `stream` does not count.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from dataclasses import replace
from functools import partial

from rechat.dialects.raw import pictures
from rechat.dialects.raw import speech
from rechat.dialects.shared import llama_cpp
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Text
from rechat.values import jsontext

_STREAM = "stream"


@dataclass(frozen=True, slots=True)
class Shape:
    """How the answers of an endpoint go from one shape to the other. Both give None for what is of
    another form. `is_named` says whether the `type` of an event is its name.
    """

    put_together: Callable[[Sequence[JsonObject]], Json]
    events_of: Callable[[Json], list[JsonObject] | None]
    is_named: bool = True

    def whole(self, events: Sequence[JsonObject]) -> Json:
        """The body that events add up to; None if they could not be written from it again."""
        body = self.put_together(events)
        again = None if body is None else self.events_of(body)
        is_all = again is not None and jsontext.same(self.put_together(again), body)
        return body if is_all else None


_NATIVE = Shape(llama_cpp.put_together, llama_cpp.events_of, is_named=False)
_SHAPES = {
    "/images/generations": Shape(
        pictures.put_together, partial(pictures.events_of, kind="image_generation")
    ),
    "/images/edits": Shape(pictures.put_together, partial(pictures.events_of, kind="image_edit")),
    "/audio/transcriptions": Shape(speech.put_together, speech.events_of),
    "/completion": _NATIVE,
    "/infill": _NATIVE,
}


def shape_of(settings: JsonObject) -> Shape | None:
    """How the endpoint that these settings name answers; None if it has one shape."""
    path = settings.get("path")
    if not isinstance(path, str) or settings.get("method") != "POST":
        return None
    return next((shape for end, shape in _SHAPES.items() if path.endswith(end)), None)


def asks_for_stream(message: Message) -> bool:
    """Whether a body or a form asks for a stream."""
    content = message.fields.get("content")
    if isinstance(content, dict):
        return content.get(_STREAM) is True
    told = [part.text for part in message.parts_of(Text) if part.fields.get("name") == _STREAM]
    return told[-1:] in (["true"], ["True"], ["1"])


def shapeless(message: Message) -> Message:
    """A request without what says in which shape it wants the answer."""
    fields, content = message.fields, message.fields.get("content")
    if isinstance(content, dict) and _STREAM in content:
        rest = {key: value for key, value in content.items() if key != _STREAM}
        fields = fields | {"content": rest}
    parts = [
        part
        for part in message.parts
        if not isinstance(part, Text) or part.fields.get("name") != _STREAM
    ]
    return replace(message, fields=fields, parts=tuple(parts))
