"""How long an editor waits for the mistakes in a long transcript: `python -m benchmarks.editing [LINES]`."""

import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any

from rechat.lsp.framing import read_message
from rechat.lsp.framing import write_message

TURN = (
    "### user\n\n> What is {0} and {0}?\n> It is for the report.\n\n"
    '### assistant\n\n#### call look, c{0}\n\n```json\n{{"at": {0}}}\n```\n\n'
    "### tool, c{0}\n\n> {0}\n\n### assistant\n\n<blockquote>\n\nIt is **{0}**.\n\n- one\n- two\n\n</blockquote>\n\n"
)
TIMES = 200


def text_of(lines: int) -> str:
    """A transcript of so many lines: sections of 20 turns."""
    parts = ["---\nmodel: gpt-5\n---\n\n"]
    number = 0
    while "".join(parts).count("\n") < lines:
        if number % 20 == 0:
            parts.append(f"## Part {number // 20}\n\n")
        parts.append(TURN.format(number))
        number += 1
    return "".join(parts)


def main(lines: int) -> None:
    """Type a letter so many times, and print how long the answers took."""
    server = subprocess.Popen(
        [sys.executable, "-m", "rechat", "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert server.stdin
    assert server.stdout
    text = text_of(lines)
    uri = Path("transcripts/long.md").absolute().as_uri()
    write_message(server.stdin, id=1, method="initialize", params={"capabilities": {}})
    _until(server.stdout, lambda message: message.get("id") == 1)
    document = {"uri": uri, "languageId": "markdown", "version": 1, "text": text}
    _measure(server.stdin, server.stdout, "textDocument/didOpen", {"textDocument": document})
    taken = []
    middle = text.index("report", len(text) // 2)
    for number in range(TIMES):
        text = text[:middle] + "abcdefgh"[number % 8] + text[middle:]
        change = {"textDocument": {"uri": uri}, "contentChanges": [{"text": text}]}
        taken.append(_measure(server.stdin, server.stdout, "textDocument/didChange", change))
    write_message(server.stdin, id=2, method="shutdown")
    write_message(server.stdin, method="exit")
    server.wait()
    p95 = statistics.quantiles(taken, n=20)[-1]
    print(f"{lines} lines, {TIMES} edits: p50 {statistics.median(taken):.1f} ms, p95 {p95:.1f} ms")


def _measure(sent: IO[bytes], came: IO[bytes], method: str, params: Any) -> float:
    began = time.perf_counter()
    write_message(sent, method=method, params=params)
    _until(came, lambda message: message.get("method") == "textDocument/publishDiagnostics")
    return (time.perf_counter() - began) * 1000


def _until(came: IO[bytes], is_it: Any) -> None:
    while message := read_message(came):
        if is_it(message):
            return
    raise SystemExit("the server has ended")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
