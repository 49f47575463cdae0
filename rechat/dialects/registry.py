"""The wire APIs that are understood, and which of them a request speaks."""

from rechat.dialects.anthropic import Messages
from rechat.dialects.gemini import Gemini
from rechat.dialects.gemini import GeminiEmbeddings
from rechat.dialects.ollama import OllamaChat
from rechat.dialects.ollama import OllamaEmbed
from rechat.dialects.ollama import OllamaGenerate
from rechat.dialects.openai_chat import Chat
from rechat.dialects.openai_completions import Completions
from rechat.dialects.openai_embeddings import Embeddings
from rechat.dialects.openai_responses import Responses
from rechat.dialects.raw import Raw
from rechat.dialects.shared import Dialect

DIALECTS: tuple[Dialect, ...] = (
    Chat(),
    Responses(),
    Completions(),
    OllamaEmbed(),
    Embeddings(),
    Gemini(),
    GeminiEmbeddings(),
    Messages(),
    OllamaChat(),
    OllamaGenerate(),
    Raw(),
)
"""All of them, by priority: the first that claims a request reads it. The last claims the rest."""


def dialect_of(method: str, path: str) -> Dialect | None:
    """The API that a request speaks; None if it asks for nothing (`OPTIONS`)."""
    return next((dialect for dialect in DIALECTS if dialect.claims(method, path)), None)
