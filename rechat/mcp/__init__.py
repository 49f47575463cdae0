"""A server of the Model Context Protocol: agents see what was asked and missed, and write what
answers it.
"""

from rechat.mcp.server import serve

__all__ = ["serve"]
