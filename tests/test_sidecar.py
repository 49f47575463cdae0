"""Wire detail: exact bytes and pieces, in less room, or not at all."""

import json
from pathlib import Path

import pytest
from conftest import SHARED
from hypothesis import given
from hypothesis import strategies as st

from rechat.http import HttpResponse, Piece
from rechat.sidecar import SidecarError, pack, unpack

EVENTS = (("content-type", "text/event-stream"),)
BODIES = sorted((SHARED / "corpus").glob("*.sse")) + sorted((SHARED / "corpus").glob("*.json"))


def cut(body: bytes, size: int, headers: tuple[tuple[str, str], ...] = EVENTS) -> HttpResponse:
    pieces = [Piece(at / 10, body[at : at + size]) for at in range(0, len(body), size)]
    return HttpResponse(200, headers, tuple(pieces))


SHAPES = {
    "events": b'data: {"id":"1","n":1}\n\ndata: {"id":"1","n":2}\n\ndata: [DONE]\n\n',
    "CRLF": b'data: {"id":"1","n":1}\r\n\r\ndata: {"id":"1","n":2}\r\n\r\n',
    "spaced": b'data: {"id": "1", "n": 1}\n\ndata: {"id": "1", "n": 2}\n\n',
    "named": b'event: ping\ndata: {"type":"ping"}\n\nevent: end\ndata: {"type":"end"}\n\n',
    "a name that is not the type": b'event: a\ndata: {"type":"b"}\n\ndata: {"type":"c"}\n\n',
    "comments": b': WAIT\n\ndata: {"id":"1"}\n\n: WAIT\n\n',
    "other key orders": b'data: {"a":1,"b":2}\n\ndata: {"b":2,"a":1}\n\n',
    "numbers": b'data: {"c":0.0000156,"d":-1.9e-7}\n\ndata: {"c":1.50,"d":1}\n\n',
    "1 and 1.0 and true": b'data: {"a":1}\n\ndata: {"a":1.0}\n\ndata: {"a":true}\n\n',
    "escapes": b'data: {"a":"\\u003c"}\n\ndata: {"a":"<"}\n\n',
    "padding": b'data: {"a":1      }\n\n',
    "our own mark": b'data: {"@":1}\n\ndata: {"@":2,"a":1}\n\n',
    "no blank line at the end": b'data: {"a":1}\n\ndata: {"a":2}',
    "more blank lines": b'data: {"a":1}\n\n\n\ndata: {"a":2}\n\n\n',
    "not UTF-8": b'data: {"a":"\xff"}\n\n',
    "empty": b"",
}


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize("case", SHAPES)
def test_what_was_packed_comes_back(case: str, size: int) -> None:
    response = cut(SHAPES[case], size)
    assert unpack(pack(response)) == response


@given(
    st.lists(st.binary(min_size=1) | st.sampled_from([b'data: {"a":1}\n\n', b"\r\n\r\n", b'{"a":']))
)
def test_any_bytes_in_any_pieces_come_back(datas: list[bytes]) -> None:
    pieces = tuple(Piece(float(at), data) for at, data in enumerate(datas))
    response = HttpResponse(500, EVENTS, pieces)
    assert unpack(pack(response)) == response


@given(st.lists(st.dictionaries(st.sampled_from("ab@"), st.integers() | st.text() | st.none())))
def test_any_events_come_back(values: list[dict[str, object]]) -> None:
    body = "".join(f"data: {json.dumps(value)}\n\n" for value in values).encode()
    response = cut(body, 11)
    assert unpack(pack(response)) == response


@pytest.mark.skipif(not BODIES, reason="the corpus of provider bodies is not beside this checkout")
@pytest.mark.parametrize("path", BODIES, ids=lambda path: path.name)
def test_real_bodies_come_back(path: Path) -> None:
    headers = EVENTS if path.suffix == ".sse" else (("content-type", "application/json"),)
    response = cut(path.read_bytes(), 1000, headers)
    assert unpack(pack(response)) == response


@pytest.mark.skipif(not BODIES, reason="the corpus of provider bodies is not beside this checkout")
def test_constants_are_written_once() -> None:
    bodies = [path.read_bytes() for path in BODIES if "-chat-sse" in path.name]
    packed = [pack(HttpResponse.whole(200, EVENTS, body)) for body in bodies]
    assert sum(map(len, packed)) < 0.7 * sum(map(len, bodies))


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: "not JSON\n",
        lambda text: text.replace('"version":1', '"version":2'),
        lambda text: text.replace('"n":2', '"n":3'),
        lambda text: "\n".join(text.split("\n")[:-2]),
        lambda text: text.replace('"kind":"events"', '"kind":"other"'),
        lambda text: "[]\n",
    ],
)
def test_a_damaged_sidecar_gives_no_bytes(damage: object) -> None:
    text = pack(cut(SHAPES["events"], 100))
    with pytest.raises(SidecarError):
        unpack(damage(text))  # type: ignore[operator]
