"""Hosts that are not read: they keep their own certificate, work, and are nowhere on the disk."""

import json
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from internet import Internet
from listening import Listening
from process import Rechat
from upstream import Bytes
from upstream import Json
from upstream import Received
from upstream import Upstream

LLM, OTHER = "llm.example", "other.example"
HELLO = {"model": "gpt-5", "messages": [{"role": "user", "content": "Hello"}]}
HERE = ("127.0.0.1", "localhost")
SECRET = "what the other host said"


@pytest.fixture
def internet(tmp_path: Path) -> Iterator[Internet]:
    authority = tmp_path / "authority"
    authority.mkdir()
    with Internet(authority, LLM, OTHER, "api.openai.com") as running:
        running[OTHER].reply(Bytes(SECRET.encode()))
        yield running


def start(internet: Internet, folder: Path, *words: str) -> Rechat:
    """rechat, whose way to the hosts leads through their proxy."""
    return Rechat(
        *(*words, "--set", f"confdir={folder / 'confdir'}"),
        folder=folder,
        HTTPS_PROXY=internet.proxy,
        NO_PROXY="",
        SSL_CERT_FILE=str(internet.authority.file),
    )


def client(internet: Internet, rechat: Rechat, folder: Path) -> httpx.Client:
    """A client that goes through rechat, and trusts it and the other hosts."""
    trusted = ssl.create_default_context(cafile=str(internet.authority.file))
    trusted.load_verify_locations(str(folder / "confdir" / "mitmproxy-ca-cert.pem"))
    return httpx.Client(proxy=rechat.root, verify=trusted, timeout=20)


def issuer(client: httpx.Client, url: str) -> str:
    with client.stream("GET", url) as reply:
        secure = reply.extensions["network_stream"].get_extra_info("ssl_object")
        return json.dumps(secure.getpeercert()["issuer"])


def test_another_host_keeps_its_certificate_while_an_upstream_is_recorded(
    internet: Internet, tmp_path: Path
) -> None:
    url = f"https://{LLM}/v1/chat/completions"
    with start(internet, tmp_path, "record", f"https://{LLM}/v1") as rechat:
        with client(internet, rechat, tmp_path) as asked:
            assert asked.post(url, json=HELLO).headers["x-rechat"] == "recorded"
            assert "mitmproxy" in issuer(asked, url)
            assert asked.get(f"https://{OTHER}/").text == SECRET
            assert "private" in issuer(asked, f"https://{OTHER}/")
        rechat.wait_for_line(f"CONNECT {OTHER}:443")
        assert SECRET not in rechat.output
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(SECRET.encode() in text for text in written)
    assert not any(OTHER.encode() in text for text in written)
    with start(internet, tmp_path, "replay", "--also", LLM) as rechat:
        with client(internet, rechat, tmp_path) as asked:
            assert asked.post(url, json=HELLO).headers["x-rechat"] == "hit"
            assert asked.get(f"https://{OTHER}/").text == SECRET
    assert len([each for each in internet[LLM].requests if each.method == "POST"]) == 1


def test_replay_reaches_no_api_and_offline_nobody(internet: Internet, tmp_path: Path) -> None:
    (tmp_path / "transcripts").mkdir()
    api = "https://api.openai.com/v1/chat/completions"
    with start(internet, tmp_path, "replay", "--offline") as rechat:
        with client(internet, rechat, tmp_path) as asked:
            assert asked.post(api, json=HELLO).status_code == 400
            assert asked.get(api).status_code == 400
            with pytest.raises(httpx.ProxyError):
                asked.get(f"https://{OTHER}/")
            refused = asked.get(f"http://{OTHER}/")
        assert (refused.status_code, f"blocked {OTHER}" in refused.text) == (403, True)
        rechat.wait_for_line(f"blocked {OTHER}")
    with start(internet, tmp_path, "replay") as rechat:
        with client(internet, rechat, tmp_path) as asked:
            assert asked.post(api, json=HELLO).status_code == 400
            refused = asked.post("http://api.openai.com/v1/chat/completions", json=HELLO)
            assert refused.status_code == 403
    assert internet.asked == []


