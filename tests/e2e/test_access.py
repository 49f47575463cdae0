"""Who may ask: programs of this machine, not pages of other sites."""

import configparser
import json
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPResponse
from http.client import parse_headers
from io import BufferedReader
from pathlib import Path
from typing import Any

import httpx
import pytest
from mitmproxy.net import local_ip
from process import Rechat
from upstream import Bytes
from upstream import Upstream

HELLO = {"model": "gpt-5", "messages": [{"role": "user", "content": "Hello"}]}


def test_a_page_of_this_machine_may_ask(upstream: Upstream, folder: Path) -> None:
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        headers = {"origin": "http://localhost:3000", "sec-fetch-site": "same-site"}
        reply = httpx.post(
            f"{rechat.url}/chat/completions", json=HELLO, headers=headers, timeout=20
        )
    assert reply.status_code == 200


BODY = json.dumps(HELLO).encode()
SECRET = "authorization: Bearer theirs"


class Line:
    """A connection on which raw requests are sent, one after the other."""

    def __init__(self, rechat: Rechat) -> None:
        self.socket = socket.create_connection(("127.0.0.1", rechat.port), 20)

    def ask(self, target: str, host: str, *fields: str, body: bytes | None = None) -> HTTPResponse:
        """The whole answer to a request with just this line and this `Host`."""
        method = "GET" if body is None else "POST"
        lines = [f"{method} {target} HTTP/1.1", f"host: {host}", *fields]
        if body is not None:
            lines.append(f"content-length: {len(body)}")
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + (body or b""))
        return self._answer(method)

    def tunnel(self, target: str) -> None:
        """Ask for a tunnel; what is asked from now on goes through it."""
        self.socket.sendall(f"CONNECT {target} HTTP/1.1\r\nhost: {target}\r\n\r\n".encode())
        assert self._answer("CONNECT").status == 200

    def _answer(self, method: str) -> HTTPResponse:
        answer = HTTPResponse(self.socket, method=method)
        answer.begin()
        answer.body = answer.read() if method != "CONNECT" else b""  # type: ignore[attr-defined]
        return answer


@pytest.fixture
def other() -> Iterator[Upstream]:
    """A program on another port of this machine."""
    with Upstream() as running:
        running.reply(Bytes(b"theirs", headers=[("x-theirs", "1")]))
        yield running


@pytest.fixture
def rechat(upstream: Upstream, folder: Path) -> Iterator[Rechat]:
    arguments = ("record", upstream.url, "--to", folder)
    with Rechat(*arguments, folder=folder.parent, RECHAT_TOKEN="our-own-token") as running:
        yield running


@pytest.fixture
def line(rechat: Rechat) -> Iterator[Line]:
    made = Line(rechat)
    with made.socket:
        yield made


@dataclass(frozen=True)
class Passed:
    """A rechat that requests pass by, its upstream, and where it would record."""

    rechat: Rechat
    upstream: Upstream
    folder: Path

    def ask(self, target: str, host: str, *fields: str, body: bytes | None = None) -> Any:
        """The answer to a request on a connection of its own. Nothing is asked or recorded for it."""
        line = Line(self.rechat)
        with line.socket:
            answer = line.ask(target, host, *fields, body=body)
        assert self.upstream.requests == []
        assert list(self.folder.glob("*.md")) == []
        return answer


@pytest.fixture(scope="module")
def passed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Passed]:
    """One for all tests that leave it as it is."""
    folder: Path = tmp_path_factory.mktemp("passed")
    with Upstream() as upstream:
        arguments = ("record", upstream.url, "--to", folder)
        with Rechat(*arguments, folder=folder, RECHAT_TOKEN="our-own-token") as rechat:
            yield Passed(rechat, upstream, folder)


