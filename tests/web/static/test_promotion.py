"""A recording that becomes a file written by hand (`promotion.js`)."""

from typing import Any

from modules_rig import Modules

ONE: dict[str, Any] = {
    "number": 7,
    "verdict": "recorded",
    "place": "t/what-is-it-1a2b3c.md:9",
    "settings": {"model": "m", "temperature": 0.2, "stream": True},
}


def test_only_recordings_are_promoted(modules: Modules) -> None:
    script = "const { canPromote } = await load('promotion'); return given.map(canPromote);"
    others = [{"verdict": "miss"}, {"place": ""}, {"verdict": "hit", "rule": "listed"}]
    assert modules.run(script, [ONE, *(ONE | other for other in others)]) == [
        *(True, False, False, False)
    ]


def test_its_name_and_the_settings_that_count_are_asked(modules: Modules) -> None:
    modules.answers["transcripts/promote"] = (409, {"error": "is there already"})
    found = modules.run(
        """
        const { promote } = await load("promotion");
        const part = document.createElement("div");
        part.id = "part";
        document.getElementById("detail").replaceChildren(part);
        promote(given, () => {});
        const boxes = [...part.querySelectorAll("input[type=checkbox]")];
        boxes[1].checked = true;
        const told = document.getElementById("promoted");
        const name = document.getElementById("promote-name").value;
        document.getElementById("promote-write").click();
        await new Promise((done) => new MutationObserver(done).observe(told, { childList: true }));
        return [name, boxes.map((box) => box.value), told.textContent];
        """,
        ONE,
    )
    assert found == ["what-is-it.md", ["model", "temperature"], "is there already"]
    _, path, sent = modules.asked[-1]
    assert path == "transcripts/promote"
    assert sent == {
        "path": "t/what-is-it-1a2b3c.md",
        "to": "what-is-it.md",
        "settings": ["temperature"],
    }
