"""How an endpoint is named, and under which path it gets a request."""

import pytest

from rechat.proxy.upstreams.upstream import DEFAULT_UPSTREAM
from rechat.proxy.upstreams.upstream import Upstream
from rechat.proxy.upstreams.upstream import from_settings
from rechat.proxy.upstreams.upstream import parse_upstream
from rechat.proxy.upstreams.upstream import upstreams_of
from rechat.values.errors import UsageError

PARSES = {
    DEFAULT_UPSTREAM: Upstream("https", "api.openai.com", 443, "/v1"),
    "http://localhost:11434/v1/": Upstream("http", "localhost", 11434, "/v1"),
    "https://host": Upstream("https", "host", 443),
    "https://host:8443": Upstream("https", "host", 8443),
    "https://host/v1:9000": Upstream("https", "host", 443, "/v1", 9000),
    "https://host:8443:9000": Upstream("https", "host", 8443, "", 9000),
    "https://host/v1:gpt-5": Upstream("https", "host", 443, "/v1", None, "gpt-5"),
    "https://host:gpt-5": Upstream("https", "host", 443, "", None, "gpt-5"),
    "http://h:1/v1:9000:llama3:8b": Upstream("http", "h", 1, "/v1", 9000, "llama3:8b"),
    "http://[::1]:80/v1": Upstream("http", "::1", 80, "/v1"),
    "http://h:1/v1*3": Upstream("http", "h", 1, "/v1", weight=3),
    "http://h:1*0.5": Upstream("http", "h", 1, weight=0.5),
    "http://h:1/v1:9000*2": Upstream("http", "h", 1, "/v1", 9000, weight=2),
    "http://h:1/v1:9000:gpt-**2": Upstream("http", "h", 1, "/v1", 9000, "gpt-*", 2),
    "http://h:1/v1:gpt-*": Upstream("http", "h", 1, "/v1", model="gpt-*"),
    "http://h:1/v1:gpt-*,o3": Upstream("http", "h", 1, "/v1", model="gpt-*,o3"),
    "http://h:1:m,rename=n:7b": Upstream("http", "h", 1, model="m", rename="n:7b"),
    "http://h:1,name=fast,prefix=/groq/": Upstream("http", "h", 1, name="fast", prefix="groq"),
    "http://h:1,key_env=GROQ_KEY": Upstream("http", "h", 1, key_env="GROQ_KEY"),
    "http://h:1,limit=4": Upstream("http", "h", 1, limit=4),
    "http://h:1,client_key=true": Upstream("http", "h", 1, client_key=True),
}


@pytest.mark.parametrize("spec", PARSES)
def test_parses(spec: str) -> None:
    assert parse_upstream(spec) == PARSES[spec]


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
        "http://h:1*0",
        "http://h:1,colour=red",
        "http://h:1,gpt-5",
        "http://h:1,",
        "http://h:1,prefix=a/b",
        "http://h:1,key_env=sk-secret",
        "http://h:1,key_env=A,client_key=true",
        "http://h:1,limit=0",
        "http://h:1,limit=4.5",
    ],
)
def test_what_is_no_upstream_is_a_usage_error(spec: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_upstream(spec)
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
        ("https://host/anthropic", "/v1/messages", "/anthropic/v1/messages"),
        (
            "https://host/anthropic",
            "/v1/messages/count_tokens",
            "/anthropic/v1/messages/count_tokens",
        ),
        ("https://host/anthropic/v1", "/v1/messages", "/anthropic/v1/messages"),
        ("https://host/anthropic", "/anthropic/v1/messages", "/anthropic/v1/messages"),
        ("https://host/anthropic", "/v1/messages_of_mine", "/anthropic/messages_of_mine"),
        (
            "https://host/g",
            "/v1beta/models/m:generateContent",
            "/g/v1beta/models/m:generateContent",
        ),
        ("https://host/openai", "/v1/chat/completions", "/openai/chat/completions"),
    ],
)
def test_the_path_of_an_upstream_stands_for_the_version(url: str, path: str, expected: str) -> None:
    assert parse_upstream(url).rewrite(path) == expected


def test_an_upstream_is_shown_as_its_url() -> None:
    assert [str(parse_upstream(url)) for url in (DEFAULT_UPSTREAM, "http://h:81/x:m")] == [
        DEFAULT_UPSTREAM,
        "http://h:81/x",
    ]
    assert str(parse_upstream("http://[::1]:8080/v1")) == "http://[::1]:8080/v1"


def test_an_upstream_without_a_path_takes_every_path_as_it_is() -> None:
    assert parse_upstream("https://host/").rewrite("/v1/chat/completions") == "/v1/chat/completions"


def test_a_path_that_only_begins_alike_is_another() -> None:
    assert parse_upstream("https://host/api").rewrite("/apis/v1/x") == "/api/apis/x"
    assert parse_upstream("https://host/v1").rewrite("/v1beta/x") == "/v1/x"
    assert parse_upstream("https://host/v1").rewrite("/v10x/y") == "/v1/v10x/y"


def test_an_upstream_without_its_scheme_is_told_with_it() -> None:
    with pytest.raises(UsageError, match=r"did you mean http://localhost:8000/v1\? expected"):
        parse_upstream("localhost:8000/v1")
    with pytest.raises(UsageError, match="is not an upstream: expected"):
        parse_upstream("http://localhost:8000/v1?x=1")


def test_a_local_port_of_any_length_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="is not an upstream"):
        parse_upstream(f"http://a/v1:{'9' * 5_000}")


def test_an_upstream_may_be_a_table_of_the_settings() -> None:
    table = {
        "url": "https://api.groq.com/openai/v1",
        "name": "groq",
        "model": ["llama-*", "qwen"],
        "weight": 2,
        "port": 9000,
        "prefix": "groq",
        "key_env": "GROQ_API_KEY",
        "rename": "llama-3",
        "limit": 4,
    }
    assert from_settings(table) == Upstream(
        *("https", "api.groq.com", 443, "/openai/v1", 9000, "llama-*,qwen", 2.0, "groq"),
        key_env="GROQ_API_KEY",
        rename="llama-3",
        limit=4,
        prefix="groq",
    )
    assert from_settings({"url": "http://h:1", "model": "m"}) == parse_upstream("http://h:1:m")


@pytest.mark.parametrize(
    "wrong",
    [{"url": 1}, {"model": "a,b"}, {"model": [1]}, {"weight": 0}, {"prefix": "/"}, {"modle": "m"}],
)
def test_a_table_that_has_no_meaning_is_a_usage_error(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        from_settings({"url": "http://h:1"} | wrong)
    with pytest.raises(UsageError):
        from_settings({"model": "m"})


def test_upstreams_that_are_named_come_before_those_of_the_settings_and_these_before_the_default() -> (
    None
):
    def never() -> list[dict[str, object]]:
        raise AssertionError

    assert upstreams_of(["http://h:1"], never) == [Upstream("http", "h", 1)]
    assert upstreams_of([], lambda: [{"url": "http://h:2"}]) == [Upstream("http", "h", 2)]
    assert upstreams_of([], list) == [PARSES[DEFAULT_UPSTREAM]]
