"""The keyboard stays where it was (`focus.js`)."""

from typing import Any

from modules_rig import Modules

START = """
const { redraw } = await load("focus");
const { h } = await load("dom");
const room = h("div", { tabIndex: -1 });
document.body.append(room);
const at = () => document.activeElement.id || document.activeElement.title || document.activeElement.tagName;
const fill = (...names) => room.replaceChildren(...names.map((name) => h("button", { title: name }, name)));
fill("a", "b");
"""


def shown(modules: Modules, script: str) -> Any:
    return modules.run(START + script)


def test_it_is_on_the_element_of_the_same_name_or_where_is_said(modules: Modules) -> None:
    found = shown(
        modules,
        """
        const seen = [];
        room.children[1].focus();
        redraw(room, () => fill("c", "b"));
        seen.push(at());
        redraw(room, () => fill("d", "e"));
        seen.push(at());
        redraw(room, () => fill("f", "g"), () => room.lastChild);
        seen.push(at());
        return seen;
        """,
    )
    assert found == ["b", "d", "g"]


def test_it_is_not_taken_from_elsewhere_nor_from_what_was_given_it(modules: Modules) -> None:
    found = shown(
        modules,
        """
        const filter = document.getElementById("filter");
        filter.focus();
        redraw(room, () => fill("c"));
        const before = at();
        room.firstChild.focus();
        redraw(room, () => { fill("c"); filter.focus(); });
        return [before, at()];
        """,
    )
    assert found == ["filter", "filter"]


def test_who_types_goes_on_at_the_same_letter(modules: Modules) -> None:
    found = shown(
        modules,
        """
        const area = () => room.replaceChildren(h("textarea", { id: "text", value: "abcdef" }));
        area();
        room.firstChild.focus();
        room.firstChild.setSelectionRange(2, 4);
        redraw(room, area);
        return [at(), room.firstChild.selectionStart, room.firstChild.selectionEnd];
        """,
    )
    assert found == ["text", 2, 4]
