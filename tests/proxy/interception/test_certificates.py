"""The certificates that clients are shown: there when one of them speaks TLS, and not before."""

from pathlib import Path

import httpx
import pytest

from rechat.testing import Replay
from rechat.testing.process import TestServer


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of a user who has started nothing yet."""
    folder = tmp_path / "home"
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(folder))
    return folder


def asked_over_tls(url: str) -> int:
    """The status of the page, asked over TLS; 0 if that cannot be spoken."""
    try:
        return httpx.get(url.replace("http:", "https:"), verify=False).status_code
    except httpx.TransportError:
        return 0


def test_a_server_for_tests_makes_its_key_when_a_client_speaks_tls(
    home: Path, tmp_path: Path
) -> None:
    with TestServer(tmp_path, (), records=False) as server:
        assert httpx.get(server.url).status_code == 200
        assert not home.exists()
        assert asked_over_tls(server.url) == 200
        assert asked_over_tls(server.url) == 200
        assert (home / ".mitmproxy" / "mitmproxy-ca-cert.pem").exists()
        assert server.output == ""


def test_one_for_people_has_it_when_it_listens(home: Path, tmp_path: Path) -> None:
    with Replay(tmp_path) as server:
        assert (home / ".mitmproxy" / "mitmproxy-ca-cert.pem").exists()
        assert asked_over_tls(server.url) == 200


def test_where_none_can_be_made_that_is_told_and_the_rest_goes_on(
    home: Path, tmp_path: Path
) -> None:
    home.write_text("not a folder")
    with TestServer(tmp_path, (), records=False) as server:
        assert [asked_over_tls(server.url) for _ in range(2)] == [0, 0]
        assert httpx.get(server.url).status_code == 200
    assert server.output.count("clients cannot speak TLS with rechat") == 1
    assert str(home) in server.output
    assert "Traceback" not in server.output
