"""What can be taken along of an exchange."""

import base64
import contextlib
import io
import json
import shlex
from typing import Any

import captures
from entries import URL
from entries import hit
from entries import logged
from entries import miss

from rechat.dialects.registry import dialect_of
from rechat.format import reader
from rechat.observe.entry import JournalEntry
from rechat.values.conversation import Message
from rechat.values.http import HttpRequest
from rechat.web import copies
from rechat.web.details import details

FILES = captures.requests("*/*.req.http")


def test_what_is_copied_asks_the_same() -> None:
    shown: Any = details(logged(miss()), URL)
    asked = {"model": "gpt-5", "messages": [{"role": "user", "content": "Hello"}]}
    assert json.loads(shown["request"]) == asked
    assert shown["curl"].startswith(f"curl {URL}/v1/chat/completions -H ")
    assert shlex.split(shown["curl"])[-2:] == [
        "--data-raw",
        json.dumps(asked, separators=(",", ":")),
    ]
    compile(shown["python"], "copied", "exec")
    code = shown["python"].partition("client =")[0] + "".join(
        line for line in shown["python"].splitlines(keepends=True) if line.startswith("asked")
    )
    scope: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(code, scope)  # it is ours
    assert scope["asked"] == asked


def test_markdown_that_is_copied_is_a_transcript() -> None:
    source: Any = details(logged(hit(Message("assistant", "Ho"))), URL)["markdown"]
    [section] = reader.parse(source).sections
    assert section.settings == {"model": "gpt-5"}
    blank: Any = details(logged(miss()), URL)["markdown"]
    assert blank.endswith("### assistant\n")


def curl(target: str, body: bytes, kind: str = "application/json") -> list[str]:
    method, path = target.split(" ")
    http = HttpRequest(method, path, "", (("content-type", kind),), body)
    dialect = dialect_of(method, path)
    assert dialect
    entry = JournalEntry("miss", target, dialect.read_request(http), headers=http.headers)
    return shlex.split(copies.curl(entry, URL))


def test_a_copied_command_sends_what_was_sent() -> None:
    words = curl("POST /v1/x", b"@file", "text/plain")
    assert words[-2:] == ["--data-raw", "@file"]
    assert curl("PUT /v1/x", b'{"a":1}')[1:3] == ["-X", "PUT"]
    assert curl("DELETE /v1/x", b"") == ["curl", "-X", "DELETE", f"{URL}/v1/x"]
    packed = curl("POST /v1/x", b"\xff\x00", "application/octet-stream")
    assert packed[-2:] == ["--data-binary", "@-"]
    assert base64.b64decode(packed[2]) == b"\xff\x00"
