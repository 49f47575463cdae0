"""OpenAI's Embeddings."""

from rechat.dialects.openai_embeddings.dialect import Embeddings

__all__ = ["Embeddings"]
