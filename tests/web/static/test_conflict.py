"""What is said when a file has changed meanwhile (`conflict.js`)."""

from typing import Any

from modules_rig import Modules

SCRIPT = """
const { conflict } = await load("conflict");
const told = document.createElement("div");
const taken = [];
conflict(told, Object.assign(new Error("changed"), { told: given }), (text) => taken.push(["mine", text]), (text) => taken.push(["theirs", text]));
const shown = told.textContent;
for (const button of told.querySelectorAll("button")) button.click();
return [shown, taken, told.textContent];
"""


def test_both_texts_are_there_to_choose_from(modules: Modules) -> None:
    shown, taken, left = modules.run(SCRIPT, {"current": "<b>Theirs</b>"})
    assert "changed<b>Theirs</b>Save mine" in shown
    assert taken == [["mine", "<b>Theirs</b>"], ["theirs", "<b>Theirs</b>"]]
    assert left == ""


def test_without_another_text_there_is_only_the_reason(modules: Modules) -> None:
    for given in ({"current": None}, {}, None):
        found: Any = modules.run(SCRIPT, given)
        assert found == ["changed", [], "changed"]
