"""Markdown to values, step by step: what is open, and what becomes of it."""
