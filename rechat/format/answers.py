"""An answer in Markdown, both ways; its YAML is the subject of `metadata`."""

import re
from dataclasses import replace

from rechat.format import body
from rechat.format import parts
from rechat.format import yaml
from rechat.format.headings import RoleHeading
from rechat.format.metadata import CHOICE_FIELDS
from rechat.format.metadata import Context
from rechat.format.metadata import literal
from rechat.format.metadata import own_metadata
from rechat.format.metadata import resolved
from rechat.format.metadata import without_content
from rechat.format.reading.recorded import KEY
from rechat.format.reading.recorded import RECORDED
from rechat.format.reading.recorded import digest_of
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import BinaryAnswer
from rechat.values import Choice
from rechat.values import Entry
from rechat.values import ErrorAnswer
from rechat.values import Fault
from rechat.values import Headers
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import RawAnswer
from rechat.values import Reply
from rechat.values import Span
from rechat.values import TranscriptError
from rechat.values import assets
from rechat.values import check_headers
from rechat.values import dump
from rechat.values import header
from rechat.values import kind_of

_NUMBER = re.compile("[0-9]{1,9}")


def is_history(reply: Reply) -> bool:
    """Whether a later request can contain this reply: errors leave no trace in a conversation, and
    blanks have not been answered.
    """
    return isinstance(reply.answer, Answer | RawAnswer)


def read(message: Message, own: JsonObject, above: Context, choice: int, line: int) -> Answer:
    """The answer with one choice that a message and its YAML describe; `above` is the context for
    `rest: as above` and `echoed:`. Raises `TranscriptError`.
    """
    told = {key: value for key, value in own.items() if key != KEY}
    metadata, missing = resolved(told, above, choice, line)
    of_message = _object(metadata, "message", line)
    of_choice = {key: metadata.pop(key) for key in CHOICE_FIELDS if key in metadata}
    of_choice |= _object(metadata, "choice", line)
    metadata |= _object(metadata, "answer", line)
    lacking = tuple(
        path.removeprefix("message.") for path in missing if path.startswith("message.")
    )
    if "content" in lacking and "content" in message.fields:
        raise TranscriptError(
            line,
            "`without:` names 'message.content', which the literal above gives",
            code="invalid-without",
        )
    return Answer(
        (
            Choice(
                Message(
                    message.role, message.body, message.parts, message.fields | of_message, lacking
                ),
                of_choice,
            ),
        ),
        metadata,
        tuple(path for path in missing if not path.startswith("message.")),
    )


def _object(metadata: JsonObject, key: str, line: int) -> JsonObject:
    value = metadata.pop(key, {})
    if not isinstance(value, dict):
        raise TranscriptError(
            line, f"`{key}:` holds keys and values, read {kind_of(value)}", code="invalid-metadata"
        )
    return value


def with_choice(
    reply: Entry | None, other: AnyAnswer, heading: RoleHeading, span: Span, line: int
) -> Reply:
    """The reply with one more choice. Raises `TranscriptError` if it is not the next one."""
    if (
        not isinstance(reply, Reply)
        or not isinstance(reply.answer, Answer)
        or not isinstance(other, Answer)
        or len(reply.answer.choices) != heading.choice - 1
    ):
        raise TranscriptError(
            line,
            f"choice {heading.choice} must follow choice {heading.choice - 1}",
            code="choice-out-of-order",
        )
    if other.fields or other.without:
        named = ", ".join((*other.fields, *(f"without {name}" for name in other.without)))
        raise TranscriptError(
            line,
            f"{named} of choice {heading.choice}: what surrounds the choices belongs to the first",
            code="misplaced-metadata",
        )
    answer = Answer(reply.answer.choices + other.choices, reply.answer.fields, reply.answer.without)
    return replace(reply, answer=answer, span=Span(reply.span.start, span.end))


def read_error(argument: str, own: JsonObject, content: Json, line: int) -> ErrorAnswer | Fault:
    """The error that `### error …` describes."""
    words = argument.split()
    match words:
        case [status] if _NUMBER.fullmatch(status) and 200 <= int(status) <= 599:
            return ErrorAnswer(int(status), content, _headers(own, line))
        case ["timeout" | "reset" as kind]:
            # No client gets this text; it stays in the file, and lint reports it.
            return Fault(kind, text=content if isinstance(content, str) else "")
        case ["cut", "after", count] if _NUMBER.fullmatch(count):
            if not isinstance(content, str | None):
                raise TranscriptError(
                    line,
                    f"`### error {argument}` needs a text, read {kind_of(content)}",
                    code="text-expected",
                )
            return Fault("cut", int(count), content or "")
    raise TranscriptError(
        line,
        f"`### error {argument}`: expected a status (`error 429`), `error timeout`, "
        "`error reset` or `error cut after 120`",
        code="unknown-error",
    )


