"""The exchange that comes nearest among those at hand."""

import pytest
from conversations import ask
from conversations import index_of
from conversations import missed

from rechat.explain.similarity import ALMOST
from rechat.index.nearest import Surroundings
from rechat.values.conversation import Message
from rechat.values.conversation import Request

QA = "### user\n\n> {}\n\n### assistant\n\n> x\n"
LINES = "".join(f"    step {number % 5}\n}}\n" for number in range(160))


def test_the_text_counts_more_than_settings() -> None:
    index = index_of(
        a="---\nmodel: m\ntemperature: 1\n---\n\n" + QA.format("Where is the red fox?"),
        b="---\nmodel: x\ntemperature: 2\n---\n\n" + QA.format("Where is the fox?"),
    )
    near = missed(index, ask("Where is the fox?", model="m", temperature=1)).nearest
    assert near
    assert near.exchange.path == "b.md"
    assert near.ratio == ALMOST


def test_of_equal_texts_the_one_comes_that_least_differs_then_the_first_by_path() -> None:
    front = "---\n{}\n---\n\n" + QA.format("Hi there")
    index = index_of(
        c=front.format("model: x"),
        b=front.format("model: y"),
        a=front.format("model: z\nseed: 2"),
    )
    near = missed(index, ask("Hi there", model="m", seed=1)).nearest
    assert near
    assert near.exchange.path == "b.md"


def test_nothing_at_hand_is_nothing_near() -> None:
    assert Surroundings(ask("Hi"), ["Hi"], ()).nearest() is None


@pytest.mark.timeout(20)
@pytest.mark.parametrize("turn", [0, 29], ids=["early", "late"])
def test_a_large_request_with_lines_that_repeat_is_explained(turn: int) -> None:
    texts = [f"{LINES}{LINES}turn {number}" for number in range(59)]

    def conversation(said: list[str]) -> str:
        told = [
            f"### {'assistant, given' if at % 2 else 'user'}\n\n> " + text.replace("\n", "\n> ")
            for at, text in enumerate(said)
        ]
        return "\n\n".join([*told, "### assistant\n\n> x\n"])

    others = [text.replace("step", "walk") for text in texts]
    index = index_of(a=conversation(others), b=conversation(texts), c=conversation(others[:9]))
    asked = [*texts]
    asked[2 * turn] = asked[2 * turn].replace("turn", "time")
    near = missed(index, ask(*asked)).nearest
    assert near
    assert near.exchange.path == "b.md"
    assert 0.99 < near.ratio < 1
    assert [difference.reason for difference in near.differences] == [
        f'the user message (message {2 * turn + 1} of 59) differs in line 641: transcript "turn" ≠ request "time"'
    ]


def test_of_texts_that_have_nothing_in_common_one_of_the_same_kind_is_nearest() -> None:
    index = index_of(
        a=QA.format("Hi there"),
        b="---\nmodel: x\n---\n\n### input\n\n> hello\n\n### embedding\n\n```json\n[0.1]\n```\n",
        c=QA.format("Good day"),
    )
    request = Request({"model": "m"}, (Message("input", "bye"),))
    near = missed(index, request).nearest
    assert near
    assert near.exchange.path == "b.md"
