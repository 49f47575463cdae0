"""What an upstream gets of a request: whose key, and which name of the model."""

import json
from typing import Any

import pytest
from mitmproxy import http

from rechat.proxy.upstreams.outgoing import Original
from rechat.proxy.upstreams.outgoing import credentials
from rechat.proxy.upstreams.outgoing import home_of
from rechat.proxy.upstreams.outgoing import keys_of
from rechat.proxy.upstreams.outgoing import name_host
from rechat.proxy.upstreams.outgoing import usual_path
from rechat.proxy.upstreams.outgoing import write
from rechat.proxy.upstreams.upstream import Upstream
from rechat.proxy.upstreams.upstream import parse_upstream
from rechat.values.errors import UsageError

BODY = b'{ "model": "gpt-5",\n "messages":[{"content":"model","n":1.0}], "t": 1.50}'
CREDENTIALS = (
    *("api-key", "authorization", "cookie", "openai-organization", "openai-project"),
    *("x-api-key", "x-goog-api-key", "x-auth-token", "ocp-apim-subscription-key", "helicone-auth"),
    *("cf-aig-authorization", "x-amz-security-token", "x-portkey-virtual-key"),
)
THEIRS = {name: f"secret-{name}" for name in CREDENTIALS}


def sent(
    upstream: Upstream,
    path: str = "/v1/chat/completions",
    *,
    key: str = "",
    is_home: bool = True,
    api: str = "openai.chat",
    body: bytes = BODY,
    **headers: Any,
) -> http.Request:
    """The request as the upstream gets it, after one to another upstream."""
    request = http.Request.make("POST", f"http://localhost:8910{path}", body)
    request.headers["host"] = "localhost:8910"
    for name, value in headers.items():
        request.headers[name.replace("_", "-")] = value
    original = Original.of(request, body, api, "gpt-5")
    other = parse_upstream("http://other:1,rename=another")
    write(request, original, other, "/x", "key-of-another", is_home=False)
    write(request, original, upstream, path, key, is_home=is_home)
    return request


A = parse_upstream("http://a:81/v1")


@pytest.mark.parametrize(
    ("url", "key", "is_sent"),
    [
        ("https://openrouter.ai/api/v1", "sk-ant-api03-x", False),
        ("https://openrouter.ai/api/v1", "sk-or-v1-x", True),
        ("https://api.groq.com/openai/v1", "sk-proj-x", False),
        ("https://API.Anthropic.com", "sk-ant-api03-x", True),
        ("https://api.anthropic.com", "gsk_x", False),
        ("https://api.openai.com/v1", "sk-of-any-kind", True),
        ("https://gateway.example/v1", "sk-ant-api03-x", True),
        ("https://notopenai.com/v1", "gsk_x", True),
        ("http://localhost:8000/v1", "sk-proj-x", True),
        ("https://api.groq.com/openai/v1,client_key=true", "sk-proj-x", True),
    ],
)
def test_a_key_that_tells_whose_it_is_goes_to_no_other_provider(
    url: str, key: str, is_sent: bool
) -> None:
    upstream = parse_upstream(url)
    own: Any = {"authorization": f"Bearer {key}", "x_api_key": key, "cookie": "session=1"}
    request = sent(upstream, f"/v1/x?key={key}&a=1", **own)
    found = str(request.headers) + request.path
    assert (key in found) is is_sent
    assert request.path.endswith("a=1")
    assert request.headers["cookie"] == "session=1"


def test_the_one_that_they_are_meant_for_gets_the_credentials_of_the_client() -> None:
    request = sent(A, "/v1/x?key=secret", **dict[str, Any](THEIRS))
    assert {name: request.headers[name] for name in CREDENTIALS} == THEIRS
    assert (request.host, request.port, request.path) == ("a", 81, "/v1/x?key=secret")
    assert request.headers["host"] == "a:81"
    assert request.content == BODY


def test_no_other_one_gets_any_of_them() -> None:
    path = (
        "/v1/x?key=secret&a=b&access_token=secret&%6bey=secret&page_token=c&subscription-key=secret"
    )
    kept = {"x-other": "kept", "idempotency-key": "1", "sec-websocket-key": "2"}
    protocols = "realtime, openai-insecure-api-key.secret, openai-beta.realtime-v1"
    given: Any = THEIRS | kept | {"sec-websocket-protocol": protocols}
    request = sent(A, path, is_home=False, **given)
    assert b"secret" not in repr(request.get_state()).encode()
    assert request.path == "/v1/x?a=b&page_token=c"
    assert {name: request.headers[name] for name in kept} == kept
    assert request.headers["sec-websocket-protocol"] == "realtime, openai-beta.realtime-v1"


def test_the_credentials_of_a_request_are_told_from_what_else_it_has() -> None:
    told = http.Headers([(b"X-Api-Key", b"1"), (b"accept", b"2"), (b"cookie", b"3")])
    assert credentials(told) == (("cookie", "3"), ("x-api-key", "1"))


