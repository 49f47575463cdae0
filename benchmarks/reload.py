"""How long after an editor has saved a file the next reply says the new text.

    python benchmarks/reload.py [EDITS] [OTHER_FILES]

Times are milliseconds, from the moment the file is written to the moment the first reply with the
new text has arrived; the client asks again and again meanwhile.
"""

import http.client
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from process import Rechat

TEXT = "### user\n\n> {}\n\n### assistant\n\n> {}\n"


def in_place(path: Path, text: str) -> None:
    """As editors that write into the file."""
    path.write_text(text)


def by_rename(path: Path, text: str) -> None:
    """As editors that put a new file in its place."""
    new = path.with_suffix(".tmp")
    new.write_text(text)
    new.replace(path)


def said(connection: http.client.HTTPConnection) -> str:
    """What the endpoint says now."""
    body = json.dumps({"messages": [{"role": "user", "content": "Hello"}]})
    connection.request("POST", "/v1/chat/completions", body)
    answer = json.load(connection.getresponse())
    return str(answer["choices"][0]["message"]["content"])


def edits(path: Path, port: int, count: int, save: Callable[[Path, str], None]) -> list[float]:
    """The times of so many edits."""
    connection = http.client.HTTPConnection("localhost", port)
    times = []
    for number in range(count):
        new = f"{save.__name__} {number}"
        save(path, TEXT.format("Hello", new))
        start = time.perf_counter()
        while said(connection) != new:
            pass
        times.append((time.perf_counter() - start) * 1000)
    connection.close()
    return times


def main() -> None:
    """Measure and print a table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    others = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    print("| from saving to the new reply, ms | p50 | p95 | max |\n|---|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(others):
            (folder / f"{number}.md").write_text(TEXT.format(f"Question {number}", "x" * 10_000))
        path = folder / "mine.md"
        path.write_text(TEXT.format("Hello", "first"))
        with Rechat("replay", "-q", folder, folder=folder) as rechat:
            for save in (in_place, by_rename):
                times = edits(path, rechat.port, count, save)
                p95 = statistics.quantiles(times, n=20)[-1]
                median = statistics.median(times)
                print(f"| {save.__name__} | {median:.1f} | {p95:.1f} | {max(times):.1f} |")


main()
