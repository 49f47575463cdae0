"""Compares an answer with the recorded one, and with a person's expectations."""
