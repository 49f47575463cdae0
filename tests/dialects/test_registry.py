"""Which API a request speaks."""

import pytest

from rechat.dialects.registry import DIALECTS
from rechat.dialects.registry import dialect_of


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v1/chat/completions", "openai.chat"),
        ("/openai/deployments/a/chat/completions", "openai.chat"),
        ("/v1/responses", "openai.responses"),
        ("/v1/completions", "openai.completions"),
        ("/v1/embeddings", "openai.embeddings"),
        ("/v1/messages", "anthropic.messages"),
        ("/v1beta/models/gemini-3-pro:generateContent", "google.gemini"),
        ("/api/chat", "ollama.chat"),
        ("/api/generate", "ollama.generate"),
        ("/api/embed", "ollama.embed"),
        ("/v1/audio/transcriptions", "raw"),
    ],
)
def test_a_path_is_read_by_the_first_api_that_claims_it(path: str, name: str) -> None:
    dialect = dialect_of("POST", path)
    assert dialect
    assert dialect.name == name


def test_a_preflight_asks_for_nothing() -> None:
    assert dialect_of("OPTIONS", "/v1/chat/completions") is None


def test_each_api_has_a_name_of_its_own() -> None:
    assert len({dialect.name for dialect in DIALECTS}) == len(DIALECTS)
