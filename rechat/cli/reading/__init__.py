"""The commands that read a folder: conversations, which transcript answers a request, what
differs.
"""