def port_of(upstream: Upstream) -> int:
    return int(upstream.url.removesuffix("/v1").rpartition(":")[2])


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "evil.example:8910"},
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
    ],
    ids=["rebound-host", "rebound-host-and-port", "origin", "cross-site"],
)
def test_a_page_on_another_site_can_ask_nothing(passed: Passed, headers: dict[str, str]) -> None:
    host = headers.get("host", "")
    if host and ":" in host:
        headers = {"host": f"evil.example:{passed.rechat.port}"}
    url = f"{passed.rechat.url}/chat/completions"
    reply = httpx.post(url, json=HELLO, headers=headers, timeout=20)
    assert reply.status_code == 403
    assert passed.upstream.requests == []


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST"])
@pytest.mark.parametrize("path", ["/", "/v1/chat/completions?a=b", "/_rechat/state"])
@pytest.mark.parametrize("host", ["theirs", "ours", "elsewhere"])
def test_what_is_for_another_port_arrives_there_as_it_is(
    *, passed: Passed, other: Upstream, name: str, path: str, host: str
) -> None:
    aim, ours = f"{name}:{port_of(other)}", f"localhost:{passed.rechat.port}"
    said = {"theirs": aim, "ours": ours, "elsewhere": "evil.example"}[host]
    fields = (SECRET, "x-rechat-session: one", "accept-encoding: gzip", "origin: https://a.example")
    answer = passed.ask(f"http://{aim}{path}", said, *fields, body=BODY)
    assert (answer.status, answer.body, answer.headers["x-theirs"]) == (200, b"theirs", "1")
    [received] = other.requests
    assert (received.path, received.body) == (path, BODY)
    told = {name: value for name, value in received.headers.items() if name != "content-length"}
    sent = dict(field.split(": ", 1) for field in fields)
    assert told == {"host": said, **sent}


def test_our_page_is_not_given_for_theirs(passed: Passed, other: Upstream) -> None:
    answer = passed.ask(f"http://127.0.0.1:{port_of(other)}/", "localhost:1")
    assert (answer.body, answer.headers["x-rechat"]) == (b"theirs", "forwarded")
    page = passed.ask("/", "localhost:1")
    assert b"our-own-token" in page.body
    assert len(other.requests) == 1


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("host", ["ours", "theirs", "elsewhere"])
def test_an_absolute_address_of_ours_is_ours(
    *, rechat: Rechat, line: Line, upstream: Upstream, other: Upstream, name: str, host: str
) -> None:
    aim = f"{name}:{rechat.port}"
    said = {"ours": aim, "theirs": f"127.0.0.1:{port_of(other)}", "elsewhere": "evil.example"}[host]
    answer: Any = line.ask(f"http://{aim}/v1/chat/completions", said, body=BODY)
    assert (answer.status, answer.headers["x-rechat"]) == (200, "recorded")
    assert (len(upstream.requests), other.requests) == (1, [])


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST"])
def test_an_upstream_is_known_by_every_name_of_this_machine(
    line: Line, upstream: Upstream, name: str
) -> None:
    aim = f"{name}:{port_of(upstream)}"
    answer: Any = line.ask(f"http://{aim}/v1/chat/completions", aim, SECRET, body=BODY)
    assert answer.headers["x-rechat"] == "recorded"
    assert [received.headers["authorization"] for received in upstream.requests] == [
        "Bearer theirs"
    ]


def test_what_a_client_tells_its_proxy_stays_there(
    line: Line, upstream: Upstream, other: Upstream
) -> None:
    fields = ("proxy-authorization: Basic cHc=", "proxy-connection: keep-alive")
    for asked in (other, upstream):
        line.ask(f"http://127.0.0.1:{port_of(asked)}/v1/models", "localhost", *fields)
        [received] = asked.requests
        assert not [name for name in received.headers if name.startswith("proxy-")]


def test_a_body_for_others_goes_on_before_it_is_whole(passed: Passed) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, Line(passed.rechat).socket as client:
        server.settimeout(20)
        aim = f"127.0.0.1:{server.getsockname()[1]}"
        client.sendall(
            f"POST http://{aim}/up HTTP/1.1\r\nhost: {aim}\r\ncontent-length: 6\r\n\r\n".encode()
            + b"one"
        )
        theirs, _ = server.accept()
        with theirs:
            theirs.settimeout(20)
            assert read_until(theirs, b"\r\n\r\none").startswith(b"POST /up HTTP/1.1\r\n")
            client.sendall(b"two")
            assert read_until(theirs, b"two") == b"two"
            theirs.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
            answer = HTTPResponse(client)
            answer.begin()
            assert (answer.status, answer.headers["x-rechat"]) == (204, "forwarded")


