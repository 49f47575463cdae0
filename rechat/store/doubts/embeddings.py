"""Vectors that do not fit their inputs: each input is a message, and each vector answers one."""

import re
from collections.abc import Iterator

from rechat.store.doubts.conversations import Doubt
from rechat.values import Answer
from rechat.values import Given
from rechat.values import Message
from rechat.values import Reply
from rechat.values import Section

# Two lines or more, each with the mark of a list.
_LIST = re.compile(r"(?:[-*+]|\d{1,4}[.)])[ \t][^\n]*(?:\n(?:[-*+]|\d{1,4}[.)])[ \t][^\n]*)+")
_EACH = "write each text below an `### input` of its own"


def doubts_about_embeddings(section: Section) -> Iterator[Doubt]:
    """The line of an input or a vector, what is odd about it and how to write it."""
    inputs, has_answer, has_any = 0, False, False
    for entry in section.entries:
        match entry:
            case Given(Message("input") as message, pattern, line):
                if words := _doubt_about_input(message):
                    yield line, words
                if has_answer:
                    yield (
                        line,
                        (
                            "this input and those above it are one request: for another request "
                            "begin a section with a line `## NAME`"
                        ),
                    )
                    inputs, has_any, has_answer = 0, False, False
                inputs, has_any = inputs + 1, has_any or pattern == "any"
            case Reply(Answer(choices) as answer, line=line) if _is_embedding(answer):
                has_answer = True
                is_made_up = any(one.message.fields.get("from") == "hash" for one in choices)
                if inputs and not has_any and not is_made_up and len(choices) != inputs:
                    yield line, _count(len(choices), inputs)
                yield from ((line, words) for words in _lengths(answer, section))


def _is_embedding(answer: Answer) -> bool:
    return answer.choices[0].message.role == "embedding"


def _doubt_about_input(message: Message) -> str:
    match message.fields.get("content"):
        case [str(), *others] if message.body is None and all(isinstance(x, str) for x in others):
            return f"a list of {len(others) + 1} texts is no input that a client sends: {_EACH}"
    if message.parts:
        return f"an input has no parts: {_EACH}"
    if message.body and _LIST.fullmatch(message.body):
        return f"this list is one text of several lines: {_EACH}"
    return ""


def _count(vectors: int, inputs: int) -> str:
    told = "1 vector" if vectors == 1 else f"{vectors} vectors"
    asked = "1 input" if inputs == 1 else f"{inputs} inputs"
    return (
        f"{told} for {asked} above: write `### embedding, choice 1`, `### embedding, choice 2` and "
        "so on, one for each input"
    )


def _lengths(answer: Answer, section: Section) -> Iterator[str]:
    """Vectors that are of other lengths than each other, or than the settings ask for."""
    vectors = [choice.message.fields.get("content") for choice in answer.choices]
    lengths = {len(vector) for vector in vectors if isinstance(vector, list)}
    wanted = section.settings.get("dimensions")
    if len(lengths) > 1:
        told = ", ".join(map(str, sorted(lengths)))
        yield f"these vectors have {told} numbers; expected as many in each"
    elif isinstance(wanted, int) and lengths and lengths != {wanted}:
        yield f"this vector has {lengths.pop()} numbers, and `dimensions` asks for {wanted}"
