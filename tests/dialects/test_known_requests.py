"""Requests that are known but for their ids are read as if they were not."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from rechat.dialects import Dialect
from rechat.dialects import KnownRequests
from rechat.dialects import dialect_of
from rechat.dialects import known_requests
from rechat.matching import Scheme
from rechat.matching import meaningful
from rechat.values import BodyError
from rechat.values import HttpRequest
from rechat.values import Request

LONG = "word " * 4000
EXACT = Scheme(None)
PATHS = {
    "openai.chat": "/v1/chat/completions",
    "openai.responses": "/v1/responses",
    "anthropic.messages": "/v1/messages",
}


def chat(*ids: str, **notes: Any) -> dict[str, Any]:
    """A conversation with two calls and their results; a third id is that of the second result."""
    first, second, third = (*ids, ids[-1])[:3]
    calls = [
        {"id": name, "type": "function", "function": {"name": "look", "arguments": "{}"}}
        for name in (first, second)
    ]
    return {
        "model": "gpt-5",
        "messages": [
            {"role": "system", "content": LONG},
            {"role": "user", "content": "Look twice."},
            {"role": "assistant", "content": None, "tool_calls": calls},
            {"role": "tool", "tool_call_id": first, "content": "a cat"},
            {"role": "tool", "tool_call_id": third, "content": "a dog"},
        ],
        **notes,
    }


def responses(first: str, second: str) -> dict[str, Any]:
    """The same for the Responses API, whose items have ids too."""
    call = {"type": "function_call", "name": "look", "arguments": "{}"}
    return {
        "model": "gpt-5",
        "instructions": LONG,
        "input": [
            {"role": "user", "content": "Look twice."},
            call | {"id": f"fc_{first}", "call_id": first},
            call | {"id": f"fc_{second}", "call_id": second},
            {"type": "function_call_output", "call_id": second, "output": "a dog"},
            {"type": "function_call_output", "call_id": first, "output": "a cat"},
        ],
    }


def anthropic(first: str, second: str) -> dict[str, Any]:
    """The same for Anthropic's."""
    use = {"type": "tool_use", "name": "look", "input": {}}
    result = {"type": "tool_result", "content": "a cat"}
    return {
        "model": "claude",
        "max_tokens": 9,
        "system": [{"type": "text", "text": LONG, "cache_control": {"type": "ephemeral"}}],
        "messages": [
            {"role": "user", "content": "Look twice."},
            {"role": "assistant", "content": [use | {"id": first}, use | {"id": second}]},
            {
                "role": "user",
                "content": [result | {"tool_use_id": first}, result | {"tool_use_id": second}],
            },
        ],
        "metadata": {"user_id": f"session-of-{first}"},
    }


BODIES = {"openai.chat": chat, "openai.responses": responses, "anthropic.messages": anthropic}


def asked(api: str, body: Any) -> tuple[Dialect, HttpRequest]:
    dialect = dialect_of("POST", PATHS[api])
    assert dialect
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return dialect, HttpRequest("POST", PATHS[api], "", (), content)


def read(known: KnownRequests, body: Any, api: str = "openai.chat") -> Request:
    """What is read of a body, which is what the dialect reads of it."""
    dialect, http = asked(api, body)
    found = known.read(dialect, http)
    assert found == dialect.read_request(http)
    assert EXACT.key(found) == EXACT.key(dialect.read_request(http))
    return found


@pytest.fixture
def known() -> KnownRequests:
    return KnownRequests()


@pytest.mark.parametrize("api", PATHS)
def test_the_third_run_shares_the_keys_of_the_second(known: KnownRequests, api: str) -> None:
    found = [
        read(known, BODIES[api](f"call_{run}a", f"call_{run}b"), api)
        for run in ("x", "y", "z", "z")
    ]

    assert found[2]._known is found[3]._known
    assert found[1] != found[2]
    assert len({EXACT.key(request) for request in found}) == 1


