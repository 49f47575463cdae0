"""Elements that are told in short, made and changed (`telling.js`)."""

from modules_rig import Modules

START = """
const { make, mend, t } = await load("telling");
const room = document.createElement("div");
const first = (told) => { room.replaceChildren(make(told)); return room.firstChild; };
"""


def test_an_element_is_made_as_it_is_told(modules: Modules) -> None:
    found = modules.run(
        START
        + """
        const told = t("p", { class: "a", title: null, "style.width": "5%" }, "one ", ["", null, t("b", {}, 2)]);
        const made = first(told);
        return [room.innerHTML, made.childNodes.length];
        """
    )
    assert found == ['<p class="a" style="width: 5%;">one <b>2</b></p>', 2]


def test_only_what_differs_is_touched(modules: Modules) -> None:
    found = modules.run(
        START
        + """
        const before = t("p", { class: "a", title: "x", "style.width": "5%" }, t("b", {}, "same"), t("i", {}, "old"), "more");
        const now = t("p", { class: "a", "style.width": "6%" }, t("b", {}, "same"), t("i", {}, "new"), "more");
        const made = first(before);
        const kept = [...made.childNodes, made.querySelector("i").firstChild];
        const changes = [];
        const watching = new MutationObserver(() => {});
        watching.observe(room, { attributes: true, characterData: true, childList: true, subtree: true });
        mend(made, before, now);
        const seen = watching.takeRecords().map((one) => one.attributeName ?? one.type);
        const isSame = room.firstChild === made && kept.every((node) => made.contains(node));
        return [room.innerHTML, isSame, seen];
        """
    )
    assert found == [
        '<p class="a" style="width: 6%;"><b>same</b><i>new</i>more</p>',
        True,
        ["style", "title", "characterData"],
    ]


def test_what_is_another_element_is_made_anew(modules: Modules) -> None:
    found = modules.run(
        START
        + """
        const shapes = [
          t("p", {}, "text"),
          t("p", {}, t("b", {}, "one"), t("i", {}, "two")),
          t("p", {}, t("u", {}, "one"), "text", t("s", {}, "three")),
          t("p", {}),
        ];
        const node = first(shapes[0]);
        const texts = [];
        for (let at = 1; at < shapes.length; at++) {
          mend(node, shapes[at - 1], shapes[at]);
          texts.push(node.innerHTML);
        }
        return texts;
        """
    )
    assert found == ["<b>one</b><i>two</i>", "<u>one</u>text<s>three</s>", ""]
