"""`rechat stats`: the statistics of a folder."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

import typer

from rechat.cli.reading.read import load
from rechat.store import Store
from rechat.store import assets_in
from rechat.values import CHAT
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import JsonObject
from rechat.values import Reply
from rechat.values import day_at
from rechat.values import jsontext

_LATEST = 1 << 33


@dataclass(slots=True)
class Stats:
    """The statistics of some transcripts. Tokens are those that the APIs reported; `oldest` and
    `newest` are when they made an answer, if they said so.
    """

    files: int = 0
    unreadable: int = 0
    bytes: int = 0
    assets: int = 0
    asset_bytes: int = 0
    sections: int = 0
    questions: int = 0
    answers: int = 0
    empty: int = 0
    errors: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    oldest: str = ""
    newest: str = ""
    models: dict[str, int] = field(default_factory=dict)
    apis: dict[str, int] = field(default_factory=dict)


def stats(paths: list[Path], *, as_json: bool) -> None:
    """Print the figures of the transcripts."""
    store = load(paths, is_strict=False)
    found = stats_of(store)
    if as_json:
        told: JsonObject = asdict(found)
        typer.echo(jsontext.dump(told, jsontext.INDENTED))
        return
    for name, value in _rows(found):
        typer.echo(f"{name:<14}{value}")


def stats_of(store: Store) -> Stats:
    """The statistics of a loaded store."""
    files = store.files()
    assets = [path for root in store.roots if root.is_dir() for path in assets_in(root)]
    found = Stats(
        len(files),
        len(store.problems),
        sum(path.stat().st_size for path in files),
        len(assets),
        sum(path.stat().st_size for path in assets),
    )
    times: list[float] = []
    models, apis = Counter[str](), Counter[str]()
    for path in store.index.paths:
        for section in store.index.sections(path):
            found.sections += 1
            model = section.settings.get("model")
            replies = [entry for entry in section.entries if isinstance(entry, Reply)]
            found.questions += sum(reply.take == 1 for reply in replies)
            if isinstance(model, str) and replies:
                models[model] += len(replies)
            apis[section.api or CHAT] += len(replies)
            times += [time for reply in replies for time in _count(found, reply.answer)]
    found.models, found.apis = dict(models.most_common()), dict(apis.most_common())
    if times:
        found.oldest, found.newest = day_at(min(times)), day_at(max(times))
    return found


def _count(found: Stats, answer: AnyAnswer | None) -> Iterator[float]:
    """Count an answer; returns the time at which it was made."""
    if answer is None:
        found.empty += 1
        return
    found.answers += 1
    if not isinstance(answer, Answer):
        found.errors += 1
        return
    asked, said = answer.tokens or (0, 0)
    found.input_tokens += asked
    found.output_tokens += said
    made = answer.fields.get("created", answer.fields.get("created_at"))
    if isinstance(made, int | float) and 0 < made < _LATEST:
        yield float(made)


def _rows(found: Stats) -> Iterator[tuple[str, str]]:
    broken = f", {found.unreadable} cannot be read" if found.unreadable else ""
    yield "files", f"{found.files:,} ({found.bytes:,} bytes{broken})"
    yield "assets", f"{found.assets:,} ({found.asset_bytes:,} bytes)"
    yield "sections", f"{found.sections:,}"
    yield "questions", f"{found.questions:,}"
    yield (
        "answers",
        f"{found.answers:,} ({found.errors:,} not of a model, {found.empty:,} to be written)",
    )
    yield "tokens", f"{found.input_tokens:,} in, {found.output_tokens:,} out"
    if found.oldest:
        yield "made", f"{found.oldest} to {found.newest}"
    for name, counted in (("models", found.models), ("APIs", found.apis)):
        told = ", ".join(f"{key} {number:,}" for key, number in counted.items() if number)
        if told:
            yield name, told
