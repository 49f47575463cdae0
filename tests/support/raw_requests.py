"""Requests as bytes, for tests that hold the socket themselves."""

import json

BODY = json.dumps({"model": "m", "messages": [{"role": "user", "content": "Hello"}]}).encode()
STREAMED = BODY[:-1] + b', "stream": true}'


def request(body: bytes = BODY, *headers: str) -> bytes:
    """A POST of a body to Chat Completions, with further header lines."""
    lines = [
        "POST /v1/chat/completions HTTP/1.1",
        "host: localhost",
        f"content-length: {len(body)}",
    ]
    return "\r\n".join([*lines, *headers, "", ""]).encode() + body
