"""Which endpoint a request goes to."""

from rechat.proxy.upstreams.router import Router
from rechat.proxy.upstreams.router import is_model_api
from rechat.proxy.upstreams.upstream import parse_upstream


def test_models_go_to_their_upstream_and_the_rest_to_those_without() -> None:
    router = Router([parse_upstream("http://a:1"), parse_upstream("http://b:1:llama3")])
    assert [router.choose(model, 8910).host for model in ("llama3", "gpt-5", "")] == ["b", "a", "a"]


def test_equals_take_turns() -> None:
    router = Router(
        [parse_upstream("http://a:1"), parse_upstream("http://b:1"), parse_upstream("http://c:1:m")]
    )
    assert [router.choose("x", 8910).host for _ in range(4)] == ["a", "b", "a", "b"]


def test_a_local_port_belongs_to_its_upstream() -> None:
    router = Router([parse_upstream("http://a:1"), parse_upstream("http://b:1:9000")])
    assert [router.choose("x", port).host for port in (9000, 8910, 9000)] == ["b", "a", "b"]


def test_an_upstream_only_for_a_model_still_takes_what_nobody_else_does() -> None:
    assert Router([parse_upstream("http://a:1:m")]).choose("other", 8910).host == "a"


def test_the_upstreams_of_one_model_take_turns_and_no_other_gets_it() -> None:
    router = Router(
        [
            parse_upstream("http://a:1:m"),
            parse_upstream("http://b:1:m"),
            parse_upstream("http://c:1"),
        ]
    )
    assert [router.choose("m", 8910).host for _ in range(3)] == ["a", "b", "a"]
    assert [router.choose("x", 8910).host for _ in range(2)] == ["c", "c"]


def test_a_local_port_is_stronger_than_a_model() -> None:
    router = Router([parse_upstream("http://a:1:9000"), parse_upstream("http://b:1:m")])
    assert router.choose("m", 9000).host == "a"


def test_an_upstream_is_known_by_host_and_port() -> None:
    router = Router([parse_upstream("http://Localhost:81/v1")])
    assert router.knows("localhost", 81)
    assert router.knows("127.0.0.1", 81)
    assert router.knows("::1", 81)
    assert not router.knows("localhost", 82)
    assert not router.knows("127.0.0.2", 81)
    assert not router.knows("localhost.example.com", 81)


def test_an_address_may_be_known_without_being_chosen() -> None:
    router = Router([parse_upstream("http://a:81/v1")])
    router.know("B", 82)
    assert router.knows("b", 82)
    assert router.choose("", 8910).host == "a"


def test_what_is_no_upstream_and_no_public_api_is_for_others() -> None:
    router = Router([parse_upstream("http://a:81/v1")])
    assert router.takes("a", 81)
    assert router.takes("api.anthropic.com", 443)
    assert not router.takes("api.anthropic.com", 8443)
    assert not router.takes("a", 80)


def test_a_public_api_is_one_on_the_port_of_https_only() -> None:
    assert is_model_api("API.openai.com", 443)
    assert not is_model_api("api.openai.com", 80)
    assert not is_model_api("evil.api.openai.com", 443)


def test_offline_nothing_is_passed_on() -> None:
    assert Router([parse_upstream("http://a:81/v1")]).passes("b", 81)
    assert not Router([parse_upstream("http://a:81/v1")]).passes("a", 81)
    assert not Router([]).passes("b", 81)
