"""JSON that folds (`json.js`)."""

import json
from typing import Any

from modules_rig import Modules


def shown(modules: Modules, text: str, script: str) -> Any:
    start = 'const { json } = await load("json"); const made = json(given, "request", 2);'
    return modules.run(start + script, text)


def test_the_first_levels_are_open_and_numbers_keep_their_digits(modules: Modules) -> None:
    text = '{"a": {"b": {"c": 1}}, "n": 12345678901234567890, "f": 1.0, "e": []}'
    found = shown(
        modules,
        text,
        """
        const open = [...made.querySelectorAll("details")].map((one) => one.open);
        return [open, [...made.querySelectorAll(".c-n")].map((one) => one.textContent)];
        """,
    )
    assert found == [[True, True, False], ["12345678901234567890", "1.0"]]


def test_a_member_that_opens_is_filled_then_and_long_lists_go_on(modules: Modules) -> None:
    found = shown(
        modules,
        json.dumps(list(range(450))),
        """
        const list = made.querySelector("details");
        const leaves = () => made.querySelectorAll(".leaf").length;
        const seen = [leaves()];
        list.open = true;
        await new Promise((done) => list.addEventListener("toggle", () => setTimeout(done), { once: true }));
        seen.push(leaves());
        for (let more; (more = made.querySelector(".more"));) { more.click(); seen.push(leaves()); }
        return seen;
        """,
    )
    assert found == [0, 200, 400, 450]


def test_what_is_no_json_is_shown_as_it_is(modules: Modules) -> None:
    for text in ("no json", "12", '{"a":'):
        assert shown(modules, text, "return made.querySelector('pre').textContent;") == text


def test_a_long_text_is_one_line_that_opens(modules: Modules) -> None:
    text = "first\n" + "x" * 400
    hint, whole = shown(
        modules,
        json.dumps({"text": text}),
        "return [made.querySelector('.long summary').textContent, made.querySelector('.long pre').textContent];",
    )
    assert hint == '"first…" 406 characters'
    assert whole == text
