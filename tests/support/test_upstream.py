"""The fake provider does what it says, to raw HTTP clients and to the real OpenAI SDK."""

import contextlib
import datetime as dt
import http.client
import ipaddress
import json
import math
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import openai
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from upstream import ALL_BREAKS
from upstream import CUTS
from upstream import FAILURES
from upstream import Behaviour
from upstream import Break
from upstream import Bytes
from upstream import Gate
from upstream import Json
from upstream import Received
from upstream import Stream
from upstream import Upstream
from upstream import answer
from upstream import failure

HELLO: dict[str, Any] = {"model": "gpt-5", "messages": [{"role": "user", "content": "Hello there"}]}
STREAMED: dict[str, Any] = {**HELLO, "stream": True}
WEATHER_TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as upstream:
        yield upstream


@pytest.fixture
def client(upstream: Upstream) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=upstream.url, api_key="sk-test", max_retries=0) as client:
        yield client


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "upstream")])
    now = dt.datetime.now(dt.UTC)
    alternatives = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(alternatives, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    (folder / "cert.pem").write_bytes(signed.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    )
    return folder / "cert.pem", folder / "key.pem"


def post(upstream: Upstream, body: object, **options: Any) -> httpx.Response:
    return httpx.post(f"{upstream.url}/chat/completions", json=body, **options)


def chunks(body: bytes) -> list[dict[str, Any]]:
    """The JSON of the events of a stream that ends as it should."""
    *events, done, rest = body.split(b"\n\n")
    assert (done, rest) == (b"data: [DONE]", b"")
    return [json.loads(event.removeprefix(b"data: ")) for event in events]


def connect(upstream: Upstream, timeout: float = 10) -> socket.socket:
    target = urlsplit(upstream.url)
    return socket.create_connection((target.hostname, target.port), timeout)


def whole_stream(received: Received) -> Stream:
    """The model's answer as the server makes it."""
    stream = answer(received)
    assert isinstance(stream, Stream)
    return stream


def raw_request(body: object) -> bytes:
    sent = json.dumps(body).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: upstream\r\ncontent-length: {len(sent)}"
    return head.encode() + b"\r\n\r\n" + sent


def everything(connection: socket.socket) -> tuple[bytes, str]:
    """All that arrives, and how it ends: `closed`, `reset` or `open`."""
    seen = b""
    try:
        while piece := connection.recv(65536):
            seen += piece
    except ConnectionResetError:
        return seen, "reset"
    except TimeoutError:
        return seen, "open"
    return seen, "closed"


class TestModel:
    def test_it_answers_the_sdk(self, upstream: Upstream, client: openai.OpenAI) -> None:
        completion = client.chat.completions.create(**HELLO)
        assert completion.choices[0].message.content == "Echo 1: Hello there"
        assert completion.choices[0].finish_reason == "stop"
        assert completion.model == "gpt-5-2025-06-15"
        assert completion._request_id == f"req_{1:032}"
        assert completion.usage is not None
        assert completion.usage.completion_tokens == 4
        assert completion.usage.total_tokens == completion.usage.prompt_tokens + 4

    def test_no_two_answers_are_the_same(self, upstream: Upstream) -> None:
        first, second = (post(upstream, HELLO).json() for _ in range(2))
        assert first["id"] != second["id"]
        assert first["created"] != second["created"]
        assert second["choices"][0]["message"]["content"] == "Echo 2: Hello there"

    def test_another_upstream_says_the_same(self, upstream: Upstream) -> None:
        with Upstream() as other:
            assert post(upstream, HELLO).content == post(other, HELLO).content

    def test_the_json_looks_like_that_of_openai(self, upstream: Upstream) -> None:
        response = post(upstream, HELLO)
        assert response.headers["content-type"] == "application/json"
        assert response.text == json.dumps(response.json(), indent=2) + "\n"
        keys = "id object created model choices usage service_tier system_fingerprint"
        assert " ".join(response.json()) == keys

    def test_a_stream_has_a_chunk_for_each_word(self, upstream: Upstream) -> None:
        response = post(upstream, STREAMED)
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        said = [chunk["choices"][0] for chunk in chunks(response.content)]
        assert [choice["delta"] for choice in said] == [
            {"role": "assistant", "content": "", "refusal": None},
            {"content": "Echo"},
            {"content": " 1:"},
            {"content": " Hello"},
            {"content": " there"},
            {},
        ]
        assert [choice["finish_reason"] for choice in said] == [None] * 5 + ["stop"]

    def test_the_sdk_reads_the_stream(self, client: openai.OpenAI) -> None:
        with client.chat.completions.create(**STREAMED) as stream:
            said = [chunk.choices[0].delta.content or "" for chunk in stream]
        assert "".join(said) == "Echo 1: Hello there"

    def test_usage_comes_last_if_asked(self, upstream: Upstream) -> None:
        asked = {**STREAMED, "stream_options": {"include_usage": True}}
        *others, last = chunks(post(upstream, asked).content)
        assert all(chunk["usage"] is None for chunk in others)
        assert (last["choices"], last["usage"]["completion_tokens"]) == ([], 4)
        assert "usage" not in chunks(post(upstream, STREAMED).content)[0]

    def test_padding_is_sent_unless_declined(self, upstream: Upstream) -> None:
        declined = {**STREAMED, "stream_options": {"include_obfuscation": False}}
        assert all(chunk["obfuscation"] for chunk in chunks(post(upstream, STREAMED).content))
        assert "obfuscation" not in chunks(post(upstream, declined).content)[0]

    def test_it_gives_n_choices(self, upstream: Upstream) -> None:
        choices = post(upstream, {**HELLO, "n": 3}).json()["choices"]
        assert [choice["index"] for choice in choices] == [0, 1, 2]
        assert len({choice["message"]["content"] for choice in choices}) == 3

    def test_the_choices_of_a_stream_take_turns(self, upstream: Upstream) -> None:
        said = [c["choices"][0] for c in chunks(post(upstream, {**STREAMED, "n": 2}).content)]
        assert [choice["index"] for choice in said[:4]] == [0, 1, 0, 1]
        second = [choice["delta"].get("content", "") for choice in said if choice["index"] == 1]
        assert "".join(second) == "Echo 1, choice 2"

    @pytest.mark.parametrize("stream", [False, True])
    def test_it_calls_a_tool_and_then_answers(self, client: openai.OpenAI, stream: bool) -> None:
        messages: list[Any] = [{"role": "user", "content": "What weather is it?"}]
        asked: dict[str, Any] = {"model": "gpt-5", "tools": [WEATHER_TOOL]}

        def ask() -> Any:
            if not stream:
                return client.chat.completions.create(messages=messages, **asked).choices[0]
            with client.chat.completions.stream(messages=messages, **asked) as events:
                return events.get_final_completion().choices[0]

        choice = ask()
        (call,) = choice.message.tool_calls
        assert (choice.finish_reason, choice.message.content) == ("tool_calls", None)
        assert (call.function.name, call.function.arguments) == ("get_weather", '{"city":"Echo 1"}')
        messages += [
            {"role": "assistant", "tool_calls": [call.to_dict()]},
            {"role": "tool", "tool_call_id": call.id, "content": "21 °C"},
        ]
        assert ask().message.content == "Echo 2: the tool said 21 °C"

    def test_a_tool_waits_for_its_word(self, upstream: Upstream) -> None:
        choice = post(upstream, {**HELLO, "tools": [WEATHER_TOOL]}).json()["choices"][0]
        assert choice["message"]["content"] == "Echo 1: Hello there"

    def test_logprobs_are_given_if_asked(self, upstream: Upstream, client: openai.OpenAI) -> None:
        asked = {**HELLO, "logprobs": True, "top_logprobs": 2}
        choice = client.chat.completions.create(**asked).choices[0]
        assert choice.logprobs is not None
        tokens = choice.logprobs.content or []
        assert "".join(each.token for each in tokens) == choice.message.content
        assert [len(each.top_logprobs) for each in tokens] == [2] * 4
        assert bytes(tokens[2].bytes or []) == b" Hello"

    def test_a_stream_has_the_logprobs_of_each_chunk(self, upstream: Upstream) -> None:
        said = [
            c["choices"][0] for c in chunks(post(upstream, {**STREAMED, "logprobs": 1}).content)
        ]
        tokens = [[odd["token"] for odd in c["logprobs"]["content"]] for c in said[:-1]]
        assert tokens == [[], ["Echo"], [" 1:"], [" Hello"], [" there"]]
        assert said[-1]["logprobs"] is None

    def test_it_fills_a_schema(self, upstream: Upstream) -> None:
        schema = {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "sizes": {"type": "array", "items": {"$ref": "#/$defs/Size"}},
                "unit": {"enum": ["cm", "in"]},
                "ratio": {"anyOf": [{"type": "number"}, {"type": "null"}]},
                "even": {"type": "boolean"},
                "none": {"type": "null"},
            },
            "$defs": {"Size": {"type": "integer"}},
        }
        form = {"type": "json_schema", "json_schema": {"name": "thing", "schema": schema}}
        message = post(upstream, {**HELLO, "response_format": form}).json()["choices"][0]["message"]
        assert json.loads(message["content"]) == {
            "name": "Echo 1",
            "sizes": [1],
            "unit": "cm",
            "ratio": 1.5,
            "even": True,
            "none": None,
        }

    def test_it_writes_json_if_asked(self, upstream: Upstream) -> None:
        asked = {**HELLO, "response_format": {"type": "json_object"}}
        message = post(upstream, asked).json()["choices"][0]["message"]
        assert json.loads(message["content"]) == {"echo": 1, "text": "Hello there"}

    @pytest.mark.parametrize("stream", [False, True])
    def test_any_text_comes_back(self, upstream: Upstream, stream: bool) -> None:
        text = "  Grüße 🙂\u2028\n\ttwo  \ud83d "
        parts = [{"type": "text", "text": text}, {"type": "image_url", "image_url": {"url": "x"}}]
        asked = {"model": "m", "stream": stream, "messages": [{"role": "user", "content": parts}]}
        response = httpx.post(f"{upstream.url}/chat/completions", content=json.dumps(asked))
        if stream:
            deltas = [chunk["choices"][0]["delta"] for chunk in chunks(response.content)]
            said = "".join(delta.get("content", "") for delta in deltas)
        else:
            said = json.loads(response.content)["choices"][0]["message"]["content"]
        assert said == f"Echo 1: {text}"

    def test_it_knows_no_other_path(self, client: openai.OpenAI) -> None:
        with pytest.raises(openai.NotFoundError, match=r"Invalid URL \(GET /v1/models/gpt-5\)"):
            client.models.retrieve("gpt-5")

    @pytest.mark.parametrize("body", [b"{", b"[]", b'{"model": "gpt-5"}', b"\xff"])
    def test_it_refuses_what_is_no_request(self, upstream: Upstream, body: bytes) -> None:
        response = httpx.post(f"{upstream.url}/chat/completions", content=body)
        assert response.status_code == 400
        assert response.json()["error"]["type"] == "invalid_request_error"


