"""How a line of the list looks (`lines.js`)."""

from typing import Any

from modules_rig import Modules

ROW: dict[str, Any] = {
    "number": 7,
    "at": "2026-09-21T14:13:20.000Z",
    "ms": 1500,
    "verdict": "hit",
    "tone": "hit",
    "mark": "✓",
    "word": "hit",
    "target": "POST /v1/x",
    "api": "openai.chat",
    "model": "m",
    "status": 200,
    "words": "Fix <b>it</b>",
    "said": "Done",
    "turn": 0,
    "tokens": [1200, 30],
    "cost": 0.5,
}
SHOW = """
const { rowLine, groupLine } = await load("lines");
const { create } = await load("vdom");
const text = (made) => Object.fromEntries([...made.querySelectorAll(".cell")].map((one) => [one.classList[1], one.textContent]));
"""


def test_a_line_says_what_became_of_an_exchange(modules: Modules) -> None:
    name, cells, bold = modules.run(
        SHOW
        + "const made = create(rowLine({ row: given, level: 1 })); return [made.className, text(made), made.querySelector('.words b')];",
        ROW,
    )
    assert (name, bold) == ("row hit", None)
    assert cells["verdict"] == "✓hit"
    assert cells["words"] == "Fix <b>it</b>→ Done"
    assert (cells["tokens"], cells["cost"], cells["ms"]) == ("1,200 → 30", "$0.50", "1.50 s")


def test_a_turn_has_its_number(modules: Modules) -> None:
    found = modules.run(
        SHOW
        + "const made = create(rowLine({ row: given, level: 2 })); return [made.className, text(made).words];",
        ROW | {"turn": 2},
    )
    assert found == ["row hit inner", "3Fix <b>it</b>→ Done"]


def test_a_conversation_is_summed_and_shows_the_worst_and_which_tool_failed(
    modules: Modules,
) -> None:
    tools = [{"name": "run", "failed": True}, {"name": "read", "failed": False}]
    bad = {"tone": "failed", "word": "limited", "mark": "!", "status": 429}
    rows = [ROW, ROW | {"number": 8, "turn": 1, "tools": tools, "said": "Over"} | bad]
    name, is_open, cells, bars = modules.run(
        SHOW
        + """
        const made = create(groupLine({ key: "g7", group: { rows: given } }, true));
        return [made.className, made.ariaExpanded, text(made), made.querySelectorAll(".bar b").length];
        """,
        rows,
    )
    assert (name, is_open, bars) == ("row group failed", "true", 2)
    assert cells["flags"] == "2 turns"
    assert cells["verdict"] == "!limited"
    assert cells["words"].startswith("2 turns✗ run failedFix <b>it</b>→ Over")
    assert (cells["tokens"], cells["cost"]) == ("2,400 → 60", "$1.00")
