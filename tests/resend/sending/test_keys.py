import pytest

from rechat.resend.sending.keys import key_of
from rechat.resend.target import parse_target
from rechat.values.errors import UsageError


def test_a_key_is_read_from_the_named_variable() -> None:
    target = parse_target("http://a:m,key_env=MY_KEY")
    assert key_of(target, {"MY_KEY": " k\n"}) == "k"
    with pytest.raises(UsageError, match="set MY_KEY"):
        key_of(target, {})
    with pytest.raises(UsageError, match="holds no key"):
        key_of(target, {"MY_KEY": "a\r\nb"})
    assert key_of(parse_target("http://a"), {}) == ""
