"""How the upstreams are (`upstreams.js`)."""

from typing import Any

from modules_rig import Modules

WELL: dict[str, Any] = {
    "name": "a",
    "model": "gpt-*",
    "asked": 1200,
    "failed": 0,
    "left_alone_s": 0,
    "first_byte_ms": 250,
    "in_flight": 1,
    "limit": 4,
    "waiting": 2,
}
ILL = WELL | {
    "name": "b",
    "failed": 300,
    "left_alone_s": 12,
    "reason": "b: connection refused",
    "limit": None,
    "waiting": 0,
}
SHOW = """
const { upstreams } = await load("upstreams");
const chosen = [];
const made = upstreams(given.known, given.rows, (one, isOnly) => chosen.push([one.name, isOnly]));
const texts = (place) => [...made.querySelectorAll(place)].map((one) => one.textContent);
made.querySelector?.("button.failed")?.click();
"""


def row(number: int, upstream: str, tone: str = "recorded", ms: float = 9) -> dict[str, Any]:
    own = {"number": number, "upstream": upstream, "tone": tone, "verdict": tone, "word": tone}
    return {**own, "ms": ms, "status": 200}


def test_each_says_whether_it_is_well_and_how_much_failed(modules: Modules) -> None:
    found = modules.run(
        SHOW + "return [texts('.head span'), texts('p'), chosen];",
        {"known": [WELL, ILL], "rows": []},
    )
    assert found == [
        ["✓ well", "✗ left alone for 12 s"],
        [
            "for gpt-* · 1,200 asked · none failed · first byte after 250 ms · 1 of 4 in flight"
            " · 2 wait for a place",
            "for gpt-* · 1,200 asked · 300 failed (25 %) · first byte after 250 ms · 1 in flight",
            "The latest failure: connection refused",
        ],
        [["b", False]],
    ]


def test_a_bar_stands_for_each_of_the_latest_requests_that_it_got(modules: Modules) -> None:
    rows = [row(at, "a") for at in range(50)]
    rows += [row(60, "b", "failed", 0), row(61, "a", "hit") | {"upstream": ""}]
    found = modules.run(
        SHOW
        + "return [...made.querySelectorAll('.strip')].map((one) => [one.ariaLabel, one.children.length, one.lastChild.title, one.lastChild.style.height]);",
        {"known": [WELL, ILL], "rows": rows},
    )
    assert found == [
        ["The latest 40 requests of a: none failed", 40, "#49: recorded 200, 9.0 ms", "36%"],
        ["The latest 1 request of b: 1 failed", 1, "#60: failed 200, 0 ms", "20%"],
    ]


def test_without_upstreams_there_is_nothing(modules: Modules) -> None:
    assert modules.run(SHOW + "return made;", {"known": [], "rows": []}) == ""
