"""How an answer came (`timing.js`)."""

from typing import Any

from modules_rig import Modules


def shown(modules: Modules, times: list[list[int]], **more: Any) -> list[str]:
    found: list[str] = modules.run(
        """
        const { timing } = await load("timing");
        const made = timing(given);
        document.body.append(...made);
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        return made.map((one) => one.textContent);
        """,
        {"times": times, "ms": 12.0, **more},
    )
    return found


def test_what_came_at_once_or_not_at_all_is_said_in_words(modules: Modules) -> None:
    assert shown(modules, []) == ["Nothing was sent."]
    assert shown(modules, [[12, 300]]) == ["All at once: 300 B, 12 ms after the request."]


def test_pieces_are_drawn_with_their_gaps_and_speed(modules: Modules) -> None:
    times = [[100, 10], [110, 10], [120, 10], [900, 10], [910, 10]]
    chart, text, facts = shown(modules, times, tokens=[5, 81])
    assert "first token, 100 ms" in chart
    assert "longest gap, 780 ms" in chart
    assert text == "5 pieces, 50 B: the first after 100 ms, the last after 910 ms."
    assert facts == "Between two pieces10 ms in the middle, 780 ms at mostSpeed100 tokens/s"
