"""What is said to those who cannot see the page (`news.js`)."""

from typing import Any

from modules_rig import Modules

START = """
const { data, emit } = await load("model");
const { start } = await load("news");
start();
const news = document.getElementById("news");
const said = [];
const told = () => new Promise((done) => new MutationObserver(() => done(news.textContent)).observe(news, { childList: true, characterData: true, subtree: true }));
new MutationObserver(() => said.push(news.textContent)).observe(news, { childList: true, characterData: true, subtree: true });
const rows = (...tones) => emit("rows", { added: tones.map((tone) => ({ tone })), dropped: [] });
"""


def shown(modules: Modules, script: str) -> Any:
    return modules.run(START + script)


def test_while_exchanges_stream_in_it_is_quiet_and_sums_up_when_they_rest(modules: Modules) -> None:
    found = shown(
        modules,
        """
        for (let at = 0; at < 100; at++) { rows("hit", at % 50 ? "hit" : "miss"); await new Promise(requestAnimationFrame); }
        const before = [...said];
        return [before, await told()];
        """,
    )
    assert found == [[], "200 new exchanges, 2 missed"]


def test_what_a_filter_leaves_is_said_once(modules: Modules) -> None:
    found = shown(
        modules,
        """
        emit("filter");
        data.rows = [{}, {}];
        emit("rows", { isOther: true });
        emit("rows", {});
        await told();
        return said;
        """,
    )
    assert found == ["2 exchanges shown"]


def test_who_waits_and_what_is_broken_is_said_at_once(modules: Modules) -> None:
    found = shown(
        modules,
        """
        const next = async (state) => {
          const soon = told();
          Object.assign(data.state, state);
          emit("state", {});
          emit("state", {});
          return soon;
        };
        await next({ held: ["a.md:3"] });
        await next({ problems: 2 });
        await next({ isAway: true });
        await next({ isAway: false });
        return said;
        """,
    )
    assert found == [
        "1 client waiting for an answer",
        "2 transcripts broken",
        "Not connected",
        "Connected again",
    ]


def test_nothing_else_of_the_list_is_said(modules: Modules) -> None:
    found = modules.run(
        'return [...document.querySelectorAll("[role=status], [role=alert], [aria-live]")].map((one) => one.id);'
    )
    assert found == ["note", "news"]