def test_a_web_socket_for_others_is_theirs(passed: Passed) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, Line(passed.rechat).socket as client:
        server.settimeout(20)
        aim = f"127.0.0.1:{server.getsockname()[1]}"
        upgrade = "connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13"
        key = "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ=="
        client.sendall(
            f"GET http://{aim}/ws HTTP/1.1\r\nhost: {aim}\r\n{upgrade}\r\n{key}\r\n\r\n".encode()
        )
        theirs, _ = server.accept()
        with theirs:
            theirs.settimeout(20)
            assert b"websocket" in read_until(theirs, b"\r\n\r\n")
            accept = "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
            head = "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket"
            theirs.sendall(f"{head}\r\n{accept}\r\n\r\n".encode() + b"\x81\x02hi")
            assert b" 101 " in read_until(client, b"\x81\x02hi")


def test_requests_sent_at_once_each_go_where_they_say(
    line: Line, upstream: Upstream, other: Upstream
) -> None:
    length = f"content-length: {len(BODY)}"
    own = f"POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\n{length}\r\n\r\n".encode()
    theirs = own.replace(b"/v1", f"http://127.0.0.1:{port_of(other)}/v1".encode())
    line.ask("/v1/chat/completions", "localhost", body=BODY)
    line.socket.sendall(b"".join(head + BODY for head in (own, theirs, own, own, theirs)))
    with line.socket.makefile("rb") as answers:
        verdicts = [read_answer(answers) for _ in range(5)]
    assert verdicts == ["hit", "forwarded", "hit", "hit", "forwarded"]
    assert (len(upstream.requests), len(other.requests)) == (1, 2)


def read_answer(answers: BufferedReader) -> str:
    """What the next answer says that has become of its request."""
    assert answers.readline().startswith(b"HTTP/1.1 200")
    headers = parse_headers(answers)
    answers.read(int(headers["content-length"]))
    return str(headers["x-rechat"])


def read_until(received: socket.socket, end: bytes) -> bytes:
    """What comes until these bytes are there."""
    data = b""
    while not data.endswith(end):
        piece = received.recv(65536)
        assert piece, data
        data += piece
    return data


def test_a_path_alone_is_ours_whatever_port_the_host_says(
    line: Line, upstream: Upstream, other: Upstream
) -> None:
    said = f"127.0.0.1:{port_of(other)}"
    verdicts = [
        line.ask("/v1/chat/completions", said, *fields, body=BODY).headers["x-rechat"]
        for fields in ((), ("te: trailers",), ())
    ]
    assert verdicts == ["recorded", "hit", "hit"]
    assert (len(upstream.requests), other.requests) == (1, [])


def test_each_request_of_a_connection_goes_where_it_says(
    rechat: Rechat, line: Line, upstream: Upstream, other: Upstream
) -> None:
    theirs, known = f"127.0.0.1:{port_of(other)}", upstream.url.removesuffix("/v1")
    asked = [
        ("/v1/chat/completions", "recorded"),
        (f"http://{theirs}/v1/chat/completions", "forwarded"),
        ("/v1/chat/completions", "hit"),
        (f"{known}/v1/chat/completions", "hit"),
        (f"http://localhost:{port_of(other)}/v1/chat/completions", "forwarded"),
        (f"http://localhost:{rechat.port}/v1/chat/completions", "hit"),
        ("/v1/chat/completions", "hit"),
    ]
    for _ in range(2):
        for target, verdict in asked:
            answer = line.ask(target, f"localhost:{rechat.port}", SECRET, body=BODY)
            assert (target, answer.headers["x-rechat"]) == (target, verdict)
        asked[0] = (asked[0][0], "hit")
    assert [received.headers["authorization"] for received in other.requests] == [
        "Bearer theirs"
    ] * 4
    assert len(upstream.requests) == 1


def test_a_tunnel_goes_where_it_was_opened_to(
    *, rechat: Rechat, upstream: Upstream, other: Upstream, folder: Path
) -> None:
    ours, known = f"127.0.0.1:{rechat.port}", upstream.url.removesuffix("/v1")[7:]
    theirs = f"127.0.0.1:{port_of(other)}"
    told: dict[str, list[str | None]] = {
        known: ["recorded", "hit"],
        ours: ["hit", "hit"],
        theirs: [None, None],
    }
    for aim, verdicts in told.items():
        line = Line(rechat)
        with line.socket:
            line.tunnel(aim)
            found = [
                line.ask("/v1/chat/completions", ours, SECRET, body=BODY).headers["x-rechat"]
                for _ in verdicts
            ]
            page: Any = line.ask("/", theirs)
        assert (aim, found) == (aim, verdicts)
        assert (b"our-own-token" in page.body) is (aim == ours)
    assert [one.path for one in other.requests] == ["/v1/chat/completions"] * 2 + ["/"]
    assert len(list(folder.glob("*.md"))) >= 1


