"""One exchange and its parts (`exchange.js`)."""

from typing import Any

from modules_rig import Modules

ONE: dict[str, Any] = {
    "number": 7,
    "at": "2026-09-21T14:13:20.000Z",
    "ms": 1500,
    "first": 250,
    "verdict": "hit",
    "tone": "hit",
    "mark": "✓",
    "word": "hit",
    "target": "POST /v1/chat/completions",
    "api": "openai.chat",
    "model": "gpt-5",
    "place": "a.md:3",
    "rule": "exact",
    "status": 200,
    "tokens": [1200, 5],
    "differences": [],
    "messages": [],
    "answer": [],
    "settings": {},
    "headers": [["accept", "*/*"]],
    "answer_headers": [],
    "times": [],
    "request": '{"model": "gpt-5"}',
    "response": "",
}
MISS = ONE | {
    "number": 8,
    "verdict": "miss",
    "tone": "miss",
    "place": "",
    "nearest": "a.md:3",
    "differences": [{"reason": "other words", "lines": []}],
}
START = """
const { data, view } = await load("model");
const exchange = await load("exchange");
const texts = (place) => [...document.querySelectorAll(`#detail ${place}`)].map((one) => one.textContent);
const chosen = () => document.querySelector("#detail [aria-selected=true]").textContent;
"""


def shown(modules: Modules, script: str) -> Any:
    for one in (ONE, MISS):
        modules.answers[f"exchanges/{one['number']}?brief=1"] = one
    return modules.run(START + script)


def test_it_says_what_became_of_it(modules: Modules) -> None:
    facts, sign, address = shown(
        modules,
        "await exchange.open(7); return [texts('.facts div'), texts('.sign'), location.search];",
    )
    assert facts == [
        "AskedPOST /v1/chat/completions",
        "APIchat",
        "Took250 ms to the first token, 1.50 s",
        "Tokens1,200 → 5",
        "Transcripta.md:3 by exact",
    ]
    assert (sign, address) == (["✓hit"], "?open=7")


def test_a_miss_opens_at_its_difference_and_anything_else_at_the_conversation(
    modules: Modules,
) -> None:
    found = shown(
        modules,
        """
        const seen = [];
        for (const number of [8, 7]) { await exchange.open(number); seen.push(chosen()); }
        return seen;
        """,
    )
    assert found == ["Difference", "Conversation"]


def test_one_goes_from_part_to_part_and_around(modules: Modules) -> None:
    found = shown(
        modules,
        """
        await exchange.open(7);
        const seen = [];
        for (const by of [1, 1, 1, 1, 1, -1]) { exchange.nextPart(by); seen.push([chosen(), texts("#part")[0].slice(0, 17)]); }
        return seen;
        """,
    )
    assert found[1:5] == [
        ["Response", "There was no answ"],
        ["Headers", "Request, 1 header"],
        ["Timing", "Nothing was sent."],
        ["Conversation", ""],
    ]
    assert (found[0][0], found[5][0]) == ("Request", "Timing")


def test_one_that_was_held_is_drawn_again_once_when_nobody_waits(modules: Modules) -> None:
    held = ONE | {"number": 9, "verdict": "held", "tone": "held", "can_answer": True}
    modules.answers["exchanges/9?brief=1"] = held
    seen = shown(
        modules,
        """
        const { emit } = await load("model");
        data.state.held = ["a.md:3"];
        await exchange.open(9);
        const labels = [];
        for (const waiting of [["a.md:3"], ["b.md:3"], []]) {
          const before = document.getElementById("part");
          data.state.held = waiting;
          emit("state", {});
          labels.push([texts("form label")[0], document.getElementById("part") === before]);
        }
        return labels;
        """,
    )
    assert seen == [
        ["The client waits for this answer", True],
        ["Answer it", False],
        ["Answer it", True],
    ]


def test_closed_it_is_open_no_more(modules: Modules) -> None:
    found = shown(
        modules,
        "await exchange.open(7); exchange.close(); return [data.current, view.open, location.search];",
    )
    assert found == [None, 0, ""]
