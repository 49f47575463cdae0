"""The wire detail of an answer comes back to the byte and the piece, or not at all."""

import json
import random
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechat.format import wire
from rechat.format.wire import SidecarError
from rechat.format.wire import pack
from rechat.format.wire import unpack
from rechat.values.http import HttpResponse
from rechat.values.http import Piece

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
BODIES = sorted([*CORPUS.glob("*.sse"), *CORPUS.glob("*.json")])
NO_CORPUS = f"the corpus of provider bodies is not at {CORPUS}"

# A chat stream of the corpus, with one piece for each event, takes at most so much of its size.
CHAT_RATIO = 0.4

SSE = "text/event-stream; charset=utf-8"
JSON = "application/json"


def cut(body: bytes, places: list[int], content_type: str = SSE) -> HttpResponse:
    """A response whose body is cut at these places, with a piece every 17.3 ms."""
    ends = [0, *sorted(place % (len(body) + 1) for place in places), len(body)]
    pieces = [body[start:end] for start, end in pairwise(ends)]
    timed = tuple(Piece(round(number * 17.3, 1), piece) for number, piece in enumerate(pieces))
    return HttpResponse(200, (("content-type", content_type), ("x-a", "é")), timed)


def header_of(text: str) -> dict[str, object]:
    header = json.loads(text.partition("\n")[0])
    assert isinstance(header, dict)
    return header


def chat(*contents: str, end: str = "\n\n") -> bytes:
    events = (
        f'data: {{"id":"chatcmpl-1","model":"gpt-5","delta":{{"content":"{text}"}}}}{end}'
        for text in contents
    )
    return "".join(events).encode()


FIXTURES = {
    "LF": chat("Hel", "lo"),
    "CRLF": chat("Hel", "lo", end="\r\n\r\n"),
    "CR": chat("Hel", "lo", end="\r\r"),
    "mixed line ends": chat("Hel") + chat("lo", end="\r\n\r\n") + chat("!", end="\n\r\n"),
    "done": chat("Hel", "lo") + b"data: [DONE]\n\n",
    "comments": b": OPENROUTER PROCESSING\n\n" + chat("Hel") + b": 12\n\n" + chat("lo"),
    "event lines": b'event: a\ndata: {"type":"a","n":1}\n\nevent: b\ndata: {"type":"b","n":2}\n\n',
    "event lines that differ": b'event: x\ndata: {"type":"a"}\n\nevent: y\ndata: {"type":"a"}\n\n',
    "only some event lines": b'data: {"type":"a"}\n\nevent: a\ndata: {"type":"a"}\n\n',
    "reordered keys": b'data: {"a":1,"b":2}\n\ndata: {"b":2,"a":1}\n\ndata: {"a":1,"b":3}\n\n',
    "missing keys": b'data: {"a":1,"b":2}\n\ndata: {"a":1}\n\ndata: {}\n\n',
    "keys of our own": b'data: {"@":1,"value":"spaces"}\n\ndata: {"@":2,"value":"value"}\n\n',
    "repeated keys": b'data: {"a":1,"a":2}\n\ndata: {"a":1,"a":3}\n\n',
    "escapes": chat("\\u003cb\\u003e", "<b>", "\\ud83d\\ude00", "\\ud83d", "\\/", '\\"', "\\\\"),
    "numbers": b'data: {"n":1.50}\n\ndata: {"n":-1.9e-7}\n\ndata: {"n":-0}\n\ndata: {"n":1E9}\n\n',
    "odd numbers": b'data: {"n":01}\n\ndata: {"n":1.}\n\ndata: {"n":+1}\n\ndata: {"n":NaN}\n\n',
    "lists of numbers": b'data: {"b":[72,105]}\n\ndata: {"b":[]}\n\ndata: {"b":[1, -2.0]}\n\n',
    "spaced": b'data: {"a": 1, "b": [1, 2]}\n\ndata: {"a": 2, "b": [1, 3]}\n\n',
    "padded": b'data: {"a":"x"}    }\n\ndata: {"a":"y"} }\n\ndata: {"a":"z"}}\n\n',
    "padded between values": b'data: {"a":1   ,"b":2}\n\ndata: {"a":1 ,"b":2}\n\n',
    "no JSON": b'data: {"a": \n\ndata: "b\n\ndata: \\"\n\ndata: nullable\n\nretry: 3\n\n',
    "lines of our own": b'{"template":[0,"a"]}\n\n[0,1]\n\n[0]\n\n"text"\n\n',
    "several lines of data": b'data: {"a":\ndata: 1}\n\ndata: {"a":\ndata: 2}\n\n',
    "line separators": 'data: {"a":"\u2028\u0085\x7f"}\n\ndata: {"a":"\u2029"}\n\n'.encode(),
    "byte order mark": b"\xef\xbb\xbf" + chat("Hel", "lo"),
    "many blank lines": b"\n\n\n" + chat("Hel") + b"\n\n\n\n\n" + chat("lo") + b"\n",
    "no final blank line": chat("Hel", "lo")[:-1],
    "broken off": chat("Hel", "lo")[:-9],
    "not UTF-8": chat("Hel") + b"\xff\xfe\n\n",
    "broken off in a character": chat("é")[: chat("é").index(b"\xa9")],
    "empty": b"",
}


