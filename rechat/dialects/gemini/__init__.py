"""Google's Gemini: contents and embeddings."""

from rechat.dialects.gemini.dialect import Gemini
from rechat.dialects.gemini.embeddings import GeminiEmbeddings

__all__ = ["Gemini", "GeminiEmbeddings"]
