"""What differs, side by side (`difference.js`)."""

from typing import Any

from modules_rig import Modules

LINES: list[dict[str, Any]] = [
    {"kind": "same", "pieces": [["One", False]]},
    {"kind": "recorded", "pieces": [["of ", False], ["France", True]]},
    {"kind": "asked", "pieces": [["of ", False], ["Spain", True]]},
    {"kind": "asked", "pieces": [["More", True]]},
    {"kind": "gap", "pieces": [], "hidden": ["a", "b"]},
    {"kind": "recorded", "pieces": [["End", True]]},
]
ONE = {
    "nearest": "a.md:3",
    "differences": [
        {"reason": "the user message differs", "lines": LINES},
        {"reason": "temperature 0.2 ≠ 0.7", "lines": []},
    ],
}
START = """
const { difference, go } = await load("difference");
const part = document.createElement("div");
part.id = "part";
part.append(...difference(given));
document.body.append(part);
const texts = (place) => [...part.querySelectorAll(place)].map((one) => one.textContent);
"""


def shown(modules: Modules, script: str) -> Any:
    return modules.run(START + script, ONE)


def test_changed_lines_stand_beside_each_other_with_their_words_marked(modules: Modules) -> None:
    found = shown(
        modules,
        'return [texts("mark"), texts(".old"), texts(".new"), texts(".side"), texts(".none").length];',
    )
    assert found == [
        ["France", "Spain", "More", "End"],
        ["Transcript: of France", "Transcript: End"],
        ["Request: of Spain", "Request: More"],
        ["Transcript", "Request"],
        2,
    ]


def test_unchanged_lines_open_in_their_place(modules: Modules) -> None:
    found = shown(
        modules,
        """
        const before = texts(".same");
        part.querySelector(".gap").click();
        return [before, texts(".same")];
        """,
    )
    assert found == [["One"] * 2, ["One", "One", "a", "a", "b", "b"]]


def test_one_goes_from_difference_to_difference_and_around(modules: Modules) -> None:
    found = shown(
        modules,
        """
        const seen = [];
        for (const by of [1, 1, 1, 1, -1]) { go(by); seen.push(texts(".here")[0]); }
        return seen;
        """,
    )
    first, second, last = "Transcript: of France", "Transcript: End", "temperature 0.2 ≠ 0.7"
    assert found == [first, second, last, first, last]
