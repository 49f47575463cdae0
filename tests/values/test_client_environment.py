"""What a program's clients are told: the server's address, each in its own words."""

import pytest

from rechat.values.client_environment import DUMMY_KEY
from rechat.values.client_environment import base_url_of
from rechat.values.client_environment import client_environment
from rechat.values.client_environment import need_key

URL = "http://localhost:1234"


def test_each_client_is_told_the_address_as_it_expects_it() -> None:
    told = client_environment(URL, "t", {}, needs_key=True)
    assert {name: value for name, value in told.items() if value.startswith("http")} == {
        "OPENAI_BASE_URL": f"{URL}/v1",
        "OPENAI_API_BASE": f"{URL}/v1",
        "ANTHROPIC_BASE_URL": URL,
        "GOOGLE_GEMINI_BASE_URL": URL,
        "OLLAMA_HOST": URL,
        "RECHAT_URL": URL,
    }
    assert told["RECHAT_TOKEN"] == "t"


def test_a_key_is_made_up_only_where_there_is_none_and_none_is_needed() -> None:
    present = {"OPENAI_API_KEY": "mine", "OPENAI_BASE_URL": "https://example.com"}
    told = client_environment(URL, "t", present, needs_key=False)
    assert "OPENAI_API_KEY" not in told
    assert told["ANTHROPIC_API_KEY"] == told["GEMINI_API_KEY"] == DUMMY_KEY
    assert told["OPENAI_BASE_URL"] == f"{URL}/v1"
    assert "ANTHROPIC_API_KEY" not in client_environment(URL, "t", {}, needs_key=True)
    empty = client_environment(URL, "t", {"OPENAI_API_KEY": ""}, needs_key=False)
    assert empty["OPENAI_API_KEY"] == DUMMY_KEY


def test_a_proxy_is_not_asked_for_addresses_of_this_machine() -> None:
    present = {"https_proxy": "http://proxy:3128", "NO_PROXY": "intern.example, localhost"}
    told = client_environment(URL, "t", present, needs_key=True)
    assert told["NO_PROXY"] == told["no_proxy"] == "intern.example,localhost,127.0.0.1,::1"
    assert "NO_PROXY" not in client_environment(URL, "t", {"https_proxy": ""}, needs_key=True)


def test_clients_of_other_endpoints_than_those_asked_are_left_alone() -> None:
    present = {"OPENAI_BASE_URL": "https://gateway.example/v1", "OLLAMA_HOST": "gateway.example:1"}
    told = client_environment(URL, "t", present, needs_key=True, hosts=["gateway.example"])
    assert told["OPENAI_BASE_URL"] == f"{URL}/v1"
    assert told["OLLAMA_HOST"] == URL
    assert "ANTHROPIC_BASE_URL" not in told
    others = client_environment(URL, "t", present, needs_key=True, hosts=["api.anthropic.com"])
    assert others["ANTHROPIC_BASE_URL"] == URL
    assert "OPENAI_BASE_URL" not in others
    named = client_environment(URL, "t", present, needs_key=True, hosts=["api.openai.com"])
    assert named["OPENAI_BASE_URL"] == f"{URL}/v1"
    all_of_them = client_environment(URL, "t", present, needs_key=True, hosts=["other.example"])
    assert all_of_them["ANTHROPIC_BASE_URL"] == URL


def test_an_address_that_cannot_be_read_names_no_endpoint() -> None:
    present = {"ANTHROPIC_BASE_URL": "http://[oops"}
    told = client_environment(URL, "t", present, needs_key=True, hosts=["api.anthropic.com"])
    assert told["ANTHROPIC_BASE_URL"] == URL


def test_the_address_that_a_program_asks_by_itself_is_known() -> None:
    assert base_url_of({"OPENAI_API_BASE": "http://b/v1"}) == "http://b/v1"
    assert base_url_of({"OPENAI_BASE_URL": "http://a/v1", "OPENAI_API_BASE": "b"}) == "http://a/v1"
    assert not base_url_of({"OPENAI_BASE_URL": ""})


@pytest.mark.parametrize(
    ("upstreams", "expected"),
    [
        ([], True),
        (["https://api.openai.com/v1"], True),
        (["http://localhost:11434/v1:llama3", "http://127.0.0.1:8000"], False),
        (["https://api.groq.com/openai/v1,name=groq,key_env=GROQ_API_KEY"], False),
        (["http://localhost:11434/v1", "https://api.openai.com/v1"], True),
        (["http://localhost.example.com/v1"], True),
        (["http://[oops/v1"], True),
    ],
)
def test_a_key_is_needed_where_an_upstream_is_elsewhere_and_has_none(
    upstreams: list[str], expected: bool
) -> None:
    assert need_key(upstreams) is expected
