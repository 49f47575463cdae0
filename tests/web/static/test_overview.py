"""The session at a glance (`overview.js`)."""

from typing import Any

from modules_rig import Modules

START = """
const { data, on, view } = await load("model");
const overview = await load("overview");
view.tab = "overview";
data.rows = given;
await overview.draw();
const shown = document.getElementById("overview");
const titles = () => [...shown.querySelectorAll(".panel h2")].map((one) => one.textContent);
const figures = () => [...shown.querySelectorAll(".figure")].map((one) => one.textContent);
"""
UPSTREAM = {
    "name": "here",
    "asked": 4,
    "failed": 1,
    "in_flight": 0,
    "left_alone_s": 0,
    "reason": "",
}


def row(number: int, verdict: str, **more: Any) -> dict[str, Any]:
    at = f"2026-09-21T14:13:{number:02}.000Z"
    common = {"tone": verdict, "word": verdict, "model": "m", "words": f"n{number}", "target": "x"}
    return {"number": number, "at": at, "ms": 10, "verdict": verdict, **common, **more}


def shown(modules: Modules, rows: list[dict[str, Any]], script: str) -> Any:
    modules.answers["health"] = {"upstreams": [UPSTREAM]}
    modules.answers["transcripts"] = {"transcripts": []}
    return modules.run(START + script, rows)


def test_it_sums_up_what_was_asked_saved_and_spent(modules: Modules) -> None:
    rows = [
        row(1, "hit", saved_ms=2000, cost=0.5),
        row(2, "miss", differs="the user message differs: x"),
        row(3, "recorded", cost=0.25, tokens=[10, 5]),
        row(4, "failed"),
    ]
    titles, figures = shown(modules, rows, "return [titles(), figures()];")
    assert titles == [
        *("Requests", "Latency", "Upstreams", "Misses by reason", "What cost most"),
        *("Tokens", "The folder"),
    ]
    assert figures == [
        "25 %hit rate, 1 of 4",
        "2.00 swaiting saved by hits",
        "$0.50saved by hits",
        "1miss",
        "1failed",
        "$0.25spent upstream",
        "15tokens asked upstream",
    ]


def test_what_cost_most_leads_to_its_exchange(modules: Modules) -> None:
    rows = [row(1, "recorded", cost=0.1), row(2, "recorded", cost=0.9)]
    found = shown(
        modules,
        rows,
        """
        const chosen = new Promise((done) => on("choose", (one) => done(one.number)));
        [...shown.querySelectorAll(".rank")].find((one) => one.textContent.includes("$0.90")).click();
        return chosen;
        """,
    )
    assert found == 2


def test_of_nothing_it_still_says_how_the_upstreams_are(modules: Modules) -> None:
    text = shown(modules, [], "return shown.textContent;")
    assert text.startswith("Nothing has been asked yet.")
    assert "✓ well" in text
    assert "1 failed (25 %)" in text