@pytest.mark.parametrize("policy", ["replay", "hold"])
def test_without_an_upstream_nothing_that_is_read_goes_anywhere(
    other: Upstream, folder: Path, policy: str
) -> None:
    also = ("--also", "127.0.0.1")
    with Rechat("replay", folder, "--on-miss", policy, *also, folder=folder.parent) as rechat:
        line = Line(rechat)
        with line.socket:
            refused: Any = line.ask(f"http://127.0.0.1:{port_of(other)}/x", "localhost:1")
            assert refused.status == 400
            assert json.loads(refused.body)["error"]["type"] == "rechat_no_match"
    assert other.requests == []


@pytest.mark.parametrize("mode", ["socks5", "upstream:http://localhost:9", "transparent"])
def test_every_listener_is_bound_to_the_host(folder: Path, mode: str) -> None:
    with Rechat("replay", folder, "--mode", f"{mode}@0", folder=folder.parent) as rechat:
        line = rechat.wait_for_line(f"also {mode} at ")
    hosts = {place.rpartition(":")[0] for place in line.partition(" at ")[2].split(", ")}
    assert hosts <= {"127.0.0.1", "::1"}


@pytest.mark.parametrize("host", ["", "0.0.0.0:"])
def test_the_configuration_for_a_wireguard_client_can_be_copied_as_it_is(
    folder: Path, host: str
) -> None:
    words = ("--mode", f"wireguard@{host}0", "--set", f"confdir={folder.parent}")
    with Rechat("replay", folder, *words, folder=folder.parent) as rechat:
        rechat.wait_for_line("Endpoint")
        first = rechat.lines.index("[Interface]")
        last = next(n for n, line in enumerate(rechat.lines) if line.startswith("Endpoint"))
        told = rechat.lines[first - 1].removesuffix(", for clients with this configuration:")
    read = configparser.ConfigParser()
    read.read_string("\n".join(rechat.lines[first : last + 1]))
    assert read.sections() == ["Interface", "Peer"]
    place = told.removeprefix("also wireguard at ")
    expected = local_ip.get_local_ip() if host else "127.0.0.1"
    assert read["Peer"]["Endpoint"] == place.replace("0.0.0.0", expected or "0.0.0.0")


@pytest.mark.parametrize("path", ["/", "/_rechat/state"])
def test_a_wider_listener_takes_the_token_of_the_page(folder: Path, path: str) -> None:
    words = ("replay", folder, "--mode", "regular@0.0.0.0:0")
    with Rechat(*words, folder=folder.parent, RECHAT_TOKEN="our-own-token") as rechat:
        port = rechat.wait_for_line("also regular at 0.0.0.0").rpartition(":")[2]
        rechat.wait_for_line("?token=our-own-token")
        for at in (port, rechat.port):
            page = httpx.get(f"http://127.0.0.1:{at}{path}", timeout=20)
            assert page.status_code == 403
            assert "our-own-token" not in page.text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:443"])
def test_a_page_on_another_site_cannot_ask_a_reverse_listener(
    upstream: Upstream, folder: Path, host: str
) -> None:
    mode = f"reverse:{upstream.url.removesuffix('/v1')}@0"
    with Rechat("record", "--to", folder, "--mode", mode, folder=folder.parent) as rechat:
        port = rechat.wait_for_line("also reverse").split(", ")[0].rpartition(":")[2]
        url = f"http://127.0.0.1:{port}/v1/chat/completions"
        assert httpx.post(url, json=HELLO, headers={"host": host}).status_code == 403
        assert httpx.post(url, json=HELLO).headers["x-rechat"] == "recorded"
        assert httpx.post(url, json=HELLO, headers={"host": host}).status_code == 403
    assert len(upstream.requests) == 1


