"""The words of a stream while it arrives, for somebody who watches. What they add up to is for the
dialects to say, once all is there.
"""

from collections.abc import Iterator

from rechat.values import Json
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import jsontext

# A line longer than that is not an event that anybody reads along.
_LONGEST = 1 << 20


class LiveText:
    """Takes in the bytes of a response in pieces, whatever API it is of."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> str:
        """The text that has come with this piece; empty if it is not a stream of events. Never
        raises.
        """
        *lines, rest = (self._rest + data).split(b"\n")
        self._rest = rest if len(rest) < _LONGEST else b""
        return "".join(text for line in lines for text in _texts(line))


def _texts(line: bytes) -> Iterator[str]:
    """What an event says, if the line is one: `data: {…}` (server-sent events), `{…}` (NDJSON)."""
    try:
        event = jsontext.parse_object(line.removeprefix(b"data:").strip().decode("utf-8"))
    except (JsonError, UnicodeDecodeError, RecursionError):
        return
    yield from (text for text in _said(event) if isinstance(text, str))


def _said(event: JsonObject) -> Iterator[Json]:
    match event:
        case {"choices": list(choices)}:  # Chat, completions
            for choice in choices:
                match choice:
                    case {"delta": {"content": text}} | {"text": text}:
                        yield text
        case {"type": "content_block_delta", "delta": {"text": text} | {"thinking": text}}:
            yield text  # Messages
        case {"type": "response.output_text.delta", "delta": text}:  # Responses
            yield text
        case {"candidates": [{"content": {"parts": list(parts)}}]}:  # Gemini
            yield from (part.get("text") for part in parts if isinstance(part, dict))
        case {"message": {"content": text}} | {"response": text}:  # Ollama
            yield text
