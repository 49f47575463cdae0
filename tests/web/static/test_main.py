"""The page as a whole, started (`main.js`)."""

import json
from typing import Any

from modules_rig import Modules

ROW = {
    "mark": "",
    "word": "",
    "target": "POST /v1/x",
    "model": "m",
    "api": "",
    "words": "",
    "said": "",
}
START = """
await load("main");
const { data, on } = await load("model");
const told = (id) => document.getElementById(id).textContent;
const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
while (!told("counts")) await frame();
"""


def started(modules: Modules, tones: list[str], script: str = "") -> Any:
    entries = [ROW | {"verdict": tone, "tone": tone} for tone in tones]
    places = list(range(len(tones)))
    own = {"numbers": [at + 1 for at in places], "at": [0] * len(tones), "us": [0] * len(tones)}
    rows = {"entries": entries, **own, "of": places}
    nothing: dict[str, Any] = {"entries": [], "numbers": [], "at": [], "us": [], "of": []}
    first = "exchanges?q=&brief=1&limit=200"
    modules.answers[first] = {"exchanges": rows, "latest": len(tones)}
    older = "exchanges?q=&brief=1&before=1&limit=2500"
    modules.answers[older] = {"exchanges": nothing, "latest": len(tones)}
    state = {"policy": "replay", "answers": 1, "files": 2, "held": [], "problems": 1, "latest": 4}
    modules.streams[f"events?q=&brief=1&after={len(tones)}"] = (
        f"event: state\ndata: {json.dumps(state)}\n\n"
    )
    modules.streams[f"events?q=is%3Ahit&brief=1&after={len(tones)}"] = ""
    modules.answers["exchanges?q=is%3Ahit&brief=1&limit=200"] = {
        "exchanges": nothing,
        "latest": len(tones),
    }
    return modules.run(START + script)


def test_it_counts_what_there_is_of_each_kind(modules: Modules) -> None:
    found = started(modules, ["hit", "hit", "failed", "failover"], "return told('counts');")
    assert found == "All 4Hits 2Failed 2"


def test_of_nothing_it_says_how_to_begin(modules: Modules) -> None:
    found = started(modules, [], "while (!told('empty')) await frame(); return told('empty');")
    assert "export OPENAI_BASE_URL=http://localhost:8910/v1" in found


def test_a_click_on_a_count_shows_only_those(modules: Modules) -> None:
    found = started(
        modules,
        ["hit", "miss"],
        """
        const chip = (name) => document.querySelector(`.count-chip[data-is='${name}']`);
        const chosen = () => new Promise((done) => on("filter", () => setTimeout(() => done(document.getElementById("filter").value))));
        const before = document.querySelectorAll(".count-chip").length;
        chip("hit").querySelector("b").click();
        return [before, await chosen(), location.search];
        """,
    )
    assert found == [3, "is:hit", "?q=is%3Ahit"]
