"""Conversations that the server keeps, read as whole ones."""

from rechat.answering.chained import Chains
from rechat.answering.chained import Told
from rechat.dialects import dialect_of
from rechat.format import reader
from rechat.index.index import Index
from rechat.values.conversation import Answer
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Message
from rechat.values.conversation import Request

API = "openai.responses"
HI, HO, MORE = Message("user", "Hi"), Message("assistant", "Ho"), Message("user", "More")
BRIEF, LONG = Message("system", "Be brief."), Message("system", "Be long.")
RECORDED = """---
rechat: {api: openai.responses, match: exact}
---

### user

> Hi

### assistant

> Ho

```yaml
id: resp_1
```
"""


def asked(*messages: Message, follows: str | None = "") -> Request:
    settings = {"previous_response_id": follows} if follows else {}
    return Request(settings, messages, api=API, follows=follows)


def said(message: Message, name: str) -> Answer:
    return Answer((Choice(message),), {"id": name})


def test_an_answer_of_this_process_is_gone_on_from() -> None:
    chains = Chains(Index())
    chains.remember(asked(HI), said(HO, "resp_1"))
    assert chains.whole(asked(MORE, follows="resp_1")) == Request(
        {}, (HI, HO, MORE), api=API, follows="resp_1"
    )


def test_a_recorded_answer_is_gone_on_from() -> None:
    index = Index()
    index.put("a.md", reader.parse(RECORDED))
    chains = Chains(index)
    assert chains.whole(asked(MORE, follows="resp_1")).messages[0] == HI
    index.drop("a.md")
    assert chains.whole(asked(MORE, follows="resp_1")).messages == (MORE,)


def test_what_is_not_known_counts_by_its_id() -> None:
    request = asked(MORE, follows="resp_9")
    assert Chains(Index()).whole(request) == request


def test_a_conversation_grows_under_its_own_id() -> None:
    chains = Chains(Index())
    for number, message in enumerate((HI, MORE)):
        request = Request({"conversation": "conv_1"}, (message,), api=API, follows="conv_1")
        chains.remember(chains.whole(request), said(HO, f"resp_{number}"))
    assert chains.whole(asked(HI, follows="conv_1")).messages == (HI, HO, MORE, HO, HI)


def test_from_one_answer_a_client_may_go_on_twice() -> None:
    chains = Chains(Index())
    chains.remember(asked(HI), said(HO, "resp_1"))
    for _ in range(2):
        whole = chains.whole(asked(MORE, follows="resp_1"))
        assert whole.messages == (HI, HO, MORE)
        chains.remember(whole, said(HO, "resp_2"))


def test_instructions_replace_those_before() -> None:
    chains = Chains(Index())
    chains.remember(asked(BRIEF, HI), said(HO, "resp_1"))
    chains.remember(asked(HI), said(HO, "resp_2"))
    for follows, new, whole in (
        ("resp_1", (LONG, MORE), (LONG, HI, HO, MORE)),
        ("resp_1", (MORE,), (BRIEF, HI, HO, MORE)),
        ("resp_2", (LONG, MORE), (LONG, HI, HO, MORE)),
    ):
        assert chains.whole(asked(*new, follows=follows)).messages == whole


def test_other_apis_and_errors_leave_no_trace() -> None:
    chains = Chains(Index())
    chains.remember(asked(HI, follows=None), said(HO, "1"))
    chains.remember(asked(HI), ErrorAnswer(400))
    request = asked(MORE, follows="1")
    assert chains.whole(request) == request
    assert chains.whole(asked(HI, follows=None)) == asked(HI, follows=None)


def test_the_version_changes_when_an_id_means_something_else() -> None:
    chains = Chains(Index())
    answer = said(Message("assistant", "Ho"), "r1")
    chains.remember(asked(Message("user", "Hi")), answer)
    chains.remember(asked(Message("user", "Hi")), answer)
    chains.whole(asked(Message("user", "More"), follows="r1"))
    assert chains.version == 0
    chains.remember(asked(Message("user", "Hello")), answer)
    assert chains.version == 1


def test_the_version_changes_when_an_id_that_was_asked_for_becomes_known() -> None:
    chains = Chains(Index())
    chains.whole(asked(Message("user", "More"), follows="r1"))
    chains.remember(asked(Message("user", "Hi")), said(Message("assistant", "Ho"), "r1"))
    assert chains.version == 1


def test_the_version_changes_when_ids_are_forgotten() -> None:
    chains = Chains(Index())
    for number in range(10_001):
        answer = said(Message("assistant", "Ho"), f"r{number}")
        chains.remember(asked(Message("user", "Hi")), answer)
    assert chains.version == 1
    last = chains.whole(asked(Message("user", "More"), follows="r10000"))
    assert len(last.messages) == 3


CHAT = dialect_of("POST", "/v1/chat/completions")
GREETING = Request({"model": "m"}, (Message("user", "Hi"),))


def greeting(name: str | None) -> Answer:
    return Answer((Choice(Message("assistant", "Hello")),), {"id": name} if name else {})


def told(known: Told, of: Answer, request: Request = GREETING) -> object:
    assert CHAT
    return known.read(of, CHAT.write_answer(of, request), CHAT, request)


def test_a_recorded_answer_is_read_once_for_each_shape() -> None:
    known, recorded = Told(), greeting("chatcmpl-1")
    streamed = Request(GREETING.settings, GREETING.messages, stream=True)
    first = told(known, recorded)
    assert told(known, recorded) is first
    assert told(known, recorded, streamed) is not first


def test_an_equal_answer_at_another_place_is_another() -> None:
    known = Told()
    one, other = greeting("chatcmpl-1"), greeting("chatcmpl-1")
    assert told(known, one) is not told(known, other)


def test_an_answer_written_by_hand_is_read_each_time_with_the_id_it_was_given() -> None:
    known, written = Told(), greeting(None)
    first = told(known, written)
    assert isinstance(first, Answer)
    assert first.fields["id"]
    assert told(known, written) is not first


def test_answers_are_forgotten_before_there_are_too_many() -> None:
    known = Told()
    answers = [greeting(f"chatcmpl-{number}") for number in range(65)]
    first = told(known, answers[0])
    for one in answers[1:]:
        told(known, one)
    assert told(known, answers[0]) is not first
