"""One key for all spellings of a request, another for every other meaning."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from conversations import OTHER_PIXEL
from conversations import PIXEL
from conversations import ask
from conversations import read

from rechat.dialects import dialect_of
from rechat.matching import scheme as scheme_module
from rechat.matching.scheme import Scheme
from rechat.matching.spelling import canonical_message
from rechat.values.conversation import Message
from rechat.values.conversation import Request
from rechat.values.http import HttpRequest

EVERYTHING = Scheme(None)

CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1, "b": 2}'}}
BODY: dict[str, Any] = {
    "model": "gpt-5",
    "temperature": 1,
    "n": 1,
    "tools": [{"type": "function", "function": {"name": "f", "parameters": {"a": 1, "b": 2}}}],
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "one two three"},
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "c1", "content": "result"},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "and this?"},
                {"type": "image_url", "image_url": {"url": PIXEL}},
            ],
        },
    ],
}

type Change = Callable[[dict[str, Any]], object]


def changed(change: Change) -> dict[str, Any]:
    body = copy.deepcopy(BODY)
    change(body)
    return body


def call(body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = body["messages"][2]["tool_calls"][0]["function"]
    return found


SAME: dict[str, Change] = {
    "key order": lambda b: b.update(model=b.pop("model")),
    "1.0 for 1": lambda b: b.update(temperature=1.0),
    "one text part for a text": lambda b: b["messages"][1].update(
        content=[{"type": "text", "text": "one two three"}]
    ),
    "spacing in arguments": lambda b: call(b).update(arguments='{"b":2,"a":1}'),
    "null for absent": lambda b: b.update(top_p=None),
    "absent for null": lambda b: b["messages"][2].pop("content"),
    "empty for null beside calls": lambda b: b["messages"][2].update(content=""),
    "stream": lambda b: b.update(stream=True, stream_options={"include_usage": True}),
    "who asks": lambda b: b.update(user="me", metadata={"a": "b"}, safety_identifier="x"),
    "where it is kept": lambda b: b.update(store=True, service_tier="flex", prompt_cache_key="k"),
    "cache marks of a message": lambda b: b["messages"][4]["content"][0].update(
        cache_control={"type": "ephemeral"}
    ),
    "cache marks of a picture": lambda b: b["messages"][4]["content"][1].update(
        cache_control={"type": "ephemeral"}
    ),
    "cache marks of a whole message": lambda b: b["messages"][1].update(
        cache_control={"type": "ephemeral"}
    ),
    "null deep in a tool": lambda b: b["tools"][0]["function"].update(strict=None),
    "null in a picture": lambda b: b["messages"][4]["content"][1]["image_url"].update(detail=None),
    "number spelling in arguments": lambda b: call(b).update(arguments='{"a": 1.0, "b": 2}'),
    "what an SDK adds to a call": lambda b: b["messages"][2]["tool_calls"][0].update(
        index=0, function=call(b) | {"parsed_arguments": {"a": 1, "b": 2}}
    ),
    "what a provider adds to a call": lambda b: b["messages"][2]["tool_calls"][0].update(
        extra_content={"google": {"thought_signature": "x"}}
    ),
    "the ids of calls": lambda b: (
        b["messages"][2]["tool_calls"][0].update(id="c2"),
        b["messages"][3].update(tool_call_id="c2"),
    ),
    "an id of a result that no call has": lambda b: b["messages"][3].update(tool_call_id="c9"),
    "cache marks of a tool": lambda b: b["tools"][0].update(cache_control={"type": "ephemeral"}),
    "what an SDK sends back with an answer": lambda b: b["messages"][2].update(
        refusal=None, annotations=[], audio=None, function_call=None, reasoning_content="hmm"
    ),
}

OTHER: dict[str, Change] = {
    "system prompt": lambda b: b["messages"][0].update(content="Be verbose."),
    "no system prompt": lambda b: b["messages"].pop(0),
    "one word": lambda b: b["messages"][1].update(content="one two four"),
    "a trailing space": lambda b: b["messages"][1].update(content="one two three "),
    "a line end": lambda b: b["messages"][1].update(content="one two\r\nthree"),
    "a role": lambda b: b["messages"][0].update(role="developer"),
    "a name": lambda b: b["messages"][1].update(name="ada"),
    "history": lambda b: b["messages"].insert(1, {"role": "user", "content": "before"}),
    "temperature": lambda b: b.update(temperature=0.5),
    "n": lambda b: b.update(n=2),
    "model": lambda b: b.update(model="gpt-5-mini"),
    "an extra tool": lambda b: b["tools"].append({"type": "function", "function": {"name": "g"}}),
    "an unknown setting": lambda b: b.update(top_k=3),
    "an argument of a call": lambda b: call(b).update(arguments='{"a": 1, "b": 3}'),
    "the spacing of arguments that are no JSON": lambda b: call(b).update(arguments='{"a": 1,'),
    "a key twice in arguments": lambda b: call(b).update(arguments='{"a": 0, "a": 1, "b": 2}'),
    "the name of a call": lambda b: call(b).update(name="g"),
    "a call more": lambda b: b["messages"][2]["tool_calls"].append(CALL | {"id": "c2"}),
    "null in a schema": lambda b: b["tools"][0]["function"]["parameters"].update(const=None),
    "a result": lambda b: b["messages"][3].update(content="other"),
    "a picture": lambda b: b["messages"][4]["content"][1]["image_url"].update(url=OTHER_PIXEL),
    "the detail of a picture": lambda b: b["messages"][4]["content"][1]["image_url"].update(
        detail="low"
    ),
    "the order of parts": lambda b: b["messages"][4]["content"].reverse(),
    "true for 1": lambda b: b.update(n=True),
}


@pytest.mark.parametrize("case", SAME)
def test_another_spelling_has_the_same_key(case: str) -> None:
    assert EVERYTHING.key(read(changed(SAME[case]))) == EVERYTHING.key(read(BODY))


@pytest.mark.parametrize("case", OTHER)
def test_another_meaning_has_another_key(case: str) -> None:
    assert EVERYTHING.key(read(changed(OTHER[case]))) != EVERYTHING.key(read(BODY))


def test_the_query_counts_where_all_counts() -> None:
    asked, other = ask("Hi", query="api-version=1"), ask("Hi", query="api-version=2")
    assert EVERYTHING.key(asked) != EVERYTHING.key(other)
    assert Scheme(frozenset()).key(asked) == Scheme(frozenset()).key(other)
    listed = Scheme(frozenset(), has_query=True)
    assert listed.key(asked) != listed.key(other)
    assert listed.strength > Scheme(frozenset()).strength


def test_only_listed_settings_count() -> None:
    scheme = Scheme(frozenset({"model"}))
    assert scheme.key(ask("Hi", model="m", n=1)) == scheme.key(ask("Hi", model="m", n=2))
    assert scheme.key(ask("Hi", model="m")) != scheme.key(ask("Hi", model="x"))


def test_without_system_messages_they_do_not_count() -> None:
    scheme = Scheme(frozenset(), has_system=False)
    assert scheme.key(ask("Hi", system="a")) == scheme.key(ask("Hi"))


RULES_AND_IGNORED = [
    Scheme(None, normalise=normalise, ignore=ignore)
    for normalise in ((), ("dates",), ("cwd", "dates"))
    for ignore in ((), ("seed",), ("system",))
]
LISTED = [Scheme(frozenset({"model"})), Scheme(frozenset({"model", "seed"}), has_system=False)]


def test_the_key_under_one_set_of_rules_says_nothing_of_another() -> None:
    def request() -> Request:
        block = "<env>date: 2026-11-23, <cwd>/srv/a</cwd></env>"
        return ask(block, model="m", seed=1, system="Be brief.")

    asked = request()
    for scheme in [*RULES_AND_IGNORED, *LISTED, *RULES_AND_IGNORED]:
        assert scheme.key(asked) == scheme.key(request())
    keys = {scheme.key(asked) for scheme in RULES_AND_IGNORED}
    assert len(keys) == len(RULES_AND_IGNORED)


def test_a_changed_request_has_a_key_of_its_own() -> None:
    asked = ask("Hi", model="m")
    before = EVERYTHING.key(asked)
    other = replace(asked, messages=ask("Ho").messages)
    assert EVERYTHING.key(other) == EVERYTHING.key(ask("Ho", model="m")) != before
    assert EVERYTHING.key(replace(asked, settings={"model": "x"})) != before
    assert asked == replace(asked)


def test_long_texts_count_to_the_letter() -> None:
    long = "word " * 1000
    keys = {EVERYTHING.key(ask(text)) for text in (long, long + "x", long[:-1], "x" + long)}
    assert len(keys) == 4


def test_what_is_ignored_does_not_count() -> None:
    scheme = Scheme(None, ignore=("seed", "response_format.name", "system"))
    one = ask("Hi", system="a", seed=1, response_format={"name": "x", "type": "y"})
    other = ask("Hi", system="b", seed=2, response_format={"name": "z", "type": "y"})
    assert scheme.key(one) == scheme.key(other)
    assert scheme.key(one) != scheme.key(ask("Hi", response_format={"type": "q"}))


def test_a_transcript_for_every_api_is_compared_in_common_words() -> None:
    listed = Scheme(frozenset({"max_tokens"}))
    native = Request({"max_output_tokens": 9}, (), api="openai.responses", common={"max_tokens": 9})
    assert listed.takes(native)
    assert listed.key(native) == listed.key(Request({"max_tokens": 9}, ()))
    assert not Scheme(None, api="openai.chat").takes(native)


def test_a_developer_is_the_system_where_only_what_is_written_counts() -> None:
    asked = [Request({}, (Message(role, "Be brief."),)) for role in ("system", "developer")]
    keys = [
        {scheme.key(request) for request in asked} for scheme in (Scheme(frozenset()), Scheme(None))
    ]
    assert [len(found) for found in keys] == [1, 2]


def test_rules_hold_for_the_descriptions_of_tools() -> None:
    def asked(month: str) -> Request:
        search = {"name": "search", "description": f"The current month is {month}."}
        return ask("Hi", model="m", tools=[search])

    november, december = asked("November 2026"), asked("December 2026")
    dates = Scheme(None, normalise=("dates",))
    assert dates.key(november) == dates.key(december)
    assert EVERYTHING.key(november) != EVERYTHING.key(december)
    for scheme in (dates, EVERYTHING):
        assert scheme.start(december.settings, "", december.messages) == scheme.chain(december)[0]


@pytest.fixture
def spelled(monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """The messages that are spelled."""
    found: list[Message] = []
    spell = canonical_message

    def counted(message: Message, *options: Any) -> bytes:
        found.append(message)
        return spell(message, *options)

    monkeypatch.setattr(scheme_module, "canonical_message", counted)
    return found


def turns(api: str, count: int, story: str) -> Request:
    """A conversation of so many calls and results, as a client sends it in an API."""
    said: list[Any] = [{"role": "user", "content": f"<env><cwd>/srv/{story}</cwd></env>"}]
    for number in range(count):
        name, text = f"call_{number}", f"{story} at /srv/{story}, number {number}"
        given = {"of": f"{story} {number}"}
        if api == "openai.responses":
            call = {"type": "function_call", "name": "f", "arguments": json.dumps(given)}
            said += [
                {
                    "type": "message",
                    "role": "assistant",
                    "id": f"msg_{name}",
                    "content": f"{given}",
                },
                call | {"id": f"fc_{number}", "call_id": name},
                {"type": "function_call_output", "call_id": name, "output": text},
            ]
        elif api == "anthropic.messages":
            use = {"type": "tool_use", "id": name, "name": "f", "input": given}
            result = {"type": "tool_result", "tool_use_id": name, "content": text}
            said += [
                {"role": "assistant", "content": [use]},
                {"role": "user", "content": [result]},
            ]
        else:
            function = {"name": "f", "arguments": json.dumps(given)}
            called = {"id": name, "type": "function", "function": function}
            said += [
                {"role": "assistant", "content": None, "tool_calls": [called]},
                {"role": "tool", "tool_call_id": name, "content": text},
            ]
    path, field = {
        "openai.chat": ("/v1/chat/completions", "messages"),
        "openai.responses": ("/v1/responses", "input"),
        "anthropic.messages": ("/v1/messages", "messages"),
    }[api]
    dialect = dialect_of("POST", path)
    assert dialect
    asked = {"model": "m", "tools": [{"name": "f"}], field: said}
    return dialect.read_request(HttpRequest("POST", path, "", (), json.dumps(asked).encode()))


@pytest.mark.parametrize("api", ["openai.chat", "openai.responses", "anthropic.messages"])
@pytest.mark.parametrize("rules", [(), ("cwd", "dates")])
def test_the_next_turn_spells_only_what_is_new(
    api: str, rules: tuple[str, ...], spelled: list[Message]
) -> None:
    scheme = Scheme(None, api=api, normalise=rules)
    scheme.key(turns(api, 30, f"{api}{len(rules)}"))
    assert len(spelled) == 61
    spelled.clear()
    scheme.key(turns(api, 31, f"{api}{len(rules)}"))
    assert [message.role for message in spelled] == ["assistant", "tool"]


def test_rules_that_find_nothing_in_a_message_share_its_spelling(spelled: list[Message]) -> None:
    asked = ask("What only this test says", system="Today's date: 2026-11-23")
    for rules in ((), ("dates",), ("dates", "cwd"), ("uuids",)):
        Scheme(None, normalise=rules).key(asked)
    assert [message.role for message in spelled].count("user") == 1


def test_another_folder_is_another_spelling_of_the_same_message() -> None:
    scheme = Scheme(None, normalise=("cwd",))
    text = "look at /srv/one/x and /srv/two/x"
    keys = set()
    for folder in ("one", "two", "one"):
        said = [{"role": "user", "content": f"<cwd>/srv/{folder}</cwd>"}]
        said += [{"role": "assistant", "content": text}, {"role": "user", "content": "go on"}]
        body = json.dumps({"model": "m", "messages": said}).encode()
        dialect = dialect_of("POST", "/v1/chat/completions")
        assert dialect
        asked = dialect.read_request(HttpRequest("POST", "/v1/chat/completions", "", (), body))
        keys.add(scheme.key(asked))
        assert scheme.key(asked) == scheme.key(Request(asked.settings, asked.messages))
    assert len(keys) == 2


def test_an_update_that_says_the_settings_that_hold_again_does_not_count() -> None:
    def key(*efforts: str) -> bytes:
        user = {"role": "user", "content": "Hi"}
        updates = [{"type": "configuration_update", "reasoning": {"effort": it}} for it in efforts]
        body = {"reasoning": {"effort": "low"}, "input": [user, *updates]}
        request = HttpRequest("POST", "/v1/responses", "", (), json.dumps(body).encode())
        dialect = dialect_of("POST", "/v1/responses")
        assert dialect
        return Scheme(None).key(dialect.read_request(request))

    assert key() == key("low") == key("low", "low")
    assert key("high") == key("high", "high") == key("low", "high")
    assert len({key(), key("high"), key("high", "low"), key("medium")}) == 4
