"""JSON that is searched (`finding.js`)."""

import json

from modules_rig import Modules

TEXT = json.dumps(
    {
        "model": "m",
        "messages": [{"role": "user", "content": "a\nNeedle"}, {"needle": [1, {"x": "needle"}]}],
        "more": [*range(250), "the last needle"],
    }
)


def test_what_is_found_is_opened_and_gone_through(modules: Modules) -> None:
    found = modules.run(
        """
        const { searched } = await load("finding");
        const made = searched(given, "request", 1);
        document.body.replaceChildren(made);
        const box = made.querySelector("input");
        const told = () => [made.querySelector("[role=status]").textContent, made.querySelector(".here")?.textContent.slice(-20)];
        const press = (key, shiftKey = false) => box.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey }));
        box.value = "Needle";
        box.dispatchEvent(new Event("input"));
        const seen = [told()];
        for (const isBack of [false, false, true, true]) { press("Enter", isBack); seen.push(told()); }
        press("Enter", true);
        seen.push([...told(), made.querySelector(".here").checkVisibility()]);
        box.value = "nowhere";
        box.dispatchEvent(new Event("input"));
        return [...seen, told()];
        """,
        TEXT,
    )
    assert [one[0] for one in found] == [
        "1 of 4", "2 of 4", "3 of 4", "2 of 4", "1 of 4", "4 of 4", "nothing",
    ]  # fmt: skip
    assert found[0][1].endswith("Needle")
    assert found[2][1] == '"x": "needle"'
    assert found[5][1:] == ['"the last needle"', True]
    assert found[6][1] is None


def test_deep_json_is_searched_as_far_as_people_nest(modules: Modules) -> None:
    found = modules.run(
        """
        const { places } = await load("finding");
        const { parsed } = await load("json");
        return places(parsed("[".repeat(300) + '"x"' + "]".repeat(300)), "x").length;
        """
    )
    assert found == 0