def test_a_proxy_on_the_way_is_told_the_host() -> None:
    request = sent(A)
    name_host(request)
    assert request.authority == "a:81"
    request = sent(parse_upstream("https://a/v1"))
    name_host(request)
    assert request.authority == "", "behind TLS there is a tunnel"


@pytest.mark.parametrize(
    ("api", "given", "name", "value"),
    [
        ("openai.chat", {}, "authorization", "Bearer own"),
        ("openai.chat", {"authorization": "Bearer secret"}, "authorization", "Bearer own"),
        ("openai.chat", {"api_key": "secret"}, "api-key", "own"),
        ("anthropic.messages", {"authorization": "Bearer secret"}, "x-api-key", "own"),
        ("raw", {"x_api_key": "secret"}, "x-api-key", "own"),
        ("gemini.generate", {}, "x-goog-api-key", "own"),
    ],
)
def test_its_own_key_stands_where_the_api_has_it(
    api: str, given: dict[str, Any], name: str, value: str
) -> None:
    request = sent(A, "/v1/x?key=secret", key="own", api=api, **given)
    assert request.headers[name] == value
    assert [one for one in CREDENTIALS if one in request.headers] == [name]
    assert "secret" not in repr(request.get_state())


def test_the_model_has_the_name_that_it_has_there() -> None:
    request = sent(parse_upstream("http://a:81,rename=llama3:8b"))
    assert request.content is not None
    assert json.loads(request.content) == json.loads(BODY) | {"model": "llama3:8b"}
    assert b'{"content":"model","n":1.0}' in request.content
    assert request.headers["content-length"] == str(len(request.content))


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b'{"a": 1}', b"[" * 100_000])
def test_a_body_that_names_no_model_stays_as_it_is(body: bytes) -> None:
    assert sent(parse_upstream("http://a:81,rename=n"), body=body).content == body


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/v1beta/models/gpt-5:generateContent?a=b", "/v1beta/models/n:generateContent?a=b"),
        ("/openai/deployments/gpt-5/chat/completions", "/openai/deployments/n/chat/completions"),
        ("/v1/models/gpt-5-mini", "/v1/models/gpt-5-mini"),
    ],
)
def test_a_path_that_names_the_model_names_the_other(path: str, there: str) -> None:
    assert sent(parse_upstream("http://a:81,rename=n"), path).path == there


def test_the_credentials_are_meant_for_the_first_that_has_no_key_of_its_own() -> None:
    one, two, three = (
        parse_upstream(f"http://{spec}") for spec in ("a:1,key_env=A", "Localhost:2", "c:3")
    )
    assert home_of([one, two, three]) == ("localhost", 2)
    assert home_of([one]) is None


@pytest.mark.parametrize("key", ["", "two\nlines", "schlüssel"])
def test_a_key_that_is_not_there_is_a_usage_error_without_the_key(key: str) -> None:
    upstream = parse_upstream("http://a:1,key_env=KEY_OF_A")
    assert keys_of([upstream, A], {"KEY_OF_A": "sk-1", "B": "x"}) == {"KEY_OF_A": "sk-1"}
    with pytest.raises(UsageError, match="KEY_OF_A") as caught:
        keys_of([upstream], {"KEY_OF_A": key})
    assert not key or key not in str(caught.value)


@pytest.mark.parametrize(
    ("path", "api", "usual"),
    [
        ("/v1/chat/completions", "openai.chat", "/v1/chat/completions"),
        ("/openai/v1/chat/completions", "openai.chat", "/v1/chat/completions"),
        ("/api/v1/chat/completions?x=1", "openai.chat", "/v1/chat/completions?x=1"),
        (
            "/openai/deployments/m/embeddings?api-version=1",
            "openai.embeddings",
            "/v1/embeddings?api-version=1",
        ),
        ("/v1/responses/resp_1/cancel", "openai.responses", "/v1/responses/resp_1/cancel"),
        ("/anthropic/v1/messages", "anthropic.messages", "/v1/messages"),
        ("/v1/messages/count_tokens", "anthropic.messages", "/v1/messages/count_tokens"),
        ("/v1beta/models/m:generateContent", "google.gemini", "/v1beta/models/m:generateContent"),
        ("/openai/v1/files", "", "/openai/v1/files"),
    ],
)
def test_a_path_of_a_public_api_is_the_usual_one_elsewhere(path: str, api: str, usual: str) -> None:
    assert usual_path(path, api) == usual


@pytest.mark.parametrize(
    ("spec", "host"),
    [
        ("http://[::1]:81/v1", "[::1]:81"),
        ("http://[::1]/v1", "[::1]"),
        ("https://[fd00::2]:8443", "[fd00::2]:8443"),
        ("https://a.example/v1", "a.example"),
        ("http://127.0.0.1:81/v1", "127.0.0.1:81"),
    ],
)
def test_a_host_is_named_as_heads_name_it(spec: str, host: str) -> None:
    request = sent(parse_upstream(spec))
    assert request.headers["host"] == host
    name_host(request)
    assert request.authority == (host if request.scheme == "http" else "")