@pytest.mark.parametrize("body", FIXTURES.values(), ids=FIXTURES.keys())
@pytest.mark.parametrize("content_type", [SSE, JSON])
def test_any_body_comes_back_in_its_pieces(body: bytes, content_type: str) -> None:
    response = cut(body, list(range(0, len(body), 7)), content_type)
    assert unpack(pack(response)) == response


def test_a_character_may_be_cut_in_two() -> None:
    body = chat("é", "😀")
    response = cut(body, list(range(len(body))))
    assert unpack(pack(response)) == response


def test_empty_pieces_and_no_pieces_are_kept_apart() -> None:
    for pieces in ((), (Piece(0.0, b""),), (Piece(1.0, b""), Piece(2.0, b"a"), Piece(3.0, b""))):
        response = HttpResponse(204, (), pieces)
        assert unpack(pack(response)) == response


def test_repeated_headers_keep_their_order_and_case() -> None:
    headers = (("Set-Cookie", "a"), ("X-B", ""), ("set-cookie", "b\udcff"))
    response = HttpResponse(429, headers, (Piece(0.0, b"{}"),))
    packed = pack(response)
    assert unpack(packed) == response
    packed.encode("utf-8")


def test_times_are_rounded_to_a_tenth_of_a_millisecond() -> None:
    response = HttpResponse(200, (), (Piece(12.3456, b"a"), Piece(3e3, b"b"), Piece(-0.04, b"c")))
    assert [piece.at for piece in unpack(pack(response)).pieces] == [12.3, 3000.0, 0.0]


@given(st.binary(), st.lists(st.integers(0, 2**16)), st.sampled_from([SSE, JSON]))
def test_any_bytes_in_any_pieces_come_back(
    body: bytes, places: list[int], content_type: str
) -> None:
    response = cut(body, places, content_type)
    assert unpack(pack(response)) == response


FRAGMENTS = [
    *['data: {"a":', "data: ", "event: x\n", ": c", "}", "{", '"', '\\"', '"b":', '"c"', "[", "]"],
    *["[1,2]", ",", ", ", "0", "-1.50", "1e5", "true", "null", "  ", " ", "\\u003c", "\\x", "é"],
    *["\n", "\r", "\n\n", "\r\n\r\n", "}\n\n", '"}\n\n', "[DONE]", "\x00", "\u2028"],
]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=60), st.lists(st.integers(0, 2**16)))
def test_whatever_looks_like_events_comes_back(fragments: list[str], places: list[int]) -> None:
    response = cut("".join(fragments).encode(), places)
    assert unpack(pack(response)) == response


