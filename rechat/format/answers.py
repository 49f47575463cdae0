"""An answer and its metadata in Markdown, both ways.

The metadata of an answer is one flat YAML: the fields around the choices (`id`, `model`, `usage`,
…), of the choice (`finish_reason`, `logprobs`; others under `choice:`) and of the message (under
`message:`); fields around the choices with one of these names stand under `answer:`. A conversation
says the same with every answer, so all but the first answer of a section name only what differs:
`rest: as above` stands for the rest, key by key, and `without: [usage.cost]` for what the answer
above has and this one lacks.
"""

import re
from collections.abc import Sequence
from copy import deepcopy
from typing import cast

from rechat.format import body
from rechat.format import parts
from rechat.format import yaml
from rechat.format.headings import RoleHeading
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

CHOICE_FIELDS = ("finish_reason", "logprobs")
# Stable and telling keys first, so that a new recording of the same shows its difference last.
_FIRST = ("model", "object", "finish_reason", "usage")
_LAST = ("logprobs", "message", "choice", "system_fingerprint", "created", "id")
_OURS = (*CHOICE_FIELDS, "message", "choice", "answer", "rest", "without")
_NUMBER = re.compile("[0-9]{1,9}")
_REST = {"rest": "as above"}


def is_history(reply: Reply) -> bool:
    """Whether a later request can hold this reply: errors leave no trace in a conversation, blanks
    have not been answered.
    """
    return isinstance(reply.answer, Answer | RawAnswer)


def read(
    message: Message, own: JsonObject, above: Sequence[Entry], choice: int, line: int
) -> Answer:
    """The answer with one choice that a message and its YAML describe; `above` is where `rest: as
    above` looks.
    """
    metadata = dict(own)
    without = metadata.pop("without", [])
    if "rest" in metadata:
        rest = metadata.pop("rest")
        if rest != "as above":
            raise TranscriptError(
                line, f"`rest:` can only be `as above`, read {rest!r}", code="invalid-rest"
            )
        metadata = deepcopy(_merge(_above(above, choice), metadata))
    missing = [_remove(metadata, path, line) for path in _paths(without, line)]
    return _answer(message, metadata, tuple(path for path in missing if path), line)


def _paths(without: Json, line: int) -> list[str]:
    if isinstance(without, str):
        return [without]
    if not isinstance(without, list) or not all(isinstance(path, str) for path in without):
        raise TranscriptError(
            line, f"`without:` is a list of keys, read {without!r}", code="invalid-without"
        )
    return cast("list[str]", without)


def _answer(message: Message, metadata: JsonObject, missing: tuple[str, ...], line: int) -> Answer:
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


def _remove(metadata: JsonObject, path: str, line: int) -> str:
    """Take a key out; gives the path back if it is not a key of the metadata but one the wire would
    have by itself.
    """
    *outer, last = path.split(".")
    scope: Json = metadata
    for key in outer:
        scope = scope.get(key) if isinstance(scope, dict) else None
    if isinstance(scope, dict) and last in scope:
        del scope[last]
        return ""
    if path.startswith("message.") or not outer:
        return path
    raise TranscriptError(
        line,
        f"`without:` names {path!r}, which the answer above does not have",
        code="invalid-without",
    )


def _above(entries: Sequence[Entry], choice: int) -> JsonObject:
    """The metadata of the answer above; empty if there is none, or it has no such choice."""
    for entry in reversed(entries):
        if isinstance(entry, Reply) and isinstance(entry.answer, Answer):
            if len(entry.answer.choices) < choice:
                return {}
            message = entry.answer.choices[choice - 1].message
            found = _metadata(entry.answer, choice - 1)
            return found if _literal(message) is None else _without_content(found)
    return {}


def _literal(message: Message) -> Json:
    """The content of a message that is neither a text nor nothing, which a literal body shows;
    None for any other.
    """
    content = message.fields.get("content")
    return None if message.body is not None or isinstance(content, str) else content


def _without_content(metadata: JsonObject) -> JsonObject:
    of_message = {key: item for key, item in metadata["message"].items() if key != "content"}
    others = {key: value for key, value in metadata.items() if key != "message"}
    return others | ({"message": of_message} if of_message else {})


def _metadata(answer: Answer, index: int) -> JsonObject:
    """The flat metadata of one choice; what surrounds the choices goes with the first."""
    choice = answer.choices[index]
    of_choice = dict(choice.fields)
    flat: JsonObject = dict(answer.fields) if not index else {}
    around = {key: flat.pop(key) for key in _OURS if key in flat}
    if around:
        flat["answer"] = around
    flat |= {key: of_choice.pop(key) for key in CHOICE_FIELDS if key in of_choice}
    if of_choice:
        flat["choice"] = of_choice
    if choice.message.fields:
        flat["message"] = dict(choice.message.fields)
    return flat


def _merge(above: JsonObject, own: JsonObject) -> JsonObject:
    merged = dict(above)
    for key, value in own.items():
        outer = merged.get(key)
        merged[key] = (
            _merge(outer, value) if isinstance(outer, dict) and isinstance(value, dict) else value
        )
    return merged


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
    return Reply(answer, reply.take, reply.line, Span(reply.span.start, span.end))