class TestRequests:
    def test_they_are_kept_as_they_arrived(self, upstream: Upstream) -> None:
        post(upstream, HELLO, params={"api-version": "1"}, headers={"Authorization": "Bearer sk"})
        (received,) = upstream.requests
        assert (received.number, received.method) == (1, "POST")
        assert received.path == "/v1/chat/completions?api-version=1"
        assert received.headers["authorization"] == "Bearer sk"
        assert received.body == json.dumps(HELLO, separators=(",", ":")).encode()
        assert received.json == HELLO

    def test_a_connection_serves_many(self, upstream: Upstream) -> None:
        with contextlib.closing(http.client.HTTPConnection(urlsplit(upstream.url).netloc)) as http1:
            ports = set()
            for body in (STREAMED, HELLO, STREAMED):
                http1.request("POST", "/v1/chat/completions", json.dumps(body))
                ports.add(http1.sock.getsockname())
                http1.getresponse().read()
        assert (len(ports), len(upstream.requests)) == (1, 3)

    def test_a_client_may_ask_to_close(self, upstream: Upstream) -> None:
        with connect(upstream) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
            assert everything(connection)[1] == "closed"

    def test_a_body_may_be_chunked(self, upstream: Upstream) -> None:
        body = json.dumps(HELLO).encode()
        pieces = iter([body[:10], body[10:]])
        url = f"{upstream.url}/chat/completions"
        assert httpx.post(url, content=pieces).status_code == 200
        assert upstream.requests[0].body == body

    def test_a_client_may_wait_for_permission(self, upstream: Upstream) -> None:
        head, _, body = raw_request(HELLO).partition(b"\r\n\r\n")
        with connect(upstream) as connection:
            connection.sendall(head + b"\r\nExpect: 100-continue\r\n\r\n")
            assert connection.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
            connection.sendall(body)
            assert connection.recv(65536).startswith(b"HTTP/1.1 200 OK\r\n")

    def test_they_can_be_waited_for(self, upstream: Upstream) -> None:
        with ThreadPoolExecutor() as pool:
            waiting = pool.submit(upstream.wait_for_requests, 2)
            for _ in range(2):
                post(upstream, HELLO)
            assert [received.number for received in waiting.result()] == [1, 2]

    def test_a_wait_in_vain_says_what_came(self, upstream: Upstream) -> None:
        post(upstream, HELLO)
        with pytest.raises(
            TimeoutError, match=r"for 2 requests, got \['POST /v1/chat/completions'"
        ):
            upstream.wait_for_requests(2, timeout=0.01)

    def test_many_come_at_once(self, upstream: Upstream) -> None:
        with ThreadPoolExecutor(16) as pool:
            ids = set(pool.map(lambda _: post(upstream, HELLO).json()["id"], range(32)))
        assert (len(ids), len(upstream.wait_for_requests(32))) == (32, 32)