def test_what_was_asked_once_is_not_read_twice(known: KnownRequests) -> None:
    dialect, http = asked("openai.chat", chat("a", "b"))

    class Counting:
        name = dialect.name
        count = 0

        def read_request(self, request: HttpRequest) -> Request:
            self.count += 1
            return dialect.read_request(request)

    counting = Counting()
    for expected in (1, 3, 3, 3):
        known.read(counting, http)  # type: ignore[arg-type]  # no more of a dialect is used
        assert counting.count == expected


def test_no_note_is_compared() -> None:
    assert not meaningful(dict.fromkeys(known_requests._NOTES, "x"))


def test_a_result_of_another_call_is_another_request(known: KnownRequests) -> None:
    same = [read(known, chat(f"a{run}", f"b{run}")) for run in range(3)]
    other = [read(known, chat(f"a{run}", f"b{run}", f"a{run}")) for run in range(3)]

    assert EXACT.key(same[-1]) != EXACT.key(other[-1])


def test_an_id_that_counts_counts_each_time(known: KnownRequests) -> None:
    def body(name: str) -> dict[str, Any]:
        return chat("a", "b") | {"tools": [{"type": "mcp", "id": name}]}

    keys = {EXACT.key(read(known, body(f"server-{run}"))) for run in range(4)}

    assert len(keys) == 4


@pytest.mark.parametrize("note", ["metadata", "prompt_cache_key", "user", "client_metadata"])
def test_a_note_is_that_of_the_request(known: KnownRequests, note: str) -> None:
    notes = [{"session": f"of-{run}"} if "metadata" in note else f"of-{run}" for run in range(4)]
    found = [read(known, chat("a", "b", **{note: value})) for value in notes]

    assert [request.settings[note] for request in found] == notes


def test_credentials_are_replaced_in_ids_and_notes(known: KnownRequests) -> None:
    for run in range(3):
        read(known, chat(f"a{run}", "b", user="me"))
    secret = "sk-proj-" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7" * 2
    found = read(known, chat("a", "b", user=f"me {secret}"))
    other = read(known, chat(secret, "b", user="me"))

    assert secret not in repr((found, other))


@pytest.mark.parametrize(
    "body",
    [
        b"[" + b"1," * 9000 + b"1]",
        b"{" + b" " * 20_000,
        b'{"a":' * 9000,
        b'{"user":nul' + LONG.encode(),
    ],
    ids=["a list", "not closed", "nested", "a broken note"],
)
def test_what_is_no_request_is_told_each_time(known: KnownRequests, body: bytes) -> None:
    dialect, http = asked("openai.chat", body)
    for _ in range(3):
        with pytest.raises(BodyError):
            known.read(dialect, http)


def test_no_more_is_kept_than_there_is_room_for(
    known: KnownRequests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_requests, "_ROOM", 100_000)
    for number in range(20):
        for _ in range(2):
            read(known, chat("a", "b", seed=number))

        assert sum(len(name[-1]) for name in known._kept) <= 100_000


IDS = st.sampled_from(["a", "b", "call_0_of_rechat", "call_1_of_rechat", "", "é", 'x"y', "id", 7])
VALUES = st.recursive(
    IDS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "call_id", "user", "type", "text"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@settings(max_examples=30)
@given(st.lists(st.tuples(IDS, IDS, VALUES), min_size=1, max_size=6))
def test_whatever_is_asked_is_read_as_if_nothing_was_known(
    runs: list[tuple[Any, Any, Any]],
) -> None:
    known = KnownRequests()
    dialect = dialect_of("POST", PATHS["openai.chat"])
    assert dialect
    for first, second, value in [*runs, *runs, *runs]:
        body = chat(first, second)
        body["messages"].append({"role": "user", "content": [{"type": "text", "id": value}]})
        body["extra"] = value
        http = HttpRequest("POST", PATHS["openai.chat"], "", (), json.dumps(body).encode())
        found = known.read(dialect, http)

        assert found == dialect.read_request(http)
        assert EXACT.key(found) == EXACT.key(dialect.read_request(http))
