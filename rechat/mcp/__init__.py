"""A server of the Model Context Protocol: agents see requests and misses, and write the answers."""

from rechat.mcp.server import serve

__all__ = ["serve"]
