"""Which endpoint a request goes to, and under which path."""

import pytest

from rechat.proxy.routing import DEFAULT
from rechat.proxy.routing import Router
from rechat.proxy.routing import Upstream
from rechat.proxy.routing import is_model_api
from rechat.proxy.routing import parse
from rechat.values.errors import UsageError

PARSES = {
    DEFAULT: Upstream("https", "api.openai.com", 443, "/v1"),
    "http://localhost:11434/v1/": Upstream("http", "localhost", 11434, "/v1"),
    "https://host": Upstream("https", "host", 443),
    "https://host:8443": Upstream("https", "host", 8443),
    "https://host/v1:9000": Upstream("https", "host", 443, "/v1", 9000),
    "https://host:8443:9000": Upstream("https", "host", 8443, "", 9000),
    "https://host/v1:gpt-5": Upstream("https", "host", 443, "/v1", None, "gpt-5"),
    "https://host:gpt-5": Upstream("https", "host", 443, "", None, "gpt-5"),
    "http://h:1/v1:9000:llama3:8b": Upstream("http", "h", 1, "/v1", 9000, "llama3:8b"),
    "http://[::1]:80/v1": Upstream("http", "::1", 80, "/v1"),
}


@pytest.mark.parametrize("spec", PARSES)
def test_parses(spec: str) -> None:
    assert parse(spec) == PARSES[spec]


@pytest.mark.parametrize(
    "spec",
    [
        "",
        "localhost:8080",
        "ftp://host/v1",
        "https://",
        "https://host:99999/v1",
        "https://host/v1:70000",
        "https://user:secret@host/v1",
        "https://host/v1?key=x",
        "https://secret@host/v1",
        "https://user:12secret@host",
        "ftp://user:secret@host",
        "https://host:0/v1",
        "https://host/v1:0",
        "http://[:::::]/v1",
        "http://[::1",
    ],
)
def test_what_is_no_upstream_is_a_usage_error(spec: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(spec)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "path", "expected"),
    [
        ("https://openrouter.ai/api/v1", "/v1/chat/completions", "/api/v1/chat/completions"),
        ("https://openrouter.ai/api/v1", "/api/v1/chat/completions", "/api/v1/chat/completions"),
        ("https://openrouter.ai/api/v1", "/chat/completions", "/api/v1/chat/completions"),
        ("https://api.openai.com/v1", "/v1/models", "/v1/models"),
        ("https://host", "/anything/v1/x", "/anything/v1/x"),
        ("https://host/api", "/v1beta/models", "/api/models"),
    ],
)
def test_the_path_of_an_upstream_stands_for_the_version(url: str, path: str, expected: str) -> None:
    assert parse(url).rewrite(path) == expected


def test_models_go_to_their_upstream_and_the_rest_to_those_without() -> None:
    router = Router([parse("http://a:1"), parse("http://b:1:llama3")])
    assert [router.choose(model, 8910).host for model in ("llama3", "gpt-5", "")] == ["b", "a", "a"]


def test_equals_take_turns() -> None:
    router = Router([parse("http://a:1"), parse("http://b:1"), parse("http://c:1:m")])
    assert [router.choose("x", 8910).host for _ in range(4)] == ["a", "b", "a", "b"]


def test_a_local_port_belongs_to_its_upstream() -> None:
    router = Router([parse("http://a:1"), parse("http://b:1:9000")])
    assert [router.choose("x", port).host for port in (9000, 8910, 9000)] == ["b", "a", "b"]


def test_an_upstream_only_for_a_model_still_takes_what_nobody_else_does() -> None:
    assert Router([parse("http://a:1:m")]).choose("other", 8910).host == "a"


def test_an_upstream_is_shown_as_its_url() -> None:
    assert [str(parse(url)) for url in (DEFAULT, "http://h:81/x:m")] == [DEFAULT, "http://h:81/x"]
    assert str(parse("http://[::1]:8080/v1")) == "http://[::1]:8080/v1"


def test_an_upstream_without_a_path_takes_every_path_as_it_is() -> None:
    assert parse("https://host/").rewrite("/v1/chat/completions") == "/v1/chat/completions"


def test_a_path_that_only_begins_alike_is_another() -> None:
    assert parse("https://host/api").rewrite("/apis/v1/x") == "/api/apis/x"
    assert parse("https://host/v1").rewrite("/v1beta/x") == "/v1/x"
    assert parse("https://host/v1").rewrite("/v10x/y") == "/v1/v10x/y"


def test_the_upstreams_of_one_model_take_turns_and_no_other_gets_it() -> None:
    router = Router([parse("http://a:1:m"), parse("http://b:1:m"), parse("http://c:1")])
    assert [router.choose("m", 8910).host for _ in range(3)] == ["a", "b", "a"]
    assert [router.choose("x", 8910).host for _ in range(2)] == ["c", "c"]


def test_a_local_port_is_stronger_than_a_model() -> None:
    router = Router([parse("http://a:1:9000"), parse("http://b:1:m")])
    assert router.choose("m", 9000).host == "a"


def test_an_upstream_is_known_by_host_and_port() -> None:
    router = Router([parse("http://Localhost:81/v1")])
    assert router.knows("localhost", 81)
    assert router.knows("127.0.0.1", 81)
    assert router.knows("::1", 81)
    assert not router.knows("localhost", 82)
    assert not router.knows("127.0.0.2", 81)
    assert not router.knows("localhost.example.com", 81)


def test_an_address_may_be_known_without_being_chosen() -> None:
    router = Router([parse("http://a:81/v1")])
    router.know("B", 82)
    assert router.knows("b", 82)
    assert router.choose("", 8910).host == "a"


def test_what_is_no_upstream_and_no_public_api_is_for_others() -> None:
    router = Router([parse("http://a:81/v1")])
    assert router.takes("a", 81)
    assert router.takes("api.anthropic.com", 443)
    assert not router.takes("api.anthropic.com", 8443)
    assert not router.takes("a", 80)


def test_a_public_api_is_one_on_the_port_of_https_only() -> None:
    assert is_model_api("API.openai.com", 443)
    assert not is_model_api("api.openai.com", 80)
    assert not is_model_api("evil.api.openai.com", 443)


def test_a_local_port_of_any_length_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="is not an upstream"):
        parse(f"http://a/v1:{'9' * 5_000}")
