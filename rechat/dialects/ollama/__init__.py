"""Ollama's own API: chat, generate and embeddings."""

from rechat.dialects.ollama.chat import OllamaChat
from rechat.dialects.ollama.embed import OllamaEmbed
from rechat.dialects.ollama.generate import OllamaGenerate

__all__ = ["OllamaChat", "OllamaEmbed", "OllamaGenerate"]
