"""Editing an answer (`editing.js`)."""

from typing import Any

from modules_rig import Modules

ONE = {"number": 7, "place": "a.md:5"}
EDIT = """
const { edit } = await load("editing");
const { data } = await load("model");
data.current = given.one;
const part = document.createElement("div");
part.id = "part";
document.getElementById("detail").replaceChildren(part);
await edit(given.one, () => {}, given.text);
const area = document.getElementById("edited");
const note = document.getElementById("note").textContent;
const wait = (element) => new Promise((done) => new MutationObserver(done).observe(element, { childList: true }));
"""


def takes(*texts: str | None) -> dict[str, Any]:
    return {"takes": [{"is_this": at == 1, "text": text} for at, text in enumerate(texts)]}


def test_the_text_of_the_file_is_edited_or_one_that_is_given(modules: Modules) -> None:
    modules.answers["exchanges/7/takes"] = takes("other", "Ho")
    modules.answers["exchanges/7/edit"] = {"place": "a.md:5"}
    assert modules.run(EDIT + "return area.value;", {"one": ONE}) == "Ho"
    saved = """
    document.getElementById("save-edit").click();
    await wait(part);
    return part.textContent;
    """
    assert "Saved in a.md:5" in modules.run(EDIT + saved, {"one": ONE, "text": "Hey"})
    assert modules.asked[-1] == ("POST", "exchanges/7/edit", {"before": "Ho", "text": "Hey"})


def test_what_cannot_be_edited_is_told(modules: Modules) -> None:
    modules.answers["exchanges/7/takes"] = takes("other", None)
    assert "more than one text" in modules.run(EDIT + "return note;", {"one": ONE})
    modules.answers["exchanges/7/takes"] = takes("other")
    assert "not there any more" in modules.run(EDIT + "return note;", {"one": ONE})


def test_mine_is_saved_over_what_the_file_says_now(modules: Modules) -> None:
    modules.answers["exchanges/7/takes"] = takes("other", "Ho")
    modules.answers["exchanges/7/edit"] = (409, {"error": "changed", "current": "Theirs"})
    script = """
    document.getElementById("save-edit").click();
    const conflict = document.getElementById("conflict");
    await wait(conflict);
    conflict.querySelector("button").click();
    await wait(conflict);
    """
    modules.run(EDIT + script, {"one": ONE, "text": "Mine"})
    sent = [value for _, path, value in modules.asked if path.endswith("edit")]
    assert sent == [{"before": "Ho", "text": "Mine"}, {"before": "Theirs", "text": "Mine"}]