def test_only_upstreams_are_read_if_that_is_asked_for(internet: Internet, tmp_path: Path) -> None:
    url = "https://api.openai.com/v1/chat/completions"
    words = ("record", f"https://{LLM}/v1", "--only-upstreams")
    with start(internet, tmp_path, *words) as rechat:
        with client(internet, rechat, tmp_path) as asked:
            assert "x-rechat" not in asked.post(url, json=HELLO).headers
            assert "private" in issuer(asked, url)
    assert list((tmp_path / "transcripts").glob("*.md")) == []


def test_curl_shows_the_certificate_of_the_host_that_it_asked(
    internet: Internet, tmp_path: Path
) -> None:
    with start(internet, tmp_path, "record", f"https://{LLM}/v1") as rechat:
        command = ["curl", "-sv", "--proxy", rechat.root, "--cacert", str(internet.authority.file)]
        shown = subprocess.run(
            [*command, f"https://{OTHER}/"], capture_output=True, text=True, check=True, timeout=20
        )
    assert shown.stdout == SECRET
    assert "issuer: CN=private" in shown.stderr.replace("O=private; ", "")


class Greeting(Listening):
    """A server that speaks first, as those of mail and databases do, and then repeats a line."""

    def serve(self, connection: socket.socket) -> None:
        with connection:
            connection.sendall(b"220 hello\r\n")
            connection.sendall(connection.recv(100))


def through_connect(rechat: Rechat, host: str, port: int, at: int = 0) -> socket.socket:
    """A tunnel that the proxy has opened, `at` another of its ports if one is given."""
    tunnel = socket.create_connection(("127.0.0.1", at or rechat.port), 20)
    tunnel.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\nhost: {host}\r\n\r\n".encode())
    with tunnel.makefile("rb", 0) as said:
        while said.readline().strip():
            pass
    return tunnel


def through_socks(rechat: Rechat, host: str, port: int) -> socket.socket:
    """The same by SOCKS 5 (RFC 1928), with a name."""
    tunnel = socket.create_connection(("127.0.0.1", port_of(rechat, "socks5")), 20)
    tunnel.sendall(b"\5\1\0")
    assert tunnel.recv(2) == b"\5\0"
    name = socket.inet_aton(host) if host[0].isdigit() else bytes([len(host)]) + host.encode()
    kind = b"\1" if host[0].isdigit() else b"\3"
    tunnel.sendall(b"\5\1\0" + kind + name + port.to_bytes(2, "big"))
    assert tunnel.recv(10, socket.MSG_WAITALL)[:2] == b"\5\0"
    return tunnel


@pytest.mark.parametrize(
    "words", [("record", f"https://{LLM}/v1"), ("replay", "--also", LLM)], ids=["record", "replay"]
)
def test_a_server_that_speaks_first_is_heard(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "transcripts").mkdir()
    ways = [(through, host) for through in (through_connect, through_socks) for host in HERE]
    with Greeting() as server, Rechat(*words, "--mode", "socks5@0", folder=tmp_path) as rechat:
        for through, host in ways:
            with through(rechat, host, server.port) as tunnel, tunnel.makefile("rb", 0) as said:
                assert said.readline() == b"220 hello\r\n"
                tunnel.sendall(b"EHLO\r\n")
                assert said.readline() == b"EHLO\r\n"


def test_a_server_that_speaks_first_is_heard_behind_another_proxy(tmp_path: Path) -> None:
    (tmp_path / "outer").mkdir()
    (tmp_path / "outer" / "transcripts").mkdir()
    with (
        Greeting() as server,
        Rechat("replay", "--only-upstreams", folder=tmp_path / "outer") as outer,
        behind(outer, f"https://{LLM}/v1", folder=tmp_path) as rechat,
    ):
        port = port_of(rechat, "upstream")
        for host in HERE:
            with (
                through_connect(rechat, host, server.port, at=port) as tunnel,
                tunnel.makefile("rb", 0) as said,
            ):
                assert said.readline() == b"220 hello\r\n"
                tunnel.sendall(b"EHLO\r\n")
                assert said.readline() == b"EHLO\r\n"


def test_a_server_that_speaks_first_is_heard_by_a_listener_that_stands_for_it(
    tmp_path: Path,
) -> None:
    with Greeting() as server:
        mode = f"reverse:tcp://127.0.0.1:{server.port}@0"
        with Rechat("record", f"https://{LLM}/v1", "--mode", mode, folder=tmp_path) as rechat:
            at = ("127.0.0.1", port_of(rechat, "reverse"))
            with socket.create_connection(at, 20) as client, client.makefile("rb", 0) as said:
                assert said.readline() == b"220 hello\r\n"
                client.sendall(b"EHLO\r\n")
                assert said.readline() == b"EHLO\r\n"


