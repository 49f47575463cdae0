"""Markdown to values, step by step: open sections, messages and parts, and the values that they
become.
"""
