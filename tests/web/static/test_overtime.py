"""The session over time (`overtime.js`)."""

from typing import Any

from modules_rig import Modules

SHOW = """
const { overTime } = await load("overtime");
const rows = given.map(([at, tone, ms, tokens]) => ({ at: new Date(1.7e12 + at).toISOString(), tone, ms, tokens }));
const panels = overTime(rows);
const texts = (panel, place) => [...panel.querySelectorAll(place)].map((one) => one.textContent);
for (const panel of panels) if (panel) document.getElementById("overview").append(panel);
document.getElementById("overview").hidden = false;
await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
"""
ROWS: list[list[Any]] = [
    [0, "hit", 1, None],
    [10, "hit", 2, None],
    [20, "failover", 3, None],
    [60_000, "recorded", 900, [1200, 30]],
]


def shown(modules: Modules, script: str, rows: list[list[Any]] = ROWS) -> Any:
    return modules.run(SHOW + script, rows)


def test_requests_are_stacked_by_what_became_of_them(modules: Modules) -> None:
    titles, names = shown(
        modules,
        "return [texts(panels[0], 'svg title').map((one) => one.replace(/^.*?: /, '')), texts(panels[0], '.legend li')];",
    )
    assert titles == ["2 hit", "1 failed", "1 recorded"]
    assert names == ["hit", "recorded", "failed"]


def test_latency_is_told_in_words_too(modules: Modules) -> None:
    text, dots = shown(
        modules, "return [texts(panels[1], 'p'), panels[1].querySelectorAll('circle').length];"
    )
    assert text == ["Half took less than 3.0 ms, 95 of 100 less than 900 ms."]
    assert dots == len(ROWS)


def test_tokens_are_there_if_any_were_counted(modules: Modules) -> None:
    found = shown(
        modules, "return texts(panels[2], 'svg title').map((one) => one.replace(/^.*?: /, ''));"
    )
    assert found == ["1,200 tokens in", "30 tokens out"]
    assert shown(modules, "return panels[2];", ROWS[:3]) == ""


def test_the_times_of_a_short_session_differ(modules: Modules) -> None:
    script = "return texts(panels[0], 'svg text').filter((one) => one.includes(':')).map((one) => one.length);"
    assert shown(modules, script) == [len("12:00:00")] * 3
    assert shown(modules, script, ROWS[:3]) == [len("12:00:00.000")] * 3
