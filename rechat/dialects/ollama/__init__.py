"""Ollama's own API: chat and generate."""

from rechat.dialects.ollama.chat import OllamaChat
from rechat.dialects.ollama.generate import OllamaGenerate

__all__ = ["OllamaChat", "OllamaGenerate"]