def _headers(own: JsonObject, line: int) -> Headers:
    headers = own.get("headers", {})
    unknown = [key for key in own if key != "headers"]
    if unknown or not isinstance(headers, dict):
        raise TranscriptError(
            line,
            "the YAML of an error holds only `headers:` with names and values",
            code="invalid-headers",
        )
    found = tuple(
        (name, value if isinstance(value, str) else dump(value)) for name, value in headers.items()
    )
    try:
        check_headers(found)
    except ValueError as error:
        raise TranscriptError(line, str(error), code="invalid-headers") from None
    return found


def read_raw(
    content: Json, binary: bytes | None, own: JsonObject, line: int
) -> RawAnswer | BinaryAnswer:
    """The whole response that `### response` describes."""
    status, headers = own.pop("status", 200), _headers(own, line)
    if not isinstance(status, int) or not 100 <= status <= 599:
        raise TranscriptError(
            line, f"`status:` is a number from 100 to 599, read {status!r}", code="invalid-status"
        )
    if binary is not None:
        return BinaryAnswer(binary, status, headers)
    if content is None:
        raise TranscriptError(
            line,
            "`### response` needs the whole body: a json fence, a text or a link",
            code="missing-body",
        )
    return RawAnswer(content, status, headers)


def write(
    answer: AnyAnswer,
    take: int,
    above: Context,
    stored: dict[str, bytes],
    note: str | None = None,
    recorded: str = "",
) -> str:
    """The Markdown of an answer, without a final newline; `note` is a remark for the summary of its
    details if it was recorded (it may be empty), and None if it was not; `recorded` is the day, if
    the file should contain it.
    """
    qualifier = f", take {take}" if take > 1 else ""
    dated: JsonObject = {RECORDED: recorded} if recorded else {}
    match answer:
        case Answer(choices=choices):
            several = len(choices) > 1
            return "\n\n".join(
                _write_choice(
                    answer,
                    index,
                    qualifier + (f", choice {index + 1}" if several else ""),
                    above,
                    stored,
                    note,
                    {} if index else dated,
                )
                for index in range(len(choices))
            )
        case RawAnswer(value):
            shown = dict[str, bytes]()
            content = _content(value, shown) or parts.write_json(value)
            stored |= shown
            return _sections(
                f"### response{qualifier}",
                parts.write_fields(_own_head(answer) | dated),
                content,
                *(f"![image]({path})" for path in shown if assets.type_of(path)[:5] == "image"),
            )
        case BinaryAnswer(content, _, headers):
            return _sections(
                f"### response{qualifier}",
                parts.write_fields(_own_head(answer) | dated),
                parts.link_to(content, header(headers, "content-type"), stored),
            )
        case ErrorAnswer(status, content, headers):
            own: JsonObject = {"headers": dict(headers)} if headers else {}
            return _sections(
                f"### error {status}{qualifier}",
                parts.write_fields(own | dated),
                _content(content, stored),
            )
        case Fault(kind, after, text):
            how = f"cut after {after}" if kind == "cut" else kind
            return _sections(f"### error {how}{qualifier}", body.write(text) if text else "")


def _own_head(answer: RawAnswer | BinaryAnswer) -> JsonObject:
    """The status, if it is not the default, and the headers."""
    status: JsonObject = {"status": answer.status} if answer.status != 200 else {}
    return status | ({"headers": dict(answer.headers)} if answer.headers else {})


def _sections(*pieces: str) -> str:
    return "\n\n".join(piece for piece in pieces if piece)


def _content(content: Json, stored: dict[str, bytes]) -> str:
    match content:
        case None:
            return ""
        case str():
            return body.write(content)
        case _:
            return parts.write_json(content, stored)


def _write_choice(
    answer: Answer,
    index: int,
    qualifiers: str,
    above: Context,
    stored: dict[str, bytes],
    note: str | None,
    dated: JsonObject,
) -> str:
    message = answer.choices[index].message
    own = own_metadata(answer, index, above)
    content = "" if message.body is None else body.write(message.body)
    shown = None if message.parts else literal(message)
    if shown is not None:
        content, own = parts.write_json(shown, stored), without_content(own)
    own |= dated
    if not (own or message.parts or content):
        own = {"without": []}  # nothing at all is an answer too, and not a blank
    digest = "" if note is None or not own else digest_of(message)
    own |= {KEY: digest} if digest else {}
    return _sections(
        f"### {message.role}{qualifiers}",
        content,
        *(parts.write(part, stored) for part in message.parts),
        _details(own, _summary(answer, (note or "") if not index else "")),
    )


def _details(own: JsonObject, summary: str) -> str:
    if not own:
        return ""
    return f"<details><summary>{summary}</summary>\n\n```yaml\n{yaml.write(own)}```\n\n</details>"


def _summary(answer: Answer, note: str) -> str:
    """A line for people: the finish reason if it is unusual, tokens in and out, the remark."""
    reason = answer.choices[0].fields.get("finish_reason")
    words = [reason] if isinstance(reason, str) and reason != "stop" else []
    if answer.tokens:
        asked, said = answer.tokens
        words.append(f"{asked} → {said} tokens")
    words += [note] if note else []
    return " · ".join(words) or "details"