def test_http_2_on_the_tls_base_url_answers_hits_misses_and_the_page(
    mine: Path, tmp_path: Path
) -> None:
    able = subprocess.run(["curl", "-V"], capture_output=True, text=True, check=True).stdout
    if "HTTP2" not in able:
        pytest.skip("this curl does not speak HTTP/2")
    words = ("replay", mine, "--set", f"confdir={tmp_path / 'confdir'}")
    with Rechat(*words, folder=tmp_path) as rechat:
        root = rechat.root.replace("http:", "https:")
        trusted = str(tmp_path / "confdir" / "mitmproxy-ca-cert.pem")
        told = "%{http_version} %{http_code}"
        curl = ["curl", "-sS", "--http2", "--cacert", trusted, "-o", "/dev/null", "-w", told]
        for path, body, code in (
            ("/v1/chat/completions", json.dumps(HELLO), 200),
            ("/v1/chat/completions", json.dumps(HELLO).replace("Hello", "Bye"), 400),
            ("/", "", 200),
        ):
            command = [*curl, *(["-d", body] if body else []), f"{root}{path}"]
            shown = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
            assert shown.stdout == f"2 {code}", shown.stderr


WORST: dict[str, tuple[tuple[str, ...], bytes]] = {
    "an origin that is no URL": (("origin: http://[::1",), BODY),
    "an origin that is none at all": (("origin: \xe9",), BODY),
    "a number of 5,000 digits": ((), BODY[:-1] + b', "seed": ' + b"7" * 5_000 + b"}"),
    "the same by the hooks": (
        ("te: trailers",),
        BODY[:-1] + b', "max_tokens": ' + b"7" * 5_000 + b"}",
    ),
    "a number without end": ((), BODY[:-1] + b', "seed": 1e999999}'),
}


@pytest.mark.parametrize("worst", WORST)
def test_the_worst_requests_are_never_forwarded_in_replay(
    upstream: Upstream, mine: Path, worst: str
) -> None:
    fields, body = WORST[worst]
    with Rechat("replay", mine.parent, folder=mine.parent.parent) as rechat:
        line = Line(rechat)
        with line.socket:
            found: Any = line.ask(
                "/v1/chat/completions", f"127.0.0.1:{port_of(upstream)}", *fields, body=body
            )
    assert found.status == (403 if "origin" in worst else 200), found.body
    json.loads(found.body, parse_int=str)
    assert upstream.requests == []


@pytest.mark.parametrize("path", ["/_rechat/state", "/_rechat/exchanges?after=" + "9" * 5_000])
@pytest.mark.parametrize("token", ["s\xe9cret", "\xf0\x9f\x94\x91"])
def test_a_token_in_foreign_letters_is_a_wrong_one(passed: Passed, path: str, token: str) -> None:
    found = passed.ask(path, "localhost", f"x-rechat-token: {token}")
    assert found.status == 403
    assert "x-rechat-token" in json.loads(found.body)["error"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("exchanges?after={number}", 200),
        ("exchanges?limit={number}", 200),
        ("exchanges/{number}", 404),
    ],
)
def test_a_number_of_any_length_in_an_address_is_no_failure(
    passed: Passed, path: str, status: int
) -> None:
    path = path.format(number="9" * 5_000)
    found = passed.ask(f"/_rechat/{path}", "localhost", "x-rechat-token: our-own-token")
    assert found.status == status


@pytest.mark.parametrize("fields", [(), ("te: trailers",)], ids=["by us", "by mitmproxy"])
def test_an_answer_that_cannot_be_said_is_told_and_the_connection_goes_on(
    folder: Path, fields: tuple[str, ...]
) -> None:
    (folder / "a.md").write_text(
        "---\nrechat: {api: anthropic.messages}\n---\n\n### user\n\n> Hello\n\n"
        "### assistant\n\n> Hi!\n\n```yaml\nid: msg_1\n```\n\n"
        "### assistant, choice 2\n\n> Ho!\n"
    )
    asked = json.dumps(HELLO | {"max_tokens": 5}).encode()
    with Rechat("replay", folder, folder=folder.parent) as rechat:
        line = Line(rechat)
        with line.socket:
            for _ in range(2):
                found: Any = line.ask("/v1/messages", "localhost", *fields, body=asked)
                assert (found.status, found.headers["x-rechat"]) == (500, "failed")
                assert found.headers["x-should-retry"] == "false"
                error = json.loads(found.body)["error"]
                assert "a.md:9 cannot be served: 2 choices" in error["message"]
        rechat.wait_for_line("failed")
