"""Sending questions, and reading and saving the answers."""
