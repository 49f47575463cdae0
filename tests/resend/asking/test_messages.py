from itertools import permutations

import pytest

from rechat.resend.asking.messages import messages_in
from rechat.resend.asking.settings import SPOKEN
from rechat.resend.questions.question import BY_NAME
from rechat.resend.target import Target
from rechat.values.conversation import Call
from rechat.values.conversation import Media
from rechat.values.conversation import Message
from rechat.values.conversation import Opaque
from rechat.values.conversation import Reasoning
from rechat.values.conversation import Request
from rechat.values.conversation import Text
from rechat.values.http import HttpRequest

PICTURE = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"
TALK = (
    Message("system", "Be brief."),
    Message("user", None, (Text("What is this?"), Media("image", PICTURE))),
    Message("assistant", None, (Call("look", "call_1", '{"at": "it"}'),)),
    Message("tool", "A dot.", (), {"tool_call_id": "call_1"}),
    Message("user", "Thanks."),
)


def as_read(api: str, messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """The messages as a server of the API reads them."""
    dialect = BY_NAME[api]
    settings = {"model": "m", "max_tokens": 9}
    body = dialect.write_request(Request(settings, messages, api=api))
    path = Target("http", "a", 80).path_for(api, "m")[0]
    return dialect.read_request(HttpRequest("POST", path, body=body)).messages


def told(messages: tuple[Message, ...]) -> list[tuple[str, str, list[str], list[str]]]:
    """What conversations of all APIs have in common."""
    return [
        (
            message.role,
            message.text,
            [f"{call.name} {call.arguments.replace(' ', '')}" for call in message.parts_of(Call)],
            [media.url for media in message.parts_of(Media)],
        )
        for message in messages
    ]


@pytest.mark.parametrize(("old", "new"), [*permutations(sorted(SPOKEN), 2)])
def test_words_calls_results_pictures_and_the_system_prompt_arrive(old: str, new: str) -> None:
    recorded = as_read(old, messages_in(old, TALK)[0])
    messages, unsaid = messages_in(new, recorded)
    assert told(as_read(new, messages)) == told(TALK)
    assert unsaid == []


def test_a_result_without_an_id_belongs_to_the_first_open_call_of_its_name() -> None:
    talk = (
        Message("assistant", None, (Call("a", "", "{}"), Call("b", "", "{}"), Call("a", "", "{}"))),
        Message("tool", "1", (), {"name": "b"}),
        Message("tool", "2", (), {"name": "a"}),
        Message("tool", "3", (), {"name": "a"}),
    )
    messages, _ = messages_in("openai.chat", talk)
    ids = [call.id for call in messages[0].parts_of(Call)]
    named = [message.fields["tool_call_id"] for message in messages[1:]]
    assert len({*ids}) == 3
    assert named == [ids[1], ids[0], ids[2]]


def test_what_only_the_old_api_can_say_is_named() -> None:
    talk = (
        Message(
            "user",
            None,
            (Opaque({"type": "search_result"}), Media("audio", "data:audio/wav;base64,AAAA")),
        ),
        Message("assistant", "Hi", (Reasoning("Hm", "thinking", {"signature": "x"}),)),
        Message("system", "Late."),
        Message("user", "Go on.", (), {"odd": 1}),
    )
    messages, unsaid = messages_in("anthropic.messages", talk)
    assert [message.role for message in messages] == ["system", "assistant", "user"]
    assert unsaid == [
        "a search_result, which only its own API has",
        "an audio",
        "thoughts, which only the API that signed them takes back",
        "the field odd of a message",
        "the place of a system message, which is told at the beginning",
    ]


def test_a_custom_call_is_a_call_with_its_input_elsewhere() -> None:
    talk = (Message("assistant", None, (Call("run", "c", "ls", "custom"),)),)
    (message,), _ = messages_in("anthropic.messages", talk)
    assert message.parts == (Call("run", "c", '{"input":"ls"}'),)


FAILED = Message("tool", "no such city", (), {"tool_call_id": "c", "is_error": True})


def test_a_result_that_tells_an_error_tells_it_where_the_api_has_a_word_for_it() -> None:
    talk = (Message("assistant", None, (Call("run", "c", "{}"),)), FAILED)
    messages, unsaid = messages_in("google.gemini", talk)
    assert (messages[1].text, unsaid) == ('{"error":"no such city"}', [])
    body = BY_NAME["google.gemini"].write_request(Request({}, messages, api="google.gemini"))
    assert b'"response":{"error":"no such city"}' in body


@pytest.mark.parametrize("api", ["openai.chat", "openai.responses", "ollama.chat"])
def test_a_result_that_tells_an_error_is_named_where_there_is_no_word_for_it(api: str) -> None:
    talk = (Message("assistant", None, (Call("run", "c", "{}"),)), FAILED)
    messages, unsaid = messages_in(api, talk)
    assert messages[1].text == "no such city"
    assert unsaid == ["that the result of a tool is an error"]
