"""Which upstreams fit a request."""

import pytest

from rechat.proxy.upstreams.table import Ask
from rechat.proxy.upstreams.table import Table
from rechat.proxy.upstreams.upstream import parse_upstream


def hosts(table: Table, **ask: object) -> str:
    """The hosts of the upstreams that fit, one letter each."""
    return "".join(one.host for one in table.fitting(Ask(**ask)))  # type: ignore[arg-type]


def table(*specs: str) -> Table:
    return Table([parse_upstream(f"http://{spec}") for spec in specs])


def test_the_name_counts_more_than_a_pattern_and_that_more_than_none() -> None:
    some = table("a:1", "b:1:gpt-*", "c:1:gpt-5", "d:1:gpt-5*", "e:1:gpt-5")
    assert hosts(some, model="gpt-5") == "ce"
    assert hosts(some, model="gpt-5-mini") == "d"
    assert hosts(some, model="gpt-4") == "b"
    assert hosts(some, model="o3") == "a"
    assert hosts(some) == "a"


@pytest.mark.parametrize(
    ("pattern", "model", "fits"),
    [
        ("*", "anything", True),
        ("gpt-*", "gpt-", True),
        ("*-mini", "o4-mini", True),
        ("a*b*c", "axxbyyc", True),
        ("a*bb*b", "abb", False),
        ("a*a", "a", False),
        ("gpt-?", "gpt-5", False),
        ("[a-z]*", "b", False),
    ],
)
def test_a_star_is_any_text(pattern: str, model: str, fits: bool) -> None:
    assert bool(hosts(table(f"a:1:{pattern}"), model=model)) is fits


def test_one_upstream_may_have_several_patterns() -> None:
    some = table("a:1:gpt-*,o3,o4-*", "b:1")
    assert [hosts(some, model=model) for model in ("o3", "o4-mini", "gpt-5", "o1")] == list("aaab")


def test_a_model_that_nobody_is_for_has_no_upstream() -> None:
    some = table("a:1:gpt-*", "b:1:llama3,qwen")
    ask = Ask("claude")
    assert some.fitting(ask) == ()
    problem = some.problem(ask)
    assert "no upstream is for the model 'claude'" in problem
    assert problem.endswith("the known ones are gpt-*, llama3, qwen")
    assert hosts(some) == "ab", "a request without a model is not for a model"


def test_a_local_port_belongs_to_its_upstream() -> None:
    some = table("a:1", "b:1:9000", "c:1:9000:gpt-5")
    assert hosts(some, model="x", local_port=9000) == "b"
    assert hosts(some, model="gpt-5", local_port=9000) == "c"
    assert hosts(some, model="gpt-5", local_port=8910) == "a"
    assert hosts(table("a:1:9000"), model="x", local_port=8910) == "a"


def test_a_prefix_of_the_path_belongs_to_its_upstream() -> None:
    some = table("a:1", "b:1,prefix=groq", "c:1:gpt-5,prefix=groq")
    assert hosts(some, model="x", path="/groq/v1/chat/completions") == "b"
    assert hosts(some, model="gpt-5", path="/groq/v1/chat/completions") == "c"
    assert hosts(some, model="gpt-5", path="/v1/chat/completions") == "a"
    assert hosts(some, model="x", path="/groq") == "a"
    assert some.path("/groq/v1/models?x=/groq/") == "/v1/models?x=/groq/"
    assert some.path("/v1/groq/models") == "/v1/groq/models"


def test_a_name_or_a_url_asks_for_one_upstream() -> None:
    some = table("a:1:gpt-5", "b:1/x,name=fast", "c:1:9000")
    for pin, host in (
        ("fast", "b"),
        ("http://b:1/x", "b"),
        ("http://b:1", "b"),
        ("http://c:1", "c"),
    ):
        assert hosts(some, model="gpt-5", pin=pin) == host
    assert hosts(some, pin="slow") == ""
    assert some.problem(Ask(pin="slow")) == (
        "there is no upstream 'slow'; the known ones are http://a:1, fast, http://c:1"
    )


def test_each_upstream_has_a_name_of_its_own_and_the_same_one_twice_is_one() -> None:
    some = table("a:1", "a:1/x", "a:1", "a:1:m", "a:1*2", "a:1*3")
    names = [one.name for one in some.upstreams]
    assert names == ["http://a:1", "http://a:1/x", "http://a:1:m", "http://a:1:", "http://a:1#2"]
