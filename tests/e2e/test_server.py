"""Clients that go through a proxy instead of to a base URL."""

import ssl
import subprocess
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from openai import OpenAI
from process import Rechat
from upstream import Upstream

HELLO: dict[str, Any] = {"model": "gpt-5", "messages": [{"role": "user", "content": "Hello"}]}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1, which its users have to trust by name, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=127.0.0.1",
    ]
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)]
    subprocess.run([*command, *names], check=True, capture_output=True)
    return cert, key


def through(rechat: Rechat, confdir: Path, url: str) -> OpenAI:
    """A client of `url` that goes through the proxy and trusts its CA."""
    trusted = ssl.create_default_context(cafile=str(confdir / "mitmproxy-ca-cert.pem"))
    transport = httpx2.Client(proxy=rechat.root, verify=trusted)
    return OpenAI(base_url=url, api_key="test", http_client=transport, max_retries=0)


def test_an_https_client_behind_the_proxy_is_recorded_and_replayed(
    certificate: tuple[Path, Path], folder: Path, tmp_path: Path
) -> None:
    confdir = tmp_path / "ca"
    options = ("--set", f"confdir={confdir}")
    trust = ("--set", f"ssl_verify_upstream_trusted_ca={certificate[0]}")
    with Upstream(tls=certificate) as upstream:
        url = upstream.url
        assert url.startswith("https://")
        with Rechat("record", url, "--to", folder, *options, *trust, folder=tmp_path) as rechat:
            with through(rechat, confdir, url) as client:
                said = client.chat.completions.create(**HELLO)
        assert len(upstream.requests) == 1
    also = ("--also", "127.0.0.1")
    with Rechat("replay", folder, *also, *options, folder=tmp_path) as rechat:
        with through(rechat, confdir, url) as client:
            again = client.chat.completions.create(**HELLO)
    assert again == said


def test_tls_with_others_is_left_alone_and_told(
    certificate: tuple[Path, Path], folder: Path, tmp_path: Path
) -> None:
    theirs = ssl.create_default_context(cafile=str(certificate[0]))
    with (
        Upstream(tls=certificate) as other,
        Rechat("record", "--to", folder, folder=tmp_path) as rechat,
        httpx.Client(proxy=rechat.root, verify=theirs) as client,
    ):
        key = {"authorization": "Bearer theirs"}
        answer = client.post(f"{other.url}/chat/completions", json=HELLO, headers=key)
        assert (answer.status_code, "x-rechat" in answer.headers) == (200, False)
        rechat.wait_for_line(f"CONNECT {other.url[8:].removesuffix('/v1')}")
        [received] = other.requests
    assert received.headers["authorization"] == "Bearer theirs"
    assert list(folder.glob("*.md")) == []


def test_replay_opens_no_connection_for_a_proxy_client(folder: Path, tmp_path: Path) -> None:
    with (
        Upstream() as upstream,
        Rechat("replay", folder, "--also", "127.0.0.1", folder=tmp_path) as rechat,
        httpx.Client(proxy=rechat.root) as client,
    ):
        refused = client.post(f"{upstream.url}/chat/completions", json=HELLO)
        other = client.get(upstream.url)
        assert (refused.status_code, other.status_code) == (400, 400)
        assert upstream.requests == []


def test_another_mode_runs_beside_the_port(upstream: Upstream, folder: Path) -> None:
    mode = f"reverse:{upstream.url.removesuffix('/v1')}@127.0.0.1:0"
    with Rechat("record", "--to", folder, "--mode", mode, folder=folder.parent) as rechat:
        port = rechat.wait_for_line("also reverse").rpartition(":")[2]
        reply = httpx.post(f"http://127.0.0.1:{port}/v1/chat/completions", json=HELLO, timeout=20)
        assert reply.headers["x-rechat"] == "recorded"
    assert len(upstream.requests) == 1