class TestReplies:
    def test_json_is_sent_as_told(self, upstream: Upstream) -> None:
        upstream.reply(Json({"a": [1]}, status=418, headers=[("x-a", "1"), ("x-a", "2")]))
        response = httpx.get(f"{upstream.url}/anything")
        assert (response.status_code, response.text) == (418, '{\n  "a": [\n    1\n  ]\n}\n')
        assert response.headers.get_list("x-a") == ["1", "2"]

    def test_bytes_are_sent_as_told(self, upstream: Upstream) -> None:
        upstream.reply(Bytes(b"\x00\xff", "audio/mpeg"))
        response = httpx.get(f"{upstream.url}/audio")
        assert (response.content, response.headers["content-type"]) == (b"\x00\xff", "audio/mpeg")

    def test_a_reply_stays_until_the_next(self, upstream: Upstream) -> None:
        upstream.reply(Json(1))
        assert [post(upstream, HELLO).json() for _ in range(2)] == [1, 1]
        upstream.reply(answer)
        assert post(upstream, HELLO).json()["object"] == "chat.completion"

    def test_a_function_chooses(self, upstream: Upstream, client: openai.OpenAI) -> None:
        """An SDK that may retry gets past a failure, at once."""
        failures = iter([failure(429), failure(500)])
        upstream.reply(lambda received: next(failures, None) or answer(received))
        completion = client.with_options(max_retries=2).chat.completions.create(**HELLO)
        assert completion.choices[0].message.content == "Echo 3: Hello there"

    def test_a_function_that_fails_is_heard_of(self) -> None:
        def wrong(received: Received) -> Behaviour:
            raise AssertionError(f"unexpected {received.method}")

        heard = pytest.RaisesGroup(pytest.RaisesExc(AssertionError, match="unexpected POST"))
        with heard, Upstream() as upstream:
            upstream.reply(wrong)
            with pytest.raises(httpx.RemoteProtocolError):
                post(upstream, HELLO)

    def test_a_request_that_is_none_is_heard_of(self) -> None:
        heard = pytest.RaisesGroup(ValueError)
        with heard, Upstream() as upstream, connect(upstream) as connection:
            connection.sendall(b"nonsense\r\n\r\n")
            assert everything(connection) == (b"", "closed")

    @pytest.mark.parametrize(("status", "error"), [(429, "RateLimit"), (500, "InternalServer")])
    def test_failures_are_those_the_sdk_knows(
        self, upstream: Upstream, client: openai.OpenAI, status: int, error: str
    ) -> None:
        upstream.reply(dict(FAILURES)[f"status-{status}"])
        with pytest.raises(getattr(openai, f"{error}Error"), match=f"fails with {status}"):
            client.chat.completions.create(**HELLO)