def behind(outer: Rechat, *words: str, folder: Path) -> Rechat:
    """A `rechat record` with a listener that sends all through another proxy."""
    return Rechat("record", *words, "--mode", f"upstream:{outer.root}@0", folder=folder)


def port_of(rechat: Rechat, mode: str) -> int:
    """The port of the listener of a mode."""
    line = rechat.wait_for_line(f"also {mode}")
    return int(line.rpartition(":")[2])


def test_a_redirect_out_of_the_path_of_the_upstream_is_recorded_and_replays(tmp_path: Path) -> None:
    def sends_on(received: Received) -> Json:
        if received.path == "/v1/files/a":
            return Json({}, 302, (("location", "/stored/b?c=1"),))
        return Json({"at": received.path})

    with Upstream() as upstream:
        upstream.reply(sends_on)
        with Rechat("record", upstream.url, folder=tmp_path) as rechat:
            recorded = httpx.get(f"{rechat.url}/files/a", follow_redirects=True)
    assert (recorded.url.port, recorded.json()) == (rechat.port, {"at": "/stored/b?c=1"})
    with Rechat("replay", folder=tmp_path) as rechat:
        replayed = httpx.get(f"{rechat.url}/files/a", follow_redirects=True)
    assert (replayed.headers["x-rechat"], replayed.json()) == ("hit", {"at": "/stored/b?c=1"})


def test_a_redirect_keeps_the_prefix_of_the_upstream(tmp_path: Path) -> None:
    def sends_on(received: Received) -> Json:
        if received.path == "/v1/files/a":
            return Json({}, 307, (("location", "/stored/b?c=1"),))
        return Json({"at": received.path})

    with Upstream() as upstream, Upstream() as other:
        upstream.reply(sends_on)
        routes = (other.url, f"{upstream.url},name=files,prefix=files")
        with Rechat("record", *routes, folder=tmp_path) as rechat:
            url = f"{rechat.root}/files/v1/files/a"
            recorded = httpx.get(url, follow_redirects=True)
    assert (recorded.url.path, recorded.json()) == ("/files/stored/b", {"at": "/stored/b?c=1"})
    with Rechat("replay", folder=tmp_path) as rechat:
        url = f"{rechat.root}/files/v1/files/a"
        replayed = httpx.get(url, follow_redirects=True)
    assert (replayed.headers["x-rechat"], replayed.json()) == ("hit", {"at": "/stored/b?c=1"})


@pytest.mark.parametrize("location", ["/stored/b", "../../stored/b", "../../../../../stored/b"])
def test_a_redirect_keeps_a_client_in_the_session_that_its_path_names(
    location: str, tmp_path: Path
) -> None:
    def sends_on(received: Received) -> Json:
        if received.path == "/v1/files/a":
            return Json({}, 307, (("location", location),))
        return Json({"at": received.path})

    def asked(root: str) -> httpx.Response:
        return httpx.get(f"{root}/v1/files/a", follow_redirects=True)

    with Upstream() as upstream:
        upstream.reply(sends_on)
        with Rechat("record", upstream.url, folder=tmp_path) as rechat:
            recorded = asked(f"{rechat.root}/_rechat/s/one")
    assert (recorded.url.path, recorded.json()) == ("/_rechat/s/one/stored/b", {"at": "/stored/b"})
    saved = "".join(path.read_text() for path in tmp_path.rglob("*.md"))
    assert "/stored/b" in saved
    assert "_rechat" not in saved
    with Rechat("replay", folder=tmp_path) as rechat:
        roots = [f"{rechat.root}/_rechat/s/two", rechat.root, f"{rechat.root}/_rechat/s/three"]
        replayed = [asked(root) for root in roots for _ in range(2)]
    paths = ["/_rechat/s/two/stored/b", "/stored/b", "/_rechat/s/three/stored/b"]
    assert [each.url.path for each in replayed] == [path for path in paths for _ in range(2)]
    assert {each.headers["x-rechat"] for each in replayed} == {"hit"}
