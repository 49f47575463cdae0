"""The wire APIs that are understood, and which of them a request speaks."""

from rechat.dialects.base import Dialect
from rechat.dialects.chat import Chat
from rechat.dialects.completions import Completions
from rechat.dialects.embeddings import Embeddings
from rechat.dialects.gemini import Gemini
from rechat.dialects.messages import Messages
from rechat.dialects.ollama import OllamaChat
from rechat.dialects.ollama_generate import OllamaGenerate
from rechat.dialects.raw import Raw
from rechat.dialects.responses import Responses

DIALECTS: tuple[Dialect, ...] = (
    Chat(),
    Responses(),
    Completions(),
    Embeddings(),
    Gemini(),
    Messages(),
    OllamaChat(),
    OllamaGenerate(),
    Raw(),
)
"""All of them, by priority: the first that claims a request reads it. The last claims the rest."""


def dialect_of(method: str, path: str) -> Dialect | None:
    """The API that a request speaks; None if it asks for nothing (`OPTIONS`)."""
    return next((dialect for dialect in DIALECTS if dialect.claims(method, path)), None)


__all__ = ["DIALECTS", "Dialect", "dialect_of"]