class TestStream:
    def test_a_gate_lets_events_out_one_by_one(self, upstream: Upstream) -> None:
        gate = Gate()
        upstream.reply(Stream([b"data: 1\n\n", b"data: 2\n\n", b"data: 3\n\n"], gate=gate))
        with httpx.stream("POST", upstream.url, json={}) as response:
            (received,) = upstream.requests
            assert received.sent_at == []
            events = response.iter_raw()
            gate.open()
            assert next(events) == b"data: 1\n\n"
            assert len(received.sent_at) == 1
            gate.open(2)
            assert b"".join(events) == b"data: 2\n\ndata: 3\n\n"
            assert len(received.sent_at) == 3

    def test_the_models_own_stream_may_be_gated(
        self, upstream: Upstream, client: openai.OpenAI
    ) -> None:
        gate = Gate()
        upstream.reply(Stream(gate=gate))
        gate.open(2)
        with client.chat.completions.create(**STREAMED) as stream:
            assert [next(stream).choices[0].delta.content for _ in range(2)] == ["", "Echo"]
            assert len(upstream.requests[0].sent_at) == 2
            gate.open(math.inf)
            assert [chunk.choices[0].delta.content for chunk in stream] == [
                " 1:",
                " Hello",
                " there",
                None,
            ]

    def test_an_open_gate_stays_open_for_all(self, upstream: Upstream) -> None:
        gate = Gate()
        upstream.reply(Stream(gate=gate))
        with ThreadPoolExecutor() as pool:
            answers = [pool.submit(post, upstream, STREAMED) for _ in range(3)]
            upstream.wait_for_requests(3)
            assert not any(received.sent_at for received in upstream.requests)
            gate.open(math.inf)
            assert len({each.result().content for each in answers}) == 3

    def test_a_gate_may_be_opened_when_all_is_over(self, upstream: Upstream) -> None:
        gate = Gate()
        with Upstream() as other, connect(other) as connection:
            other.reply(Stream(gate=gate))
            connection.sendall(raw_request(STREAMED))
            assert connection.recv(65536).startswith(b"HTTP/1.1 200 OK")
        gate.open()

    def test_events_are_sent_at_a_pace(self, upstream: Upstream) -> None:
        upstream.reply(Stream([b"1", b"2", b"3"], delay=0.02))
        httpx.post(upstream.url)
        first, second, third = upstream.requests[0].sent_at
        assert min(second - first, third - second) >= 0.015

    @pytest.mark.parametrize(
        ("framing", "field", "body"),
        [
            ("chunked", b"transfer-encoding: chunked", b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"),
            ("length", b"content-length: 3", b"abc"),
            ("eof", b"connection: close", b"abc"),
        ],
    )
    def test_the_framing_is_as_told(
        self, upstream: Upstream, framing: Any, field: bytes, body: bytes
    ) -> None:
        upstream.reply(Stream([b"ab", b"c"], framing=framing, content_type="text/x"))
        with connect(upstream) as connection:
            connection.sendall(b"GET /x HTTP/1.1\r\nConnection: close\r\n\r\n")
            seen, end = everything(connection)
        head = b"HTTP/1.1 200 OK\r\ncontent-type: text/x\r\n" + field + b"\r\n\r\n"
        assert (seen, end) == (head + body, "closed")

    def test_json_may_come_in_pieces(self, upstream: Upstream) -> None:
        upstream.reply(Stream(framing="eof"))
        response = post(upstream, HELLO)
        assert response.headers["content-type"] == "application/json"
        assert response.json()["object"] == "chat.completion"
        assert len(upstream.requests[0].sent_at) == len(response.text.splitlines())


def in_chunks(events: Sequence[bytes]) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(event), event) for event in events)


