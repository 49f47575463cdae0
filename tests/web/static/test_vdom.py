"""Elements are created from descriptions, and patched (`vdom.js`)."""

from modules_rig import Modules

START = """
const { create, patch, vnode } = await load("vdom");
const room = document.createElement("div");
const first = (node) => { room.replaceChildren(create(node)); return room.firstChild; };
"""


def test_an_element_is_created_as_described(modules: Modules) -> None:
    found = modules.run(
        START
        + """
        const node = vnode("p", { class: "a", title: null, "style.width": "5%" }, "one ", ["", null, vnode("b", {}, 2)]);
        const made = first(node);
        return [room.innerHTML, made.childNodes.length];
        """
    )
    assert found == ['<p class="a" style="width: 5%;">one <b>2</b></p>', 2]


def test_only_what_differs_is_changed(modules: Modules) -> None:
    found = modules.run(
        START
        + """
        const before = vnode("p", { class: "a", title: "x", "style.width": "5%" }, vnode("b", {}, "same"), vnode("i", {}, "old"), "more");
        const now = vnode("p", { class: "a", "style.width": "6%" }, vnode("b", {}, "same"), vnode("i", {}, "new"), "more");
        const made = first(before);
        const kept = [...made.childNodes, made.querySelector("i").firstChild];
        const changes = [];
        const watching = new MutationObserver(() => {});
        watching.observe(room, { attributes: true, characterData: true, childList: true, subtree: true });
        patch(made, before, now);
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


def test_another_kind_of_element_replaces_the_node(modules: Modules) -> None:
    found = modules.run(
        START
        + """
        const shapes = [
          vnode("p", {}, "text"),
          vnode("p", {}, vnode("b", {}, "one"), vnode("i", {}, "two")),
          vnode("p", {}, vnode("u", {}, "one"), "text", vnode("s", {}, "three")),
          vnode("p", {}),
        ];
        const node = first(shapes[0]);
        const texts = [];
        for (let at = 1; at < shapes.length; at++) {
          patch(node, shapes[at - 1], shapes[at]);
          texts.push(node.innerHTML);
        }
        return texts;
        """
    )
    assert found == ["<b>one</b><i>two</i>", "<u>one</u>text<s>three</s>", ""]
