"""The columns of the list (`columns.js`)."""

from typing import Any

from modules_rig import Modules


def words_of(modules: Modules, *rows: dict[str, Any]) -> list[list[str]]:
    found: list[list[str]] = modules.run(
        """
        const { COLUMNS } = await load("columns");
        const { create } = await load("vdom");
        const { cell } = COLUMNS.find((column) => column.name === "words");
        return given.map((row) => cell(row).filter(Boolean).map((part) => create(part).textContent));
        """,
        [
            {"turn": 0, "words": "Why?", "said": "", "verdict": "hit", "tone": "hit"} | row
            for row in rows
        ],
    )
    return found


def test_a_line_says_what_was_answered_or_why_nothing_was(modules: Modules) -> None:
    differs = 'the user message (message 2 of 2) differs in line 3: transcript "a" ≠ request "b"'
    error = '429 {"error": {"message": "Slow down.", "type": "x"}}'
    found = words_of(
        modules,
        {"said": "**Because** of `x`."},
        {"verdict": "miss", "tone": "miss", "differs": differs},
        {"verdict": "forwarded", "tone": "failed", "said": error, "reason": "not saved"},
        {"verdict": "failed", "tone": "failed", "reason": "the client left"},
        {"tone": "failed", "said": "timeout", "place": "a.md:7"},
        {"words": "", "said": "", "tools": [{"name": "run", "failed": True}]},
        {"words": "a | b", "said": "## Two | | A | B | |---|:-:|---| | x | y |"},
    )
    assert found == [
        ["Why?", "→ Because of x."],
        ["Why?", 'user: "a" ≠ "b"'],
        ["Why?", "→ Slow down."],
        ["Why?", "the client left"],
        ["Why?", "as a.md:7 says"],
        ["✗ run failed"],
        ["a | b", "→ Two · A · B · x · y · "],
    ]


def test_a_hidden_column_takes_its_width_along(modules: Modules) -> None:
    found = modules.run(
        """
        localStorage.setItem("rechat-hidden", "time tokens");
        const { drawHead, shownColumns } = await load("columns");
        drawHead();
        const { style } = document.getElementById("exchanges");
        return [shownColumns().length, style.getPropertyValue("--narrow")];
        """
    )
    assert found == [8, "90px 32px minmax(0, 1fr) 64px"]
