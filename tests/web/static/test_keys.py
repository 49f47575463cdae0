"""The keyboard (`keys.js`)."""

from typing import Any

from modules_rig import Modules

START = """
const { on, view } = await load("model");
const { start } = await load("keys");
start();
const seen = [];
for (const name of ["group", "tab", "filter"]) on(name, (value) => seen.push([name, value ?? null]));
const press = (key, target = document.body, more = {}) => target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
const filter = document.getElementById("filter");
"""


def shown(modules: Modules, script: str) -> Any:
    return modules.run(START + script)


def test_keys_do_what_they_say(modules: Modules) -> None:
    found = shown(
        modules,
        """
        for (const key of ["g", "2", "/"]) press(key);
        return [seen, document.activeElement.id];
        """,
    )
    assert found == [[["group", None], ["tab", "transcripts"]], "filter"]


def test_who_types_or_uses_the_browser_is_left_alone(modules: Modules) -> None:
    found = shown(
        modules,
        """
        press("g", filter);
        press("g", document.body, { ctrlKey: true });
        view.tab = "overview";
        press("g");
        press("1");
        return seen;
        """,
    )
    assert found == [["tab", "exchanges"]]


def test_all_keys_are_listed(modules: Modules) -> None:
    keys, is_open = shown(
        modules,
        """
        press("?");
        const dialog = document.getElementById("keys");
        return [[...dialog.querySelectorAll("kbd")].map((one) => one.textContent), dialog.open];
        """,
    )
    assert is_open
    assert {"j", "↓", "k", "↑", "→", "/", "d", "n", "p", "e", "s", "?", "Esc"} <= {*keys}
