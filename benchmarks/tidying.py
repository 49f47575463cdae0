"""`rechat lint` and `rechat fmt --check` over a folder as projects have them: most files are short
and written by hand, some are long conversations, some were recorded, with tools and details.
"""

import json
import random
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import questions
from rechat.dialects import DIALECTS
from rechat.store import Recording
from rechat.store import Store
from rechat.values import HttpRequest
from rechat.values import HttpResponse

TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "What the weather is like in a city, now or on a day of the next week.",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string", "description": "The name, as people there write it."},
                "day": {"type": "string", "enum": ["today", "tomorrow", "Saturday", "Sunday"]},
            },
            "required": ["city"],
        },
    },
}


def mixed_transcripts(folder: Path, count: int) -> None:
    """A folder of so many transcripts: of ten, five are short, three have 10 KB, two were
    recorded.
    """
    questions.transcripts(folder / "short", count * 5 // 10)
    questions.large_transcripts(folder / "long", count * 3 // 10)
    _recorded(folder / "recorded", count * 2 // 10)


def _recorded(folder: Path, count: int) -> None:
    """Conversations of two turns with a tool, as `rechat record` leaves them."""
    folder.mkdir(parents=True)
    store = Store([folder])
    store.load()
    chat = next(dialect for dialect in DIALECTS if dialect.name == "openai.chat")
    chosen = random.Random(1)
    for number in range(count):
        said = [{"role": "user", "content": questions.question(number)}]
        for turn in range(2):
            body = {"model": "gpt-5", "temperature": 0.5, "messages": said, "tools": [TOOL]}
            answer = questions.ANSWER[: chosen.randrange(100, 700)]
            request = HttpRequest("POST", "/v1/chat/completions", "", (), json.dumps(body).encode())
            sent = questions.completion(number * 2 + turn, answer)
            response = HttpResponse.whole(200, (("content-type", "application/json"),), sent)
            received = chat.read_answer(response)
            recorded = Recording(
                chat.read_request(request), received.answer, "1.2 s", response, "2026-11-26"
            )
            store.save(recorded)
            said += [{"role": "assistant", "content": answer}]
            said += [{"role": "user", "content": f"And on day {turn}?"}]


def seconds(command: str, folder: Path) -> float:
    """How long a command takes over a folder, its start included."""
    words = [sys.executable, "-m", "rechat", *command.split(), str(folder)]
    started = time.perf_counter()
    subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - started
