"""What can be taken along of an exchange."""

import base64
import contextlib
import io
import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import captures
import pytest
from entries import URL
from entries import hit
from entries import logged
from entries import miss
from upstream import Upstream

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


SENT = [
    ("POST /v1/chat/completions", b'{"model":"m","stream":true,"messages":[{"role":"user","content":"@it\'s $HOME"}]}'),
    ("POST /v1/x", b"@file"),
    ("PUT /v1/x?ids[]={1,2}", b'{"a":"\\u00e9\xc3\xa9"}'),
    ("PATCH /v1/x", b"\xff\x00"),
    ("POST /v1/x", b'{"a":"' + b"x" * 200_000 + b'"}'),
    ("DELETE /v1/x", b""),
    ("DELETE /v1/x", b'{"a":1}'),
    ("GET /v1/x", b""),
    ("HEAD /v1/x", b""),
]  # fmt: skip


def entry_of(target: str, body: bytes) -> JournalEntry:
    method, path = target.split(" ")
    path, _, query = path.partition("?")
    kind = "application/json" if body.startswith(b"{") else "text/plain"
    http = HttpRequest(method, path, query, (("content-type", kind),), body)
    dialect = dialect_of(method, path)
    assert dialect
    return JournalEntry("miss", target, dialect.read_request(http), headers=http.headers)


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl on this machine")
def test_copied_commands_and_programs_run_and_send_the_same(
    upstream: Upstream, tmp_path: Path
) -> None:
    entries = [entry_of(*one) for one in SENT]
    base = upstream.url.removesuffix("/v1")
    script = tmp_path / "all.sh"
    script.write_text("\n".join(copies.curl(one, base) for one in entries))
    subprocess.run(["sh", script], check=True, capture_output=True, timeout=60)
    program = tmp_path / "all.py"
    program.write_text("\n".join(copies.python(one, base) for one in entries))
    subprocess.run([sys.executable, program], check=True, capture_output=True, timeout=60)
    received = [(f"{one.method} {one.path}", value(one.body)) for one in upstream.requests]
    assert received == [(target, value(body)) for target, body in SENT] * 2


def value(body: bytes) -> Any:
    """What a body says, however it is written down."""
    try:
        return json.loads(body)
    except ValueError:
        return body


def test_json_that_is_copied_is_json(upstream: Upstream) -> None:
    told = json.loads(copies.json_of(hit(Message("assistant", "Ho"))))
    assert told["request"]["messages"] == [{"role": "user", "content": "Hi"}]
    assert told["response"]["choices"][0]["message"]["content"] == "Ho"
    assert json.loads(copies.json_of(entry_of("POST /v1/x", b"@file")))["request"] == "@file"


def test_a_copied_command_sends_what_was_sent() -> None:
    words = curl("POST /v1/x", b"@file", "text/plain")
    assert words[-2:] == ["--data-raw", "@file"]
    assert curl("PUT /v1/x", b'{"a":1}')[1:3] == ["-X", "PUT"]
    assert curl("DELETE /v1/x", b"") == ["curl", "-X", "DELETE", f"{URL}/v1/x"]
    packed = curl("POST /v1/x", b"\xff\x00", "application/octet-stream")
    assert packed[-2:] == ["--data-binary", "@-"]
    assert base64.b64decode(packed[2]) == b"\xff\x00"
