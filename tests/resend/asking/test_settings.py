import pytest

from rechat.resend.asking.settings import SPOKEN
from rechat.resend.asking.settings import settings_in
from rechat.resend.questions.question import BY_NAME
from rechat.resend.target import Target
from rechat.values.conversation import Message
from rechat.values.conversation import Request
from rechat.values.http import HttpRequest
from rechat.values.jsontext import JsonObject

TOOL: JsonObject = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}
# Responses is told that arguments need not follow the schema: there it is the other way round.
LOOSE: JsonObject = {"type": "function", "function": {**TOOL["function"], "strict": False}}
COMMON: JsonObject = {
    "model": "m",
    "temperature": 0.5,
    "top_p": 0.9,
    "max_tokens": 100,
    "tools": [TOOL],
    "tool_choice": {"type": "function", "function": {"name": "get_weather"}},
}


@pytest.mark.parametrize("api", sorted(SPOKEN))
def test_settings_come_back_in_the_common_words(api: str) -> None:
    """Each dialect reads its own settings back into those of Chat Completions."""
    settings, unsaid = settings_in(api, COMMON)
    dialect = BY_NAME[api]
    request = Request(settings | {"model": "m"}, (Message("user", "Hi"),), api=api)
    path = Target("http", "a", 80).path_for(api, "m")[0]
    read = dialect.read_request(HttpRequest("POST", path, body=dialect.write_request(request)))
    common = read.settings if read.common is None else read.common
    lost = {"tool_choice"} if api == "ollama.chat" else set()
    assert {*unsaid} == lost
    expected = COMMON | ({"tools": [LOOSE]} if api == "openai.responses" else {})
    assert {name: common.get(name) for name in COMMON if name not in lost} == {
        name: value for name, value in expected.items() if name not in lost
    }


@pytest.mark.parametrize(
    ("api", "common", "told"),
    [
        ("openai.responses", {"stop": ["x"], "seed": 1}, ["stop", "seed"]),
        ("anthropic.messages", {"n": 2, "temperature": 1.5}, ["n", "a temperature above 1"]),
        ("openai.chat", {"tools": [{"type": "web_search"}]}, ["the tool web_search"]),
        ("google.gemini", {"logit_bias": {"1": 2}}, ["logit_bias"]),
        ("ollama.chat", {"user": "me", "metadata": {"a": "b"}, "store": True}, []),
    ],
)
def test_what_has_no_word_there_is_named(api: str, common: JsonObject, told: list[str]) -> None:
    assert settings_in(api, common)[1] == told


@pytest.mark.parametrize("api", sorted(SPOKEN))
def test_a_wanted_schema_is_wanted_there_too(api: str) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    wanted = {"type": "json_schema", "json_schema": {"name": "n", "schema": schema}}
    settings, unsaid = settings_in(api, {"response_format": wanted})
    assert not unsaid
    assert str(schema) in str(settings)


def test_anthropic_is_always_told_a_limit() -> None:
    assert settings_in("anthropic.messages", {})[0] == {"max_tokens": 4096}


def test_a_schema_has_a_name_where_it_must_have_one() -> None:
    wanted = {"type": "json_schema", "json_schema": {"schema": {"type": "object"}}}
    settings, _ = settings_in("openai.chat", {"response_format": wanted})
    assert settings["response_format"]["json_schema"]["name"] == "answer"


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        (None, {"type": "auto", "disable_parallel_tool_use": True}),
        ("required", {"type": "any", "disable_parallel_tool_use": True}),
        ("none", {"type": "none"}),
    ],
)
def test_calls_one_at_a_time_are_so_in_anthropic(choice: str | None, told: JsonObject) -> None:
    common = {"tools": [TOOL], "tool_choice": choice, "parallel_tool_calls": False}
    settings, unsaid = settings_in("anthropic.messages", common)
    assert (settings["tool_choice"], unsaid) == (told, [])


@pytest.mark.parametrize("api", ["google.gemini", "ollama.chat"])
def test_calls_one_at_a_time_are_named_where_there_is_no_word_for_them(api: str) -> None:
    assert settings_in(api, {"tools": [TOOL], "parallel_tool_calls": False})[1] == [
        "parallel_tool_calls"
    ]
    assert settings_in(api, {"tools": [TOOL], "parallel_tool_calls": True})[1] == []


@pytest.mark.parametrize("api", ["anthropic.messages", "google.gemini"])
def test_an_unknown_choice_of_a_tool_is_named_and_not_guessed(api: str) -> None:
    settings, unsaid = settings_in(api, {"tools": [TOOL], "tool_choice": {"type": "odd"}})
    assert unsaid == ["tool_choice"]
    assert not {"tool_choice", "toolConfig"} & settings.keys()
