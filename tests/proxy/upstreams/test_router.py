"""Which endpoint a request goes to."""

from rechat.proxy.upstreams.router import Router
from rechat.proxy.upstreams.table import Ask
from rechat.proxy.upstreams.upstream import parse_upstream


def chosen(router: Router, model: str = "", port: int = 8910) -> str:
    """The host that gets a request, which is over at once."""
    upstream = router.choose(Ask(model, port))
    assert upstream
    router.begin(upstream)
    router.balance.end(upstream)
    return upstream.host


def test_models_go_to_their_upstream_and_the_rest_to_those_without() -> None:
    router = Router([parse_upstream("http://a:1"), parse_upstream("http://b:1:llama3")])
    assert [chosen(router, model) for model in ("llama3", "gpt-5", "")] == ["b", "a", "a"]


def test_equals_take_turns() -> None:
    router = Router(
        [parse_upstream("http://a:1"), parse_upstream("http://b:1"), parse_upstream("http://c:1:m")]
    )
    assert [chosen(router, "x") for _ in range(4)] == ["a", "b", "a", "b"]


def test_the_next_one_is_another_and_one_that_fits() -> None:
    router = Router([parse_upstream(f"http://{spec}") for spec in ("a:1", "b:1", "c:1:m")])
    a, b, _ = router.upstreams
    router.failed(a, router.clock(), "it is gone")
    assert [chosen(router) for _ in range(3)] == ["b", "b", "b"]
    assert router.has_next(Ask(), [b])
    assert router.choose(Ask(), [b]) == a
    assert router.choose(Ask(), [a, b]) is None
    router.answered(a, router.clock(), Ask())
    assert {chosen(router) for _ in range(2)} == {"a", "b"}


def test_the_next_turn_of_a_conversation_goes_where_the_last_one_was() -> None:
    router = Router([parse_upstream("http://a:1"), parse_upstream("http://b:1")])
    first, more = Ask(conversation="talk"), Ask(conversation="talk", continues=True)
    router.answered(router.upstreams[1], router.clock(), first)
    assert [router.choose(more) for _ in range(3)] == [router.upstreams[1]] * 3
    assert {router.choose(first) for _ in range(2)} == {*router.upstreams}, "an equal question"


def test_an_upstream_that_a_request_names_does_not_get_the_key_that_is_for_another() -> None:
    first, other = (
        parse_upstream("https://one.example/v1"),
        parse_upstream("https://two.example/v1"),
    )
    router = Router([first, other])

    assert router.is_home(first, Ask(pin=first.name))
    assert not router.is_home(other, Ask(pin=other.name))
    assert not router.is_home(other, Ask(model="unknown", pin=other.name))
