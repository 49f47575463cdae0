"""The conversations that all contenders answer: questions of about 650 bytes, answers of 1 KB."""

import json
import random
from pathlib import Path

HEADERS = {
    "accept": "application/json",
    "content-type": "application/json",
    "user-agent": "OpenAI/Python 3.0.0",
    "x-stainless-lang": "python",
    "x-stainless-package-version": "3.0.0",
    "x-stainless-os": "Linux",
    "x-stainless-arch": "x64",
    "x-stainless-runtime": "CPython",
    "x-stainless-runtime-version": "3.13.0",
    "x-stainless-async": "false",
    "x-stainless-retry-count": "0",
    "authorization": "Bearer none",
}
"""What an SDK sends along."""

ANSWER = " ".join(f"word{number:03}" for number in range(90))
"""An answer of 719 characters: 1 KB with its JSON."""

STREAMED = " ".join(["token"] * 48)
"""An answer that rechat streams in about 50 events."""


def question(number: int) -> str:
    """A text that no other contains."""
    rest = " ".join(f"q{number:05}w{word:02}" for word in range(50))
    return f"question number {number} end {rest}"


def body(number: int, *, stream: bool = False) -> bytes:
    """The request that asks it."""
    asked = {"model": "gpt-5", "messages": [{"role": "user", "content": question(number)}]}
    return json.dumps(asked | ({"stream": True} if stream else {})).encode()


def completion(number: int, answer: str = ANSWER) -> bytes:
    """An answer as OpenAI sends it."""
    message = {"role": "assistant", "content": answer, "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    usage = {"prompt_tokens": 150, "completion_tokens": 180, "total_tokens": 330}
    answered = {
        "id": f"chatcmpl-{number:024}",
        "object": "chat.completion",
        "created": 1,
        "model": "gpt-5",
        "choices": [choice],
        "usage": usage,
    }
    return json.dumps(answered).encode()


def transcripts(folder: Path, count: int, answer: str = ANSWER) -> None:
    """A folder of so many transcripts, each a question and its answer."""
    folder.mkdir(parents=True)
    for number in range(count):
        text = f"### user\n\n> {question(number)}\n\n### assistant\n\n> {answer}\n"
        (folder / f"{number:05}.md").write_text(text)


def large_transcripts(folder: Path, count: int) -> None:
    """A folder of so many conversations of 10 KB: a system prompt, four turns."""
    folder.mkdir(parents=True)
    chosen = random.Random(1)
    words = ["".join(chosen.choices("abcdefghijklmnopqrstuvwxyz", k=6)) for _ in range(5000)]

    def text(size: int) -> str:
        lines = [" ".join(chosen.choices(words, k=10)) for _ in range(size // 70)]
        return "\n".join(f"> {line}" for line in lines)

    for number in range(count):
        turns = "\n\n".join(
            f"### user\n\n> Conversation {number}, turn {turn}\n{text(1150)}\n\n"
            f"### assistant\n\n{text(1150)}"
            for turn in range(4)
        )
        system = f"### system\n\n> You are assistant {number % 10}.\n\n"
        (folder / f"{number:05}.md").write_text(f"---\nmodel: gpt-5\n---\n\n{system}{turns}\n")
