"""A folder of Markdown transcripts is an LLM endpoint.

`parse` and `render` read and write transcripts; `Replay` and `Record` are servers for tests and
programs, each in a separate process. Their arguments and results are the values below.
"""

# What type checkers take for typing's, which would have to be imported.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rechat.format import WriteAsset
    from rechat.format import parse
    from rechat.format import render
    from rechat.testing import Record
    from rechat.testing import Replay
    from rechat.values import Answer
    from rechat.values import AnyAnswer
    from rechat.values import BinaryAnswer
    from rechat.values import Call
    from rechat.values import Choice
    from rechat.values import Entry
    from rechat.values import ErrorAnswer
    from rechat.values import Fault
    from rechat.values import Given
    from rechat.values import Media
    from rechat.values import Message
    from rechat.values import Opaque
    from rechat.values import Options
    from rechat.values import Part
    from rechat.values import RawAnswer
    from rechat.values import ReadAsset
    from rechat.values import Reasoning
    from rechat.values import RechatError
    from rechat.values import Refusal
    from rechat.values import Reply
    from rechat.values import Section
    from rechat.values import ServerError
    from rechat.values import Text
    from rechat.values import Transcript
    from rechat.values import TranscriptError

__version__ = "0.2.0"

__all__ = [
    "Answer",
    "AnyAnswer",
    "BinaryAnswer",
    "Call",
    "Choice",
    "Entry",
    "ErrorAnswer",
    "Fault",
    "Given",
    "Media",
    "Message",
    "Opaque",
    "Options",
    "Part",
    "RawAnswer",
    "ReadAsset",
    "Reasoning",
    "RechatError",
    "Record",
    "Refusal",
    "Replay",
    "Reply",
    "Section",
    "ServerError",
    "Text",
    "Transcript",
    "TranscriptError",
    "WriteAsset",
    "parse",
    "render",
]

_FOLDERS = {
    **dict.fromkeys(("WriteAsset", "parse", "render"), "format"),
    **dict.fromkeys(("Record", "Replay"), "testing"),
}

if not TYPE_CHECKING:  # a checker would take every name for one of ours

    def __getattr__(name: str) -> object:
        """A public name, imported when it is first used."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module  # noqa: PLC0415

        value = getattr(import_module(f"rechat.{_FOLDERS.get(name, 'values')}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
