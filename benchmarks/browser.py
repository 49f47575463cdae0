"""The page in a real browser: how soon it shows a full log, how it types, how smoothly it runs while
2,000 rows a second arrive, and whether its memory grows.

Frames are counted by the page itself, and its work by the browser's own clock of the main thread,
so that a busy machine is told from a busy page.
"""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import questions
from benchmarks.servers import Contenders
from benchmarks.servers import Missing

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

ROWS = 10_000
RATE = 2000
_TYPED = "question"
# Asks a server so many questions a second until its input ends, or so many in all at once.
LOAD = """
import socket, sys, threading, time
port, rate, count, path = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
bodies = open(path, "rb").read().split(b"\\n")
head = b"POST /v1/chat/completions HTTP/1.1\\r\\nhost: localhost\\r\\ncontent-type: application/json\\r\\ncontent-length: "
asks = [head + str(len(body)).encode() + b"\\r\\n\\r\\n" + body for body in bodies]
over = threading.Event()
if rate:
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
connection = socket.create_connection(("localhost", port))
answers = connection.makefile("rb")
step, sent, begun = max(1, rate // 40) if rate else 100, 0, time.perf_counter()
while not over.is_set() and (not count or sent < count):
    batch = [asks[(sent + at) % len(asks)] for at in range(step)]
    connection.sendall(b"".join(batch))
    for _ in batch:
        length = 0
        while (line := answers.readline().strip().lower()):
            if line.startswith(b"content-length:"):
                length = int(line[15:])
        answers.read(length)
    sent += step
    if rate:
        time.sleep(max(0, begun + sent / rate - time.perf_counter()))
print(sent, time.perf_counter() - begun)
"""
# Notes when the first row is there, and when all are.
SEEN = """
addEventListener("DOMContentLoaded", () => {
  const look = () => {
    if (!window.firstRow && document.querySelector(".row")) window.firstRow = performance.now();
    const told = document.getElementById("state")?.textContent ?? "";
    if (told.includes("10,000 shown")) window.allRows = performance.now();
    else requestAnimationFrame(look);
  };
  look();
});
"""
# The longest wait of a key from the press until the frame after it is painted.
TYPE = """
async (text) => {
  const input = document.getElementById("filter");
  const waits = [];
  input.focus();
  for (let at = 1; at <= text.length; at++) {
    const begun = performance.now();
    input.value = text.slice(0, at);
    input.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    waits.push(performance.now() - begun);
    await new Promise((done) => setTimeout(done, 150));
  }
  return waits;
}
"""
FRAMES = """
async (seconds) => {
  const gaps = [];
  const end = performance.now() + seconds * 1000;
  let before = await new Promise(requestAnimationFrame);
  while (before < end) {
    const now = await new Promise(requestAnimationFrame);
    gaps.push(now - before);
    before = now;
  }
  return gaps;
}
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds until the first row and until all are there, the longest wait of a key, frames a
    second and the longest gap between two, the share of the time that the page works, and the
    megabytes of its heap, told every few seconds.
    """

    first: float
    all_rows: float
    key: float
    frames: float
    longest: float
    idle_frames: float
    busy: float
    heap: list[float]


def measure(scratch: Path, seconds: float, count: int = 97) -> Measured:
    """The figures; rows arrive for so many seconds, hits of `count` questions: so many that
    no update shows the same ones in the same places as the one before. Raises `Missing` if
    there is no browser.
    """
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415  # only this needs it
    except ImportError as error:
        raise Missing(f"playwright: {error}") from None
    from page_rig import CHROMIUM  # noqa: PLC0415
    from page_rig import FLAGS  # noqa: PLC0415

    if not CHROMIUM:
        raise Missing("chromium is not installed")
    folder, bodies = scratch / f"page-{count}", scratch / f"page-{count}.txt"
    if not folder.exists():
        questions.transcripts(folder, count)
        bodies.write_bytes(b"\n".join(map(questions.body, range(count))))
    start = Contenders(scratch, scratch / "peers").rechat(folder)
    with start() as running, sync_playwright() as playwright:
        port = running.url.rpartition(":")[2]
        fill = [sys.executable, "-c", LOAD, port, "0", str(ROWS), str(bodies)]
        subprocess.run(fill, check=True, stdout=subprocess.DEVNULL)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.add_init_script(SEEN)
        page.goto(running.url)
        page.locator("#state", has_text=f"{ROWS:,} shown").wait_for(timeout=60_000)
        page.wait_for_timeout(500)
        first, all_rows = page.evaluate("[window.firstRow, window.allRows]")
        waits = page.evaluate(TYPE, _TYPED)
        page.evaluate("document.getElementById('filter').value = ''")
        page.locator("#filter").dispatch_event("input")
        page.wait_for_timeout(1000)
        idle = page.evaluate(FRAMES, 2)
        with _asked(port, bodies):
            page.wait_for_timeout(1000)
            gaps, busy, heap = _streamed(page, seconds)
        browser.close()
    return Measured(
        first,
        all_rows,
        max(waits),
        1000 / statistics.mean(gaps),
        max(gaps),
        1000 / statistics.mean(idle),
        busy,
        heap,
    )


@contextmanager
def _asked(port: str, bodies: Path) -> Iterator[None]:
    command = [sys.executable, "-c", LOAD, port, str(RATE), "0", str(bodies)]
    load = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield
    finally:
        sent, took = load.communicate()[0].split()
        print(f"{float(sent) / float(took):,.0f} rows a second", file=sys.stderr)


def _streamed(page: Any, seconds: float) -> tuple[list[float], float, list[float]]:
    """The gaps between frames, the share of time that the main thread works, the heap's sizes."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    gaps: list[float] = []
    heap = [_heap(session)]
    busy = 0.0
    parts = max(1, round(seconds / 5))
    for _ in range(parts):
        before = _metrics(session)
        gaps += page.evaluate(FRAMES, seconds / parts)
        after = _metrics(session)
        busy += (after["TaskDuration"] - before["TaskDuration"]) / parts
        heap.append(_heap(session))
    return gaps, busy / (seconds / parts), heap


def _metrics(session: Any) -> dict[str, float]:
    return {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}


def _heap(session: Any) -> float:
    """Megabytes that are in use once what can go is gone."""
    session.send("HeapProfiler.collectGarbage")
    return _metrics(session)["JSHeapUsedSize"] / 1e6


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as room:
        found = measure(Path(room), float(sys.argv[1]) if sys.argv[1:] else 10.0)
        print(json.dumps({name: getattr(found, name) for name in found.__slots__}, indent=1))
