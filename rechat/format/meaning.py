"""The meaning of a transcript, as JSON: the model that the format's specification (docs/spec)
defines.

Members with their default (no fields, no parts, `take` 1, an unset option) are left out, so that
the JSON of a short transcript is short. The model is independent of all dialects.
"""

import base64
from dataclasses import fields

from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import BinaryAnswer
from rechat.values import Call
from rechat.values import Choice
from rechat.values import Entry
from rechat.values import ErrorAnswer
from rechat.values import Fault
from rechat.values import Given
from rechat.values import Headers
from rechat.values import JsonObject
from rechat.values import Media
from rechat.values import Message
from rechat.values import Opaque
from rechat.values import Options
from rechat.values import Part
from rechat.values import RawAnswer
from rechat.values import Reasoning
from rechat.values import Refusal
from rechat.values import Reply
from rechat.values import Section
from rechat.values import Text
from rechat.values import Transcript

_NO_OPTIONS = Options()


def as_json(transcript: Transcript) -> JsonObject:
    """The JSON of a transcript: `{"sections": […]}`."""
    return {"sections": [section_as_json(section) for section in transcript.sections]}


def section_as_json(section: Section) -> JsonObject:
    """The JSON of one section: its line, title, settings, options, and messages in order."""
    return {
        "line": section.line,
        **_non_empty(
            title=section.title,
            settings=section.settings,
            options=_options(section.options),
        ),
        "messages": [_entry(entry) for entry in section.entries],
    }


def _non_empty(**members: object) -> JsonObject:
    """The members that are not empty."""
    return {name: value for name, value in members.items() if value not in ("", {}, [], None)}


def _options(options: Options) -> JsonObject:
    found: JsonObject = {}
    for option in fields(options):
        value = getattr(options, option.name)
        if value != getattr(_NO_OPTIONS, option.name):
            found[option.name] = list(value) if isinstance(value, tuple) else value
    return found


def _entry(entry: Entry) -> JsonObject:
    match entry:
        case Given(message, pattern, line):
            told = _non_empty(pattern=pattern)
            return {"line": line, "type": "message", **told, **_message(message)}
        case Reply(answer, take, line, recorded=recorded):
            told = {"take": take} if take != 1 else {}
            return {"line": line, **told, **_answer(answer), **_non_empty(recorded=recorded)}


def _answer(answer: AnyAnswer | None) -> JsonObject:
    match answer:
        case None:
            return {"type": "blank"}
        case Answer(choices, own, without):
            said = [_choice(choice) for choice in choices]
            return {
                "type": "answer",
                "choices": said,
                **_non_empty(fields=own, without=list(without)),
            }
        case ErrorAnswer(status, content, headers):
            return {"type": "error", "status": status, "content": content, **_headers(headers)}
        case Fault("cut", after, text):
            return {"type": "fault", "fault": "cut", "after": after, "text": text}
        case Fault(kind):
            return {"type": "fault", "fault": kind}
        case RawAnswer(value, status, headers):
            return {"type": "response", "status": status, "content": value, **_headers(headers)}
        case BinaryAnswer(content, status, headers):
            encoded = base64.b64encode(content).decode()
            return {"type": "response", "status": status, "bytes": encoded, **_headers(headers)}


def _headers(headers: Headers) -> JsonObject:
    return _non_empty(headers=[list(header) for header in headers])


def _choice(choice: Choice) -> JsonObject:
    return {"message": _message(choice.message), **_non_empty(fields=choice.fields)}


def _message(message: Message) -> JsonObject:
    """A message; the value of a literal that is not text is its content too."""
    own = dict(message.fields)
    content = own.pop("content", None) if message.body is None else message.body
    return {
        "role": message.role,
        "content": content,
        **_non_empty(
            parts=[_part(part) for part in message.parts],
            fields=own,
            without=list(message.without),
        ),
    }


def _part(part: Part) -> JsonObject:
    match part:
        case Text(text, own):
            return {"type": "text", "text": text, **_non_empty(fields=own)}
        case Media(kind, url, own):
            return {"type": kind, "url": url, **_non_empty(fields=own)}
        case Call(name, call_id, arguments, kind, own):
            custom = {"custom": True} if kind == "custom" else {}
            told = _non_empty(fields=own)
            return {
                "type": "call",
                "name": name,
                "id": call_id,
                "arguments": arguments,
                **custom,
                **told,
            }
        case Reasoning(text, name, own):
            return {"type": "reasoning", "field": name, "text": text, **_non_empty(fields=own)}
        case Refusal(text):
            return {"type": "refusal", "text": text}
        case Opaque(value):
            return {"type": "json", "value": value}
