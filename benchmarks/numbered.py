"""The nearest of 10,000 transcripts that differ in one number, for questions that were altered.

The number is what tells them apart: who changes another word means the file with the same number.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.folders import Served

SYSTEM = "You are a careful assistant. " + " ".join(
    f"Rule {number}: never mix up the {word} of an order."
    for number, word in enumerate(
        ["number", "state", "price", "date", "owner", "parts", "weight", "place"]
    )
)


def _line(number: int) -> str:
    return f"Summarise the complaint in ticket {number} in one sentence."


def _paragraph(number: int) -> str:
    """One line of some 2,000 characters, with other numbers before and behind."""
    before = " ".join(f"The {word} of part {at} is checked." for at, word in enumerate(_WORDS[:30]))
    behind = " ".join(f"Then weigh part {at}, the {word}." for at, word in enumerate(_WORDS[30:]))
    return f"{before} All of this is for order {number}, which is late. {behind}"


def _page(number: int) -> str:
    """Forty lines, of which one names the number."""
    lines = [f"{at}. Look at the {word}, and say what is wrong." for at, word in enumerate(_WORDS)]
    lines.insert(20, f"The customer of order {number} waits for parcel 17.")
    return "\n".join(lines[:41])


def _report(number: int) -> str:
    """A few long lines, as people write them: too few to be found by lines alone."""
    return (
        f"{' '.join(_WORDS[:25])}.\n\nOrder {number}: {' '.join(_WORDS[25:40])}.\n\n"
        f"{' '.join(_WORDS[40:])}."
    )


_WORDS = [
    "colour",
    "handle",
    "spring",
    "window",
    "mirror",
    "engine",
    "carpet",
    "button",
    "folder",
    "ladder",
    "pencil",
    "basket",
    "candle",
    "bottle",
    "hammer",
    "saddle",
    "ribbon",
    "garden",
    "bridge",
    "tunnel",
    "market",
    "castle",
    "valley",
    "island",
    "forest",
    "desert",
    "meadow",
    "harbour",
    "cellar",
    "kitchen",
    "balcony",
    "chimney",
    "shutter",
    "doorbell",
    "mailbox",
    "fountain",
    "pavement",
    "corridor",
    "elevator",
    "staircase",
    "cupboard",
    "wardrobe",
    "mattress",
    "cushion",
    "blanket",
    "curtain",
    "lantern",
    "compass",
    "anchor",
    "paddle",
]

KINDS: dict[str, Callable[[int], list[str]]] = {
    "one line": lambda number: [_line(number)],
    "one line below a long system message": lambda number: [SYSTEM, _line(number)],
    "a paragraph of 2,000 characters": lambda number: [SYSTEM, _paragraph(number)],
    "three long lines": lambda number: [SYSTEM, _report(number)],
    "a page of 41 lines": lambda number: [SYSTEM, _page(number)],
}


# So many ways there are to alter a question.
WAYS = 9


def alterations(text: str, number: int, chosen: random.Random) -> Iterator[str]:
    """The text with one thing changed, but not its number: words more or less, other words, beside
    the number or elsewhere, one more sentence, letters or words in another order, another case.
    """
    words = text.split(" ")
    own = next(at for at, word in enumerate(words) if str(number) in word)
    places = [at for at, word in enumerate(words) if at != own and word.isalpha()]
    while True:
        at, beside = chosen.choice(places), max(place for place in places if place < own)
        yield " ".join([*words[:at], "something", *words[at + 1 :]])
        yield " ".join([*words[:at], *words[at + 1 :]])
        yield " ".join([*words[:beside], "thing", *words[beside + 1 :]])
        yield " ".join([*words[:at], "really", *words[at:]])
        yield f"{text} Be brief."
        yield f"Please help me. {text[0].lower()}{text[1:]}"
        yield " ".join([*words[:at], words[at][::-1], *words[at + 1 :]])
        yield " ".join([*words[at:], *words[:at]])
        yield text.upper()


@dataclass(frozen=True, slots=True)
class Named:
    """How many of the questions named the right file; milliseconds until the answer, and of the
    server's CPU.
    """

    right: int
    asked: int
    p50: float
    p95: float
    cpu: float


def measure(scratch: Path, count: int, asked: int = 60) -> Iterator[tuple[str, Named]]:
    """Each kind of conversation in a folder of its own."""
    for position, (kind, texts) in enumerate(KINDS.items()):
        folder = scratch / f"numbered-{position}"
        _write(folder, texts, count)
        with Served(folder) as served:
            yield kind, _ask(served, texts, count, asked)


def _write(folder: Path, texts: Callable[[int], list[str]], count: int) -> None:
    folder.mkdir(parents=True)
    for number in range(count):
        told = [
            f"### {role}\n\n> " + text.replace("\n", "\n> ").replace("> \n", ">\n")
            for role, text in zip(
                ("user", "system"), reversed(texts(_number(number))), strict=False
            )
        ]
        source = "\n\n".join([*reversed(told), f"### assistant\n\n> {number}\n"])
        (folder / f"{number:05}.md").write_text(source)


def _number(number: int) -> int:
    """Numbers of five digits, none a neighbour of another."""
    return 10_000 + number * 7919 % 90_000


def _ask(served: Served, texts: Callable[[int], list[str]], count: int, asked: int) -> Named:
    chosen = random.Random(count)
    times, right = [], 0
    served.ask("system", "the first miss puts the features in order")
    before = served.cpu
    for turn in range(asked):
        number = chosen.randrange(count)
        *above, question = texts(_number(number))
        ways = alterations(question, _number(number), chosen)
        altered = [next(ways) for _ in range(turn % WAYS + 1)][-1]
        started = time.perf_counter()
        status, message = served.ask(*(above or ["You are brief."]), altered)
        times.append((time.perf_counter() - started) * 1000)
        assert status == 400, message
        right += f"/{number:05}.md:" in message
    cpu = (served.cpu - before) / asked
    return Named(right, asked, statistics.median(times), statistics.quantiles(times, n=20)[18], cpu)
