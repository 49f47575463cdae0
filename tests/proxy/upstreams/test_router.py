"""Which endpoint a request goes to."""

from rechat.proxy.upstreams.router import Router
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
