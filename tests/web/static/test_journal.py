"""The exchanges as the page loads them and keeps them up to date (`journal.js`)."""

import json
from typing import Any

from modules_rig import Modules

ENTRY = {"verdict": "hit", "tone": "hit", "model": "m", "words": "Hi", "target": "POST /v1/x"}


def brief(*numbers: int) -> dict[str, Any]:
    at, many = 1_790_000_000_000, len(numbers)
    own = {"numbers": numbers, "at": [at] * many, "us": [1500] * many, "of": [0] * many}
    return {"entries": [ENTRY], **own}


def test_rows_that_share_an_entry_are_put_together(modules: Modules) -> None:
    found = modules.run(
        "const { whole } = await load('journal'); return whole(given);", brief(7, 8)
    )
    assert [row["number"] for row in found] == [7, 8]
    assert found[0] == ENTRY | {"number": 7, "at": "2026-09-21T14:13:20.000Z", "ms": 1.5}


def test_the_newest_come_first_and_then_the_older_ones(modules: Modules) -> None:
    first = "exchanges?q=&brief=1&limit=200"
    older = "exchanges?q=&brief=1&before=3&limit=2500"
    modules.answers[first] = {"exchanges": brief(3, 4), "latest": 4}
    modules.answers[older] = {"exchanges": brief(1, 2), "latest": 4}
    last = "exchanges?q=&brief=1&before=1&limit=2500"
    modules.answers[last] = {"exchanges": brief(), "latest": 4}
    found = modules.run(
        """
        const { load: fetchAll } = await load("journal");
        const { data, on } = await load("model");
        const seen = [];
        on("rows", () => seen.push(data.rows.map((row) => row.number)));
        await fetchAll();
        return seen;
        """
    )
    assert found == [[3, 4], [1, 2, 3, 4], [1, 2, 3, 4]]
    assert [path for _, path, _ in modules.asked if path.startswith("exchanges")] == [
        *(first, older, last)
    ]


def test_news_are_added_and_a_connection_that_ends_is_told(modules: Modules) -> None:
    modules.answers["exchanges?q=&brief=1&limit=200"] = {"exchanges": brief(), "latest": 4}
    told = json.dumps({"version": 2, "latest": 6, "held": []})
    modules.streams["events?q=&brief=1&after=4"] = (
        f"event: rows\nid: 6\ndata: {json.dumps(brief(5, 6))}\n\n"
        f"event: state\nid: 6\ndata: {told}\n\n"
    )
    found = modules.run(
        """
        const { load: fetchAll } = await load("journal");
        const { data, on } = await load("model");
        const away = new Promise((done) => on("state", () => { if (data.state.isAway) done(); }));
        await fetchAll();
        await away;
        return [data.rows.map((row) => row.number), data.latest, data.state.version];
        """
    )
    assert found == [[5, 6], 6, 2]


def test_a_saved_session_is_searched_in_the_page(modules: Modules) -> None:
    rows = [
        {"number": 1, "verdict": "hit", "words": "Spain", "model": "a"},
        {"number": 2, "verdict": "miss", "words": "Spain", "model": "a"},
        {"number": 3, "verdict": "miss", "words": "France", "model": "verdict:hit"},
    ]
    modules.save(rows)
    found = modules.run(
        """
        const { load: fetchAll } = await load("journal");
        const { data, view } = await load("model");
        const found = [];
        for (const query of given) {
          view.query = query;
          await fetchAll();
          found.push(data.rows.map((row) => row.number));
        }
        return found;
        """,
        ["", "spain", "verdict:miss", "-spain", "spain -verdict:hit"],
    )
    assert found == [[1, 2, 3], [1, 2], [2, 3], [3], [2]]
