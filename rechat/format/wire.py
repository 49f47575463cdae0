r"""The wire detail of an answer: with it a replay has the same bytes, cut alike, at the same times.

A sidecar stands beside a transcript and may be deleted at any time. It is JSON, a value a line. The
first line is the header: its `pieces` are when each piece of the body arrived (ms) and how many
bytes it has, and its `sha256` is the start of the checksum over the rest of the header and the
body. The body follows, in one of three kinds:

- `text`: its text as a string. `base64`: the same for bytes that are not UTF-8.
- `events`: an event stream, in which what events have in common is written once:

      {"template":[0,"data: {\"id\":\"x\",\"delta\":","value","}\n\n"]}
      {"template":[6,"[DONE]\n\n"]}
      [0,"Hel"]
      [0,"lo"]
      [1]

Rules of `events`:

1. An event ends after a blank line. It is cut into text and values: strings that are not keys,
   numbers, lists of numbers, `true`, `false`, `null`, each as spelled, and the padding before the
   last `}`. Nothing is parsed, so what is odd (comments, `[DONE]`, `\u003c`) needs no rule.
2. Events of the same text around their values share a template. A value that is the same in all of
   them belongs to its text. A value that differs is a hole: `value`, or `spaces` for padding.
3. A template is a number (its text begins with so many characters of the template before), then
   text, hole, text, …, text. An event is the number of its template and the values of the holes.
4. The writer reads back what it wrote, and takes the next kind if that differs.
"""

import base64
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate
from itertools import pairwise
from itertools import takewhile
from operator import eq
from typing import Any

from rechat.values import HttpResponse
from rechat.values import JsonError
from rechat.values import JsonObject
from rechat.values import Piece
from rechat.values import RechatError
from rechat.values import check_headers
from rechat.values import jsontext

# Text, hole, text, …, text; and the values of its holes, as spelled.
type _Form = tuple[str, ...]
type _Values = tuple[str, ...]

VERSION = 2

_CHECKSUM_LENGTH = 16
_SPACES = "spaces"
_NUMBER = r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+"
# Linear in any text: each alternative consumes what it examined, or examines little. The last one
# matches keys (`"id":`) and broken strings, so that no value is found inside them.
_VALUE = re.compile(
    r"""
    (?P<value>
        "(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"(?!\s*+:)  # "Hel"
      | NUMBER                                                             # 1.50
      | \[(?:NUMBER(?:,[ ]?NUMBER)*+)?+\]                                  # [72,101]
      | true | false | null
    )
    | (?P<spaces> (?<![ ]) [ ]*+ (?=\}\s*+\Z) )                            # `  ` of `"Hel"}  }`
    | "(?:[^"\\]|\\.)*+"?+
    """.replace("NUMBER", _NUMBER),
    re.VERBOSE | re.DOTALL,
)
_AFTER_BLANK_LINE = re.compile(r"(?<=\n\n)|(?<=\n\r\n)")


class SidecarError(RechatError):
    """A text is not a complete sidecar of this version; the message says why."""


def pack(response: HttpResponse) -> str:
    """The text of the sidecar that holds a response; times are rounded to 0.1 ms."""
    body = response.body
    kind, lines = next(form for form in _forms(response, body) if _holds(*form, body))
    header: JsonObject = {
        "rechat": "wire",
        "version": VERSION,
        "status": response.status,
        "headers": [list(pair) for pair in response.headers],
        "kind": kind,
        "pieces": [[round(piece.at, 1), len(piece.data)] for piece in response.pieces],
    }
    header["sha256"] = _checksum(header, body)
    return "\n".join([jsontext.dump(header), *lines, ""])


def unpack(text: str) -> HttpResponse:
    """The response in a sidecar. Raises `SidecarError`."""
    first, *lines = text.split("\n")
    header = _read_header(first)
    if lines[-1:] != [""]:
        raise SidecarError("the last line is cut off")
    try:
        body = _read_body(header["kind"], lines[:-1])
        if header["sha256"] != _checksum(header, body):
            raise SidecarError("the checksum differs: the file was changed or damaged")
        headers = tuple((str(name), str(value)) for name, value in header["headers"])
        check_headers(headers)
        return HttpResponse(header["status"], headers, _read_pieces(header["pieces"], body))
    except KeyError as error:
        raise SidecarError(f"the header lacks {error}") from None
    except (IndexError, TypeError, ValueError) as error:
        raise SidecarError(f"it cannot be read: {error}") from None


def _checksum(header: JsonObject, body: bytes) -> str:
    rest = jsontext.dump({key: value for key, value in header.items() if key != "sha256"})
    covered = rest.encode("utf-8") + b"\n" + body
    return hashlib.sha256(covered).hexdigest()[:_CHECKSUM_LENGTH]


def _read_header(line: str) -> JsonObject:
    try:
        header = jsontext.parse_object(line)
    except JsonError as error:
        raise SidecarError(f"the header cannot be read: {error}") from None
    if header.get("rechat") != "wire":
        raise SidecarError('not a sidecar: the header lacks "rechat": "wire"')
    if header.get("version") != VERSION:
        raise SidecarError(f"version {header.get('version')!r}, but this rechat reads {VERSION}")
    return header


