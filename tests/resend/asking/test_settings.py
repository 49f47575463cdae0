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
    assert {name: common.get(name) for name in COMMON if name not in lost} == {
        name: value for name, value in COMMON.items() if name not in lost
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


@pytest.mark.parametrize("api", ["openai.responses", "google.gemini", "ollama.chat"])
def test_a_wanted_schema_is_wanted_there_too(api: str) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    wanted = {"type": "json_schema", "json_schema": {"name": "n", "schema": schema}}
    settings, unsaid = settings_in(api, {"response_format": wanted})
    assert not unsaid
    assert str(schema) in str(settings)


def test_anthropic_is_always_told_a_limit() -> None:
    assert settings_in("anthropic.messages", {})[0] == {"max_tokens": 4096}
