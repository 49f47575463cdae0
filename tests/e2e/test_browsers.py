"""Pages in browsers as clients, and programs that only ask whether somebody is there."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from process import Rechat
from upstream import Upstream

QUESTION = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
APP = "https://app.example.com"


@pytest.fixture(scope="module")
def rechat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rechat]:
    folder = tmp_path_factory.mktemp("browsers")
    (folder / "transcripts").mkdir()
    (folder / "transcripts" / "a.md").write_text("### user\n\n> Hello\n\n### assistant\n\n> Hi!\n")
    with Rechat("replay", "--allow-origin", f"{APP}/", folder=folder) as running:
        yield running


def preflight(origin: str) -> dict[str, str]:
    return {
        "origin": origin,
        "sec-fetch-site": "cross-site",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,x-stainless-os",
    }


@pytest.mark.parametrize("origin", ["http://localhost:5173", "http://127.0.0.1", APP])
def test_a_page_may_ask_and_read_the_answer(rechat: Rechat, origin: str) -> None:
    url = f"{rechat.url}/chat/completions"
    asked = httpx.options(url, headers=preflight(origin))
    assert (asked.status_code, asked.content) == (204, b"")
    assert asked.headers["access-control-allow-origin"] == origin
    assert asked.headers["access-control-allow-headers"] == "authorization,x-stainless-os"
    assert "POST" in asked.headers["access-control-allow-methods"]
    for question, status in ((QUESTION, 200), (QUESTION | {"model": "n"} | {"n": 7}, 400)):
        headers = {"origin": origin, "sec-fetch-site": "cross-site"}
        answer = httpx.post(url, json=question | {"user": "u"}, headers=headers)
        assert answer.headers["access-control-allow-origin"] == origin
        assert answer.headers["vary"] == "origin"
        assert answer.status_code == status or answer.headers["x-rechat"] == "hit"


@pytest.mark.parametrize(
    "origin", ["https://evil.example.com", "null", "http://localhost.evil.com"]
)
def test_another_page_may_not(rechat: Rechat, origin: str) -> None:
    url = f"{rechat.url}/chat/completions"
    for answer in (
        httpx.options(url, headers=preflight(origin)),
        httpx.post(url, json=QUESTION, headers={"origin": origin}),
    ):
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers
        assert f"--allow-origin {origin}" in answer.json()["error"]["message"]


def test_our_own_pages_are_for_no_other_page(rechat: Rechat) -> None:
    for path in ("/", "/_rechat/exchanges"):
        answer = httpx.get(f"{rechat.root}{path}", headers={"origin": "http://localhost:5173"})
        assert "access-control-allow-origin" not in answer.headers


def test_a_forwarded_answer_can_be_read_by_the_page(tmp_path: Path) -> None:
    with Upstream() as upstream, Rechat("record", upstream.url, folder=tmp_path) as rechat:
        headers = {"origin": "http://localhost:5173"}
        answer = httpx.post(f"{rechat.url}/chat/completions", json=QUESTION, headers=headers)
    assert (answer.status_code, answer.headers["x-rechat"]) == (200, "recorded")
    assert answer.headers["access-control-allow-origin"] == "http://localhost:5173"


def test_a_failure_can_be_read_by_the_page(tmp_path: Path) -> None:
    with Rechat("record", "http://127.0.0.1:1", folder=tmp_path) as rechat:
        headers = {"origin": "http://localhost:5173"}
        answer = httpx.post(f"{rechat.url}/chat/completions", json=QUESTION, headers=headers)
    assert (answer.status_code, answer.headers["x-rechat"]) == (502, "failed")
    assert answer.headers["access-control-allow-origin"] == "http://localhost:5173"


@pytest.mark.parametrize("path", ["/health", "/ready", "/_rechat/health"])
def test_health_is_told_on_the_main_port(rechat: Rechat, path: str) -> None:
    answer = httpx.get(f"{rechat.root}{path}")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


def test_a_head_is_answered_without_a_body(rechat: Rechat) -> None:
    with httpx.Client() as client:
        for path, status in (("/", 200), ("/ready", 200), ("/health", 200), ("/v1/x", 400)):
            answer = client.head(f"{rechat.root}{path}")
            assert (answer.status_code, answer.content) == (status, b"")
            assert int(answer.headers["content-length"]) > 0


def test_the_health_of_an_upstream_is_its_own(upstream: Upstream, folder: Path) -> None:
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        answer = httpx.get(f"{rechat.root}/health")
        assert answer.headers["x-rechat-upstream"] == upstream.url.removesuffix("/v1")
        assert httpx.get(f"{rechat.root}/ready").json()["status"] == "ok"