def patience(behaviour: Behaviour) -> float:
    """The timeout for a client that shall find out that nothing comes, or else shall get it all."""
    return 0.3 if behaviour in (Break("stall"), Break("mute")) else 10


class TestBreaks:
    @pytest.mark.parametrize(
        ("how", "field", "end"),
        [
            ("close", "transfer-encoding: chunked", "closed"),
            ("reset", "transfer-encoding: chunked", "reset"),
            ("short-length", "content-length: {whole}", "closed"),
            ("no-answer", "", "closed"),
            ("eof", "connection: close", "closed"),
            ("no-end-mark", "transfer-encoding: chunked", "closed"),
            ("mid-event", "transfer-encoding: chunked", "closed"),
            ("stall", "transfer-encoding: chunked", "open"),
            ("mute", "", "open"),
        ],
    )
    def test_each_is_on_the_wire_what_it_says(
        self, upstream: Upstream, how: Any, field: str, end: str
    ) -> None:
        upstream.reply(Break(how))
        with connect(upstream, patience(Break(how))) as connection:
            connection.sendall(
                raw_request(STREAMED).replace(b"host:", b"connection: close\r\nhost:")
            )
            seen, ended = everything(connection)
        head, _, body = seen.partition(b"\r\n\r\n")
        events = whole_stream(upstream.requests[0]).events
        kept, half = events[:2], events[2][: len(events[2]) // 2]
        expected = {
            "no-answer": b"",
            "mute": b"",
            "short-length": b"".join(kept),
            "eof": b"".join(kept),
            "no-end-mark": in_chunks(kept) + b"0\r\n\r\n",
            "mid-event": in_chunks([*kept, half]) + b"0\r\n\r\n",
        }
        assert (body, ended) == (expected.get(how, in_chunks(kept)), end)
        whole = sum(map(len, events))
        assert head.decode().rpartition("\r\n")[2] == field.format(whole=whole)

    @pytest.mark.parametrize(
        ("how", "error"),
        [
            ("close", "incomplete chunked read"),
            ("reset", "reset by peer"),
            ("short-length", r"received \d+ bytes, expected \d+"),
            ("no-answer", "without sending a response"),
            ("stall", "timed out"),
            ("mute", "timed out"),
        ],
    )
    @pytest.mark.parametrize("body", [HELLO, STREAMED], ids=["json", "stream"])
    def test_http_shows_most(self, upstream: Upstream, how: Any, error: str, body: object) -> None:
        upstream.reply(Break(how))
        with pytest.raises(httpx.TransportError, match=error):
            post(upstream, body, timeout=patience(Break(how)))

    @pytest.mark.parametrize("how", ["eof", "no-end-mark", "mid-event"])
    def test_http_does_not_show_all(self, upstream: Upstream, how: Any) -> None:
        upstream.reply(Break(how))
        assert b"[DONE]" not in post(upstream, STREAMED).content
        with pytest.raises(json.JSONDecodeError):
            post(upstream, HELLO).json()

    @pytest.mark.parametrize("after", [0, 1, 3, -1])
    def test_so_many_events_come_before(self, upstream: Upstream, after: int) -> None:
        whole = post(upstream, STREAMED).text.replace("Echo", "ECHO").count("\n\n")
        upstream.reply(Break("eof", after=after))
        assert post(upstream, STREAMED).text.count("\n\n") == (after if after >= 0 else whole - 1)

    def test_an_event_is_cut_in_its_middle(self, upstream: Upstream) -> None:
        upstream.reply(Break("mid-event", after=1))
        first, second = post(upstream, STREAMED).content.split(b"\n\n")
        json.loads(first.removeprefix(b"data: "))
        assert second.startswith(b'data: {"id":')
        with pytest.raises(json.JSONDecodeError):
            json.loads(second.removeprefix(b"data: "))

    def test_the_sdk_takes_some_for_whole(self, upstream: Upstream, client: openai.OpenAI) -> None:
        """Why such streams must never be stored: nobody would notice on replay."""
        for how in ("eof", "no-end-mark", "mid-event"):
            upstream.reply(Break(how, after=3))
            with client.chat.completions.create(**STREAMED) as stream:
                assert len(list(stream)) == 3

    @pytest.mark.parametrize(("name", "behaviour"), ALL_BREAKS)
    def test_the_next_request_is_served(
        self, upstream: Upstream, name: str, behaviour: Behaviour
    ) -> None:
        target = f"{upstream.url}/chat/completions"
        with httpx.Client(timeout=patience(behaviour)) as http:
            upstream.reply(behaviour)
            with contextlib.suppress(httpx.TransportError):
                http.post(target, json=STREAMED)
            upstream.wait_for_requests(1)
            upstream.reply(answer)
            assert "Echo 2:" in http.post(target, json=HELLO, timeout=10).text

    def test_each_has_a_name_of_its_own(self) -> None:
        assert ALL_BREAKS == CUTS + FAILURES
        assert len(dict(ALL_BREAKS)) == len(ALL_BREAKS) == 11


class TestTls:
    @pytest.fixture
    def trusting(self, certificate: tuple[Path, Path]) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=certificate[0])

    def test_it_answers(self, certificate: tuple[Path, Path], trusting: ssl.SSLContext) -> None:
        with Upstream(tls=certificate) as upstream:
            assert upstream.url.startswith("https://127.0.0.1:")
            assert len(chunks(post(upstream, STREAMED, verify=trusting).content)) == 6

    @pytest.mark.parametrize(("name", "behaviour"), CUTS)
    def test_it_breaks(
        self,
        certificate: tuple[Path, Path],
        trusting: ssl.SSLContext,
        name: str,
        behaviour: Behaviour,
    ) -> None:
        with Upstream(tls=certificate) as upstream:
            upstream.reply(behaviour)
            with contextlib.ExitStack() as stack:
                if name not in ("eof", "no-end-mark", "mid-event"):
                    stack.enter_context(pytest.raises(httpx.TransportError))
                post(upstream, STREAMED, verify=trusting, timeout=patience(behaviour))
            upstream.wait_for_requests(1)

    def test_a_client_may_distrust_it(self, certificate: tuple[Path, Path]) -> None:
        with Upstream(tls=certificate) as upstream:
            with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                post(upstream, HELLO)
            assert upstream.requests == []

    def test_a_client_may_never_shake_hands(self, certificate: tuple[Path, Path]) -> None:
        with contextlib.ExitStack() as clients:
            with Upstream(tls=certificate) as upstream:
                connection = clients.enter_context(connect(upstream))
                began = time.perf_counter()
            assert time.perf_counter() - began < 2
            assert everything(connection)[0] == b""