@given(
    st.integers(100, 599),
    st.lists(
        st.tuples(
            st.from_regex(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", fullmatch=True),
            st.text(st.characters(exclude_characters="\r\n\0")),
        )
    ),
    st.lists(st.tuples(st.floats(0, 1e7), st.binary())),
)
def test_any_response_comes_back(
    status: int, headers: list[tuple[str, str]], pieces: list[tuple[float, bytes]]
) -> None:
    response = HttpResponse(status, tuple(headers), tuple(Piece(*piece) for piece in pieces))
    rounded = tuple(Piece(round(at, 1), data) for at, data in pieces)
    assert unpack(pack(response)) == HttpResponse(status, tuple(headers), rounded)


def test_what_events_have_in_common_is_written_once() -> None:
    packed = pack(cut(chat(*"abcdefghij"), []))
    assert header_of(packed)["kind"] == "events"
    assert packed.count("chatcmpl-1") == 1
    assert packed.count("gpt-5") == 1


def test_events_with_event_lines_are_compact_too() -> None:
    events = (
        f'event: delta\ndata: {{"type":"delta","item_id":"item_1","n":{number}}}\n\n'
        for number in range(10)
    )
    packed = pack(cut("".join(events).encode(), []))
    assert packed.count("item_1") == 1


def test_a_sidecar_is_lines_of_json() -> None:
    packed = pack(cut(FIXTURES["padded"] + FIXTURES["comments"] + FIXTURES["no JSON"], []))
    assert packed.endswith("\n")
    assert [json.loads(line) for line in packed.split("\n")[:-1]]


@pytest.mark.parametrize(
    ("body", "content_type", "kind"),
    [
        (b"data: 1\n\n", SSE, "events"),
        (b'{"a": 1}\n', JSON, "text"),
        (b"data: \xff\n\n", SSE, "base64"),
        (b"\x89PNG\xff", "image/png", "base64"),
    ],
)
def test_the_kind_fits_the_body(body: bytes, content_type: str, kind: str) -> None:
    assert header_of(pack(cut(body, [], content_type)))["kind"] == kind


DAMAGES = {
    "nothing": "",
    "no JSON": "# A transcript\n",
    "another JSON": "{}\n",
    "no object": "[1]\n",
    "nested too deeply": "[" * 100_000,
    "another file of ours": '{"rechat":"other","version":1}\n',
    "a future version": '{"rechat":"wire","version":3}\n',
    "a header without keys": '{"rechat":"wire","version":2}\n',
}


@pytest.mark.parametrize("text", DAMAGES.values(), ids=DAMAGES.keys())
def test_what_is_no_sidecar_is_refused(text: str) -> None:
    with pytest.raises(SidecarError):
        unpack(text)


def test_a_refusal_names_the_version() -> None:
    with pytest.raises(SidecarError, match="version"):
        unpack('{"rechat":"wire","version":1}\n')


@pytest.mark.parametrize("key", ["status", "headers", "pieces", "sha256", "kind"])
def test_a_header_that_lacks_a_key_is_refused(key: str) -> None:
    first, _, rest = pack(cut(chat("Hel", "lo"), [5])).partition("\n")
    header = {name: value for name, value in json.loads(first).items() if name != key}
    with pytest.raises(SidecarError):
        unpack(f"{json.dumps(header)}\n{rest}")


@pytest.mark.parametrize("content_type", [SSE, JSON])
def test_a_sidecar_that_lacks_a_line_is_refused(content_type: str) -> None:
    lines = pack(cut(chat("Hel", "lo"), [5], content_type)).splitlines(keepends=True)
    for number in range(len(lines)):
        with pytest.raises(SidecarError):
            unpack("".join(lines[:number] + lines[number + 1 :]))


def test_an_event_that_is_repeated_is_refused() -> None:
    packed = pack(cut(chat("Hel", "lo"), [5]))
    with pytest.raises(SidecarError):
        unpack(packed + packed.splitlines(keepends=True)[-1])


@given(st.data())
def test_a_damaged_sidecar_never_gives_another_response(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["LF", "padded", "event lines", "numbers", "not UTF-8"]))
    response = cut(FIXTURES[name], [3, 40, 41])
    packed = pack(response)
    start = data.draw(st.integers(0, len(packed)))
    end = data.draw(st.integers(start, min(len(packed), start + 3)))
    instead = data.draw(st.text('0123456789ab"\\,:[]{} \n', max_size=3))
    try:
        unpacked = unpack(packed[:start] + instead + packed[end:])
    except SidecarError:
        return
    assert unpacked == response


@pytest.mark.parametrize(
    "unit", ['"', '\\"', '"\\', " ", "[", "[1,", "} ", "{", '"a":', "\r", "1e", "{\n"]
)
def test_a_megabyte_of_anything_takes_linear_time(unit: str) -> None:
    body = b"data: " + (unit * (2**20 // len(unit))).encode()
    response = cut(body, [])
    assert unpack(pack(response)) == response


@pytest.mark.skipif(not BODIES, reason=NO_CORPUS)
@pytest.mark.parametrize("path", BODIES, ids=lambda path: path.name)
def test_real_bodies_come_back_in_random_pieces(path: Path) -> None:
    body = path.read_bytes()
    generator = random.Random(path.name)
    places = [generator.randrange(len(body) + 1) for _ in range(generator.randrange(80))]
    response = cut(body, places, SSE if path.suffix == ".sse" else JSON)
    assert unpack(pack(response)) == response


@pytest.mark.skipif(not BODIES, reason=NO_CORPUS)
def test_real_chat_streams_get_smaller() -> None:
    before = after = 0
    for path in CORPUS.glob("*-chat-sse-*.sse"):
        body = path.read_bytes()
        ends = [match.end() for match in re.finditer(rb"\n\r?\n", body)]
        before += len(body)
        after += len(pack(cut(body, ends)).encode())
    assert after < CHAT_RATIO * before


@pytest.mark.parametrize("damaged", ["[7]", "{}", "[", "no JSON", '"another body"'])
def test_events_that_do_not_read_back_are_kept_as_text(
    damaged: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "_write_events", lambda _: [damaged])
    response = cut(chat("Hel", "lo"), [5])
    packed = pack(response)
    assert header_of(packed)["kind"] == "text"
    assert unpack(packed) == response


@pytest.mark.parametrize("pair", [("a", "1\r\nset-cookie: b"), ("a b", "1")])
def test_a_header_that_would_begin_another_is_refused(pair: tuple[str, str]) -> None:
    packed = pack(HttpResponse(200, (pair,)))
    with pytest.raises(SidecarError, match="header"):
        unpack(packed)
