import pytest
from asking import CAPITAL
from asking import questions

from rechat.resend.asking.question import Asked
from rechat.resend.asking.question import ask_in
from rechat.resend.asking.variation import marked
from rechat.resend.target import parse_target
from rechat.values.conversation import Media
from rechat.values.conversation import Message
from rechat.values.conversation import Text


def asked(text: str = CAPITAL) -> Asked:
    """The first question of a transcript, for a target."""
    found = ask_in(questions(text)[0], parse_target("http://a:m"))
    assert isinstance(found, Asked)
    return found


SYSTEM = CAPITAL.replace("### user", "### user\n\n> Hi\n\n### system\n\n> Be brief.\n\n### user", 1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (CAPITAL, ["[x]\n\nWhat is the capital of France?"]),
        (SYSTEM, ["Hi", "[x]\n\nBe brief.", "What is the capital of France?"]),
    ],
)
def test_the_mark_stands_before_what_a_cache_compares_first(text: str, told: list[str]) -> None:
    assert [one.text for one in marked(asked(text), "x").request.messages] == told


def test_a_message_that_begins_with_a_picture_gets_a_part_more() -> None:
    picture = Media("image", "data:image/png;base64,AAAA")
    first = asked()
    object.__setattr__(first.request, "messages", (Message("user", None, (picture,)),))
    (message,) = marked(first, "x").request.messages
    assert message.parts == (Text("[x]\n\n"), picture)