class TestLeaving:
    @pytest.mark.parametrize("behaviour", [Break("stall"), Break("mute"), Stream(gate=Gate())])
    @pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
    def test_the_server_hangs_up_at_once(
        self, certificate: tuple[Path, Path], behaviour: Behaviour, tls: bool
    ) -> None:
        with ThreadPoolExecutor() as pool:
            with Upstream(tls=certificate if tls else None) as upstream:
                upstream.reply(behaviour)
                calls = [pool.submit(post, upstream, STREAMED, verify=False) for _ in range(3)]
                upstream.wait_for_requests(3)
                began = time.perf_counter()
            assert time.perf_counter() - began < 2
            assert all(isinstance(call.exception(), httpx.TransportError) for call in calls)
        with pytest.raises(httpx.ConnectError):
            post(upstream, HELLO)

    def test_no_thread_is_left(self) -> None:
        before = threading.active_count()
        with Upstream() as upstream:
            post(upstream, HELLO)
        assert threading.active_count() == before

    def test_it_waits_for_no_idle_or_slow_client(self) -> None:
        """One client says nothing, one is in the middle of its request, one does not read."""
        with contextlib.ExitStack() as clients, Upstream() as upstream:
            idle, partial, deaf = (clients.enter_context(connect(upstream)) for _ in range(3))
            partial.sendall(raw_request(HELLO)[:-5])
            upstream.reply(Bytes(bytes(50_000_000)))
            deaf.sendall(raw_request(HELLO))
            upstream.wait_for_requests(1)
            assert idle.getpeername() == partial.getpeername()

    @pytest.mark.parametrize("reset", [False, True])
    @pytest.mark.parametrize("sent", [b"POST /v1 HTT", b"head", b"chunk", b"all"])
    def test_a_client_may_leave_at_any_time(
        self, upstream: Upstream, sent: bytes, reset: bool
    ) -> None:
        whole = raw_request(STREAMED)
        chunked = b"POST /v1 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"
        bodies = {b"head": whole[:-20], b"chunk": chunked, b"all": whole}
        gate = Gate()
        upstream.reply(Stream([b"x" * 100_000] * 50, gate=gate))
        with connect(upstream) as connection:
            connection.sendall(bodies.get(sent, sent))
            if sent == b"all":
                upstream.wait_for_requests(1)
            if reset:
                linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        gate.open(math.inf)
        upstream.reply(answer)
        assert post(upstream, HELLO).status_code == 200