def read_error(argument: str, own: JsonObject, content: Json, line: int) -> ErrorAnswer | Fault:
    """The error that `### error …` describes."""
    words = argument.split()
    match words:
        case [status] if _NUMBER.fullmatch(status) and 200 <= int(status) <= 599:
            return ErrorAnswer(int(status), content, _headers(own, line))
        case ["timeout" | "reset" as kind]:
            return Fault(kind)
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
    """The response that `### response` holds whole."""
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
    answer: AnyAnswer, take: int, above: Sequence[Entry], stored: dict[str, bytes], note: str = ""
) -> str:
    """The Markdown of an answer, without a final newline; `note` is a remark for the summary of its
    details.
    """
    qualifier = f", take {take}" if take > 1 else ""
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
                )
                for index in range(len(choices))
            )
        case RawAnswer(value):
            shown = dict[str, bytes]()
            content = _content(value, shown) or parts.write_json(value)
            stored |= shown
            return _sections(
                f"### response{qualifier}",
                parts.write_fields(_own_head(answer)),
                content,
                *(f"![image]({path})" for path in shown if assets.type_of(path)[:5] == "image"),
            )
        case BinaryAnswer(content, _, headers):
            return _sections(
                f"### response{qualifier}",
                parts.write_fields(_own_head(answer)),
                parts.link_to(content, header(headers, "content-type"), stored),
            )
        case ErrorAnswer(status, content, headers):
            own: JsonObject = {"headers": dict(headers)} if headers else {}
            return _sections(
                f"### error {status}{qualifier}", parts.write_fields(own), _content(content, stored)
            )
        case Fault("cut", after, text):
            return _sections(
                f"### error cut after {after}{qualifier}", body.write(text) if text else ""
            )
        case Fault(kind):
            return f"### error {kind}{qualifier}"


def _own_head(answer: RawAnswer | BinaryAnswer) -> JsonObject:
    """The status, if it is not the usual one, and the headers."""
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
    above: Sequence[Entry],
    stored: dict[str, bytes],
    note: str,
) -> str:
    message = answer.choices[index].message
    own = own_metadata(answer, index, above)
    content = "" if message.body is None else body.write(message.body)
    literal = None if message.parts else _literal(message)
    if literal is not None:
        content, own = parts.write_json(literal, stored), _without_content(own)
    if not (own or message.parts or content):
        own = {"without": []}  # nothing at all is an answer too, and no blank
    return _sections(
        f"### {message.role}{qualifiers}",
        content,
        *(parts.write(part, stored) for part in message.parts),
        _details(own, _summary(answer, note if not index else "")),
    )


def _details(own: JsonObject, summary: str) -> str:
    if not own:
        return ""
    return f"<details><summary>{summary}</summary>\n\n```yaml\n{yaml.write(own)}```\n\n</details>"


def own_metadata(answer: Answer, index: int, above: Sequence[Entry]) -> JsonObject:
    """What the YAML of a choice has to say: all of it, or what differs from the answer above if
    that is shorter.
    """
    full = _metadata(answer, index)
    lacking = [f"message.{name}" for name in answer.choices[index].message.without]
    lacking += answer.without if not index else ()
    whole = _ordered(full) | ({"without": list[Json](lacking)} if lacking else {})
    earlier = _above(above, index + 1)
    if not earlier or _has_dots(earlier):
        return whole
    own, gone = _difference(earlier, full, "")
    gone += lacking
    short = _ordered(own) | _REST | ({"without": list[Json](gone)} if gone else {})
    return short if len(yaml.write(short)) < len(yaml.write(whole)) else whole


def _difference(above: JsonObject, full: JsonObject, path: str) -> tuple[JsonObject, list[str]]:
    """What `full` says that `above` does not, and the paths that only `above` has."""
    own: JsonObject = {}
    gone = [f"{path}{key}" for key in above if key not in full]
    for key, value in full.items():
        outer = above.get(key)
        if key in above and _same(outer, value):
            continue
        if isinstance(outer, dict) and isinstance(value, dict):
            own[key], deeper = _difference(outer, value, f"{path}{key}.")
            gone += deeper
        else:
            own[key] = value
    return own, gone


def _has_dots(value: Json) -> bool:
    """Whether the path of a key in it would be read as another."""
    return isinstance(value, dict) and any(
        "." in key or _has_dots(item) for key, item in value.items()
    )


def _same(a: Json, b: Json) -> bool:
    """Equal to the letter: `1`, `1.0` and `true` are three values."""
    return dump(a) == dump(b)


def _ordered(own: JsonObject) -> JsonObject:
    first = [key for key in _FIRST if key in own]
    last = [key for key in _LAST if key in own]
    middle = [key for key in own if key not in _FIRST and key not in _LAST]
    return {key: own[key] for key in (*first, *middle, *last)}


def _summary(answer: Answer, note: str) -> str:
    """A line for people: how it ended if not normally, tokens in and out, the remark."""
    reason = answer.choices[0].fields.get("finish_reason")
    words = [reason] if isinstance(reason, str) and reason != "stop" else []
    if answer.tokens:
        asked, said = answer.tokens
        words.append(f"{asked} → {said} tokens")
    words += [note] if note else []
    return " · ".join(words) or "details"
