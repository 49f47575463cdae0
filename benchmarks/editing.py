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
DETAILS = (
    "<details><summary>9 → 7 tokens</summary>\n\n```yaml\nid: chatcmpl-{0}\nusage:\n  prompt_tokens: 9\n"
    "  completion_tokens: 7\n  total_tokens: 16\n```\n\n</details>\n\n"
)
TIMES = 200
WHOLE = 10**9
# By kind: turns in a section, a turn, and what is said in it again and again.
KINDS = {
    "sections of 20 turns": (20, TURN),
    "sections of one turn": (1, TURN),
    "one conversation": (WHOLE, TURN),
    "one conversation, recorded": (WHOLE, TURN + DETAILS),
    "one long answer": (
        WHOLE,
        "### user\n\n> Write a report.\n\n### assistant\n\n<blockquote>\n\n{lines}\n</blockquote>\n",
    ),
    "one long quote": (WHOLE, "### user\n\n{quoted}> a report\n\n### assistant\n\n> Yes.\n"),
    "one long call": (
        WHOLE,
        "### user\n\n> Write a report.\n\n### assistant\n\n#### call save, c1\n\n```json\n[{json}0]\n```\n",
    ),
    "prose": (WHOLE, "### user\n\n> Hello\n\n### assistant\n\n> Hi!\n\n## Notes\n\n{lines}"),
}


def text_of(lines: int, kind: str) -> str:
    """A transcript of so many lines."""
    turns, turn = KINDS[kind]
    told = {
        "lines": "".join(f"Line {at} of the report, *with* `marks`.\n" for at in range(lines)),
        "quoted": "".join(f"> Line {at} of the report, *with* `marks`.\n" for at in range(lines)),
        "json": "".join(f'{{{{"line {at}": "of the report"}}}},\n' for at in range(lines)),
    }
    if "{0}" not in turn:
        for name, text in told.items():
            turn = turn.replace(f"{{{name}}}", text.replace("{{", "{").replace("}}", "}"))
        return f"---\nmodel: gpt-5\n---\n\n{turn}"
    parts = ["---\nmodel: gpt-5\n---\n\n"]
    number = 0
    while "".join(parts).count("\n") < lines:
        if number % turns == 0 and turns != WHOLE:
            parts.append(f"## Part {number // turns}\n\n")
        parts.append(turn.replace("{0}", str(number)).replace("{{", "{").replace("}}", "}"))
        number += 1
    return "".join(parts)


def main(lines: int, kind: str) -> None:
    """Type a letter so many times, and print how long the answers took."""
    server = subprocess.Popen(
        [sys.executable, "-m", "rechat", "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert server.stdin
    assert server.stdout
    text = text_of(lines, kind)
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
    print(
        f"{kind}: {lines} lines, {TIMES} edits: p50 {statistics.median(taken):.1f} ms, p95 {p95:.1f} ms"
    )


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
    for each in KINDS:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000, each)
