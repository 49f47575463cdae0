import pytest

from rechat.resend.target import Target
from rechat.resend.target import parse_target
from rechat.values.errors import UsageError

LOCAL = Target("http", "localhost", 8000, "/v1", "qwen")


@pytest.mark.parametrize(
    ("spec", "target"),
    [
        ("http://localhost:8000/v1:qwen", LOCAL),
        (
            "http://localhost:8000/v1/:qwen3:8b",
            Target("http", "localhost", 8000, "/v1", "qwen3:8b"),
        ),
        ("http://[::1]:80", Target("http", "::1", 80)),
        (
            "https://api.anthropic.com:claude",
            Target(
                "https",
                "api.anthropic.com",
                443,
                "",
                "claude",
                "anthropic.messages",
                "ANTHROPIC_API_KEY",
            ),
        ),
        (
            "http://a/v1,api=responses,key_env=MINE,name=one",
            Target("http", "a", 80, "/v1", "", "openai.responses", "MINE", "one"),
        ),
    ],
)
def test_a_target_is_named_by_its_url(spec: str, target: Target) -> None:
    assert parse_target(spec) == target
    assert parse_target(target.spec) == target


def test_a_target_is_named_by_the_settings() -> None:
    table = {"name": "fast", "url": "https://x.example/v1", "model": "m", "key_env": "KEY"}
    found = parse_target("fast", [table])
    assert (found.url, found.model, found.key_env) == ("https://x.example/v1", "m", "KEY")
    assert found.name == "fast"


@pytest.mark.parametrize(
    "spec",
    ["", "slow", "http://", "http://a:0", "http://me:x@a/", "http://a,key=1", "http://a,api=soap"],
)
def test_what_names_no_target_is_told(spec: str) -> None:
    with pytest.raises(UsageError, match="--to"):
        parse_target(spec, [{"name": "fast", "url": "http://a"}])


def test_a_key_in_the_place_of_its_variable_is_not_repeated() -> None:
    with pytest.raises(UsageError) as caught:
        parse_target("http://a,key_env=sk-12345")
    assert "sk-12345" not in str(caught.value)


@pytest.mark.parametrize(
    ("base", "api", "path"),
    [
        ("", "openai.chat", "/v1/chat/completions"),
        ("/api/v1", "openai.chat", "/api/v1/chat/completions"),
        ("", "anthropic.messages", "/v1/messages"),
        ("/anthropic", "anthropic.messages", "/anthropic/v1/messages"),
        ("/v1", "anthropic.messages", "/v1/messages"),
        ("", "ollama.chat", "/api/chat"),
        ("/api", "ollama.chat", "/api/chat"),
        ("", "google.gemini", "/v1beta/models/m:streamGenerateContent"),
        ("/v1", "google.gemini", "/v1/models/m:streamGenerateContent"),
    ],
)
def test_a_path_is_that_of_the_api_below_the_base(base: str, api: str, path: str) -> None:
    assert Target("http", "a", 80, base).path_for(api, "m")[0] == path


def test_a_public_key_is_only_for_its_own_host_and_over_tls() -> None:
    assert parse_target("https://api.openai.com/v1").key_env == "OPENAI_API_KEY"
    assert parse_target("http://api.openai.com/v1").key_env == ""
    assert parse_target("https://api.openai.com.evil.example/v1").key_env == ""


@pytest.mark.parametrize(
    ("api", "header"),
    [
        ("openai.chat", ("authorization", "Bearer k")),
        ("anthropic.messages", ("x-api-key", "k")),
        ("google.gemini", ("x-goog-api-key", "k")),
    ],
)
def test_a_key_goes_where_the_api_has_it(api: str, header: tuple[str, str]) -> None:
    assert header in LOCAL.headers(api, "k")
    assert header[0] not in dict(LOCAL.headers(api, ""))


def test_a_target_without_its_scheme_is_told_with_it() -> None:
    with pytest.raises(UsageError, match=r"did you mean http://localhost:8000/v1\? expected"):
        parse_target("localhost:8000/v1")