def _read_pieces(pairs: list[list[Any]], body: bytes) -> tuple[Piece, ...]:
    ends = list(accumulate((size for _, size in pairs), initial=0))
    if ends[-1] != len(body):
        raise SidecarError(f"the pieces have {ends[-1]} bytes, the body has {len(body)}")
    cuts = zip(pairs, pairwise(ends), strict=True)
    return tuple(Piece(float(at), body[start:end]) for (at, _), (start, end) in cuts)


def _forms(response: HttpResponse, body: bytes) -> Iterator[tuple[str, list[str]]]:
    """The ways to write a body, the best first: the kind and the lines."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if response.is_stream:
            yield "events", _write_events(text)
        yield "text", [jsontext.dump(text)]
    yield "base64", [jsontext.dump(base64.b64encode(body).decode("ascii"))]


def _holds(kind: str, lines: list[str], body: bytes) -> bool:
    try:
        return _read_body(kind, lines) == body
    except (IndexError, ValueError):
        return False


def _read_body(kind: str, lines: list[str]) -> bytes:
    """The body that lines of a kind stand for. Raises `IndexError` and `ValueError`."""
    match kind, lines:
        case "events", _:
            return _read_events(lines).encode("utf-8")
        case "text", [line]:
            return str(jsontext.parse(line)).encode("utf-8")
        case "base64", [line]:
            return base64.b64decode(str(jsontext.parse(line)), validate=True)
    raise ValueError(f"{len(lines)} lines after the header are not a body of kind {kind!r}")


def _write_events(text: str) -> list[str]:
    # One after the other: to split a long text in one call would block other threads.
    ends = [match.start() for match in _AFTER_BLANK_LINE.finditer(text)]
    pieces = (text[start:end] for start, end in pairwise([0, *ends, len(text)]))
    events = [_cut(event) for event in pieces if event]
    rows: dict[_Form, list[_Values]] = defaultdict(list)
    for form, values in events:
        rows[form].append(values)
    holes = {form: _differing(alike) for form, alike in rows.items()}
    templates = [_template(form, alike[0], holes[form]) for form, alike in rows.items()]
    numbers = {form: str(number) for number, form in enumerate(rows)}
    return [
        *map(_write_template, templates, ["", *(template[0] for template in templates)]),
        *(_write_event([numbers[f], *(values[at] for at in holes[f])]) for f, values in events),
    ]


def _cut(event: str) -> tuple[_Form, _Values]:
    form: list[str] = []
    values: list[str] = []
    end = 0
    for match in _VALUE.finditer(event):
        if hole := match.lastgroup:
            form += event[end : match.start()], hole
            values.append(f'"{match[0]}"' if hole == _SPACES else match[0])
            end = match.end()
    return (*form, event[end:]), tuple(values)


def _differing(rows: list[_Values]) -> list[int]:
    return [at for at, column in enumerate(zip(*rows, strict=True)) if len(set(column)) > 1]


def _template(form: _Form, values: _Values, holes: list[int]) -> list[str]:
    """The form with the values filled in, except where there is a hole."""
    template: list[str] = []
    start = 0
    for at in holes:
        template += _fill(form[2 * start : 2 * at + 1], values[start:at]), form[2 * at + 1]
        start = at + 1
    return [*template, _fill(form[2 * start :], values[start:])]


def _fill(form: Sequence[str], values: Sequence[str]) -> str:
    """The text of a form whose holes have these values."""
    parts = [form[0]]
    for hole, value, text in zip(form[1::2], values, form[2::2], strict=True):
        parts += value[1:-1] if hole == _SPACES else value, text
    return "".join(parts)


def _write_template(template: list[str], before: str) -> str:
    first, *rest = template
    shared = sum(takewhile(bool, map(eq, first, before)))
    return jsontext.dump({"template": [shared, first[shared:], *rest]})


def _write_event(tokens: list[str]) -> str:
    return f"[{','.join(tokens)}]"


def _read_events(lines: list[str]) -> str:
    templates: list[list[str]] = []
    events: list[str] = []
    for line in lines:
        if line.startswith("{"):
            before = templates[-1][0] if templates else ""
            templates.append(_read_template(line, before))
        else:
            events.append(_read_event(line, templates))
    return "".join(events)


def _read_template(line: str, before: str) -> list[str]:
    match jsontext.parse(line):
        case {"template": [int(shared), str(first), *rest]}:
            return [before[:shared] + first, *map(str, rest)]
    raise ValueError(f"expected a template, not {line!r}")


def _read_event(line: str, templates: list[list[str]]) -> str:
    tokens = [match[0] for match in _VALUE.finditer(line[1:-1]) if match.lastgroup]
    if not tokens or line != _write_event(tokens):
        raise ValueError(f"expected an event, not {line!r}")
    return _fill(templates[int(tokens[0])], tokens[1:])
