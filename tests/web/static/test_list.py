"""The list, of which only those lines are there that are seen (`list.js`)."""

from typing import Any

from modules_rig import Modules

START = """
const { data, emit, view } = await load("model");
const list = await load("list");
const frame = () => new Promise(requestAnimationFrame);
const row = (number) => ({ number, at: new Date(number * 1000).toISOString(), ms: 1, verdict: "hit", tone: "hit", mark: "✓", word: "hit", target: "POST /x", model: "m", api: "", words: `n${number}`, said: "" });
const from = (first, last) => Array.from({ length: last - first + 1 }, (_, at) => row(first + at));
const there = () => [...document.querySelectorAll("#rows .row")].map((one) => [Number(one.dataset.number), one.style.transform, one.getAttribute("aria-posinset")]);
const add = (first, last) => { const more = from(first, last); data.rows.push(...more); emit("rows", { added: more, dropped: [] }); };
list.start();
data.rows = from(1, 1000);
emit("rows", { isOther: true });
await frame();
"""


def shown(modules: Modules, script: str) -> Any:
    return modules.run(START + script)


def test_only_what_is_seen_is_there_the_newest_on_top(modules: Modules) -> None:
    lines = shown(modules, "return there();")
    assert 20 < len(lines) < 60
    assert lines[0] == [1000, "translateY(0px)", "1"]
    assert [number for number, _, _ in lines] == list(range(1000, 1000 - len(lines), -1))


def test_a_few_lines_are_made_in_each_frame_while_exchanges_stream_in(modules: Modules) -> None:
    first, last = shown(
        modules,
        """
        add(1001, 1500);
        await frame();
        const first = there();
        for (let at = 0; at < 20; at++) await frame();
        return [first, there()];
        """,
    )
    assert [number for number, _, _ in first[:10]] == [*range(1500, 1492, -1), 992, 991]
    assert len(first) == len(last)
    assert [number for number, _, _ in last] == list(range(1500, 1500 - len(last), -1))
    assert [place for _, _, place in last] == [str(at + 1) for at in range(len(last))]


def test_the_state_that_comes_along_does_not_hurry_the_lines(modules: Modules) -> None:
    lines = shown(
        modules,
        """
        add(1001, 1500);
        emit("rows", { isKnown: true });
        await frame();
        return there();
        """,
    )
    assert [number for number, _, _ in lines[:10]] == [*range(1500, 1492, -1), 992, 991]


def test_a_line_that_is_still_seen_moves_down_as_it_is(modules: Modules) -> None:
    is_same = shown(
        modules,
        """
        const before = document.querySelector("[data-number='1000']");
        add(1001, 1003);
        await frame();
        const now = document.querySelector("[data-number='1000']");
        return [now === before, now.style.transform];
        """,
    )
    assert is_same == [True, "translateY(84px)"]


def test_what_is_read_stays_where_it_is(modules: Modules) -> None:
    before, after, unread = shown(
        modules,
        """
        const element = document.getElementById("list");
        const top = () => document.querySelector("[data-number='900']").getBoundingClientRect().top;
        element.scrollTop = 2800;
        await frame(); await frame();
        const before = top();
        add(1001, 1500);
        for (let at = 0; at < 20; at++) await frame();
        return [before, top(), document.getElementById("unread").textContent];
        """,
    )
    assert before == after
    assert unread == "↑ 500 new exchanges"
