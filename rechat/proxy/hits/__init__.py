"""Hits: requests that are answered without mitmproxy's machinery."""
