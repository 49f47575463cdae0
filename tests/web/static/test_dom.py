"""Elements and small texts (`dom.js`)."""

from modules_rig import Modules


def test_what_is_put_in_is_text_and_never_html(modules: Modules) -> None:
    found = modules.run(
        """
        const { h } = await load("dom");
        const made = h("p", { title: given, "aria-label": given }, given, null, "", undefined, [given]);
        return [made.innerHTML, made.title, made.children.length];
        """,
        "<img src=x onerror=alert(1)>",
    )
    escaped = "&lt;img src=x onerror=alert(1)&gt;"
    assert found == [escaped * 2, "<img src=x onerror=alert(1)>", 0]


def test_a_listener_is_called_and_a_role_is_an_attribute(modules: Modules) -> None:
    found = modules.run(
        """
        const { button } = await load("dom");
        let count = 0;
        const made = button("Go", () => { count++; }, { role: "tab", class: "quiet", id: "go" });
        made.click();
        return [count, made.getAttribute("role"), made.className, made.id, made.type];
        """
    )
    assert found == [1, "tab", "quiet", "go", "button"]


NUMBERS = [
    ("duration", 0.04, "< 0.1 ms"),
    ("duration", 4.26, "4.3 ms"),
    ("duration", 999, "999 ms"),
    ("duration", 1500, "1.50 s"),
    ("duration", 15_000, "15.0 s"),
    ("duration", 61_000, "1 min 1 s"),
    ("duration", 119_700, "2 min 0 s"),
    ("money", 0, ""),
    ("money", 0.00123, "$0.0012"),
    ("money", 1.5, "$1.50"),
    ("bytes", 100, "100 B"),
    ("bytes", 2048, "2.0 KB"),
    ("bytes", 3 << 20, "3.0 MB"),
    ("short", 9_999, "9,999"),
    ("short", 12_345, "12.3k"),
    ("short", 2_500_000, "2.5M"),
]


def test_numbers_are_short_for_people(modules: Modules) -> None:
    script = "const dom = await load('dom'); return given.map(([name, value]) => dom[name](value));"
    found = modules.run(script, [[name, value] for name, value, _ in NUMBERS])
    assert found == [told for _, _, told in NUMBERS]


def test_what_is_copied_is_in_the_clipboard_and_told(modules: Modules) -> None:
    found = modules.run(
        """
        const { copy, $ } = await load("dom");
        await copy("@text", "a text");
        return [await navigator.clipboard.readText(), $("note").textContent, $("note").hidden];
        """
    )
    assert found == ["@text", "Copied a text", False]


def test_settings_are_kept(modules: Modules) -> None:
    keeps = "const dom = await load('dom'); dom.kept('x', given);"
    asks = "const dom = await load('dom'); return dom.kept('x');"
    assert modules.run(asks) is None
    modules.run(keeps, "y")
    assert modules.run(asks) == "y"


def test_arrows_move_in_a_list_of_tabs(modules: Modules) -> None:
    found = modules.run(
        """
        const { tabs } = await load("dom");
        const chosen = [];
        const make = (name) => {
          const made = tabs("Parts", [["a", "A"], ["b", "B"]], name, (next) => { chosen.push(next); make(next); });
          document.getElementById("detail").replaceChildren(made);
          return made;
        };
        make("a").dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true, cancelable: true }));
        const [a, b] = document.querySelectorAll("[role=tab]");
        return [chosen, a.tabIndex, b.tabIndex, b.getAttribute("aria-selected")];
        """
    )
    assert found == [["b"], -1, 0, "true"]
