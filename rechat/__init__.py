"""A folder of Markdown transcripts is an LLM endpoint."""

__version__ = "0.2.0"
