"""The lines that are seen, each in its place (`places.js`)."""

from typing import Any

from modules_rig import Modules

START = """
const { Places } = await load("places");
const { vnode } = await load("vdom");
const parent = document.createElement("div");
const clicked = [];
const places = new Places(parent, (line) => clicked.push(line.key));
const lines = (...keys) => keys.map((key) => ({ key }));
let state = "";
const fill = (keys, most = Infinity, first = 0, last = keys.length) =>
  places.fill(lines(...keys), first, last, { each: 10, most, stateOf: () => state, tell: (line) => vnode("p", { id: line.key }, `${line.key}${state}`) });
const there = () => [...parent.children].map((one) => `${one.textContent}@${one.style.transform.slice(11, -3)}`).join(" ");
"""


def shown(modules: Modules, script: str) -> Any:
    return modules.run(START + script)


def test_lines_stand_in_their_order_each_in_its_place(modules: Modules) -> None:
    found = shown(
        modules,
        """
        fill(["a", "b", "c", "d"], Infinity, 1, 3);
        const aria = [...parent.children].map((one) => [one.getAttribute("aria-posinset"), one.getAttribute("aria-setsize")]);
        return [there(), aria];
        """,
    )
    assert found == ["b@10 c@20", [["2", "4"], ["3", "4"]]]


def test_a_line_that_is_seen_no_more_becomes_another_one(modules: Modules) -> None:
    found = shown(
        modules,
        """
        fill(["a", "b", "c"]);
        const [a, b, c] = parent.children;
        fill(["x", "a", "b"]);
        const isSame = parent.children[0] === c && parent.children[1] === a && parent.children[2] === b;
        c.click();
        return [there(), isSame, clicked];
        """,
    )
    assert found == ["x@0 a@10 b@20", True, ["x"]]


def test_of_many_new_lines_some_are_put_in_at_once(modules: Modules) -> None:
    found = shown(
        modules,
        """
        fill(["a", "b", "c"]);
        const seen = [];
        while (!seen.at(-1)?.[0]) seen.push([fill(["x", "y", "z"], 2), there()]);
        return seen;
        """,
    )
    assert found == [[False, "x@0 y@10 c@20"], [True, "x@0 y@10 z@20"]]


def test_fewer_lines_leave_no_element_and_other_looks_are_told_anew(modules: Modules) -> None:
    found = shown(
        modules,
        """
        fill(["a", "b", "c"]);
        state = "!";
        fill(["a", "c"]);
        const before = parent.children[0].firstChild;
        before.data = "changed by hand";
        places.forget();
        fill(["a", "c"]);
        return [there(), parent.children.length];
        """,
    )
    assert found == ["changed by hand@0 c!@10", 2]
