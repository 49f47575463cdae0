"""Exchanges that belong together (`groups.js`)."""

from typing import Any

from modules_rig import Modules

START = """
const { Conversations, linesOf, summary } = await load("groups");
const row = (number, thread, turn = 0, more = {}) => ({ number, thread, turn, tone: "hit", at: new Date(number * 1000).toISOString(), ms: 500, ...more });
const told = (conversations) => conversations.found.map((group) => group.rows.map((one) => one.number));
const conversations = new Conversations();
"""


def shown(modules: Modules, script: str) -> Any:
    return modules.run(START + script)


def test_turns_that_go_on_are_one_conversation(modules: Modules) -> None:
    found = shown(
        modules,
        """
        conversations.add([row(1, "a"), row(2, "b"), row(3, "a", 1), row(4), row(5, "a", 0), row(6, "a", 1)]);
        return told(conversations);
        """,
    )
    assert found == [[1, 3], [2], [4], [5, 6]]


def test_sessions_are_kept_apart_and_a_question_after_a_failure_belongs_to_it(
    modules: Modules,
) -> None:
    found = shown(
        modules,
        """
        conversations.add([row(1, "a", 0, { tone: "failed" }), row(2, "a", 0, { session: "s" }), row(3, "a")]);
        return told(conversations);
        """,
    )
    assert found == [[1, 3], [2]]


def test_the_oldest_exchanges_leave_their_conversations(modules: Modules) -> None:
    found = shown(
        modules,
        """
        const rows = [row(1, "a"), row(2, "b"), row(3, "a", 1), row(4, "b", 1)];
        conversations.add(rows);
        const seen = [];
        for (const one of rows.slice(0, 3)) {
          conversations.drop([one]);
          seen.push(told(conversations));
        }
        conversations.add([row(5, "a", 1), row(6, "b", 2)]);
        return [...seen, told(conversations)];
        """,
    )
    assert found == [[[3], [2, 4]], [[3], [4]], [[4]], [[4, 6], [5]]]


def test_the_newest_line_is_the_first_and_an_open_conversation_shows_its_turns(
    modules: Modules,
) -> None:
    found = shown(
        modules,
        """
        const rows = [row(1, "a"), row(2, "b"), row(3, "a", 1)];
        conversations.add(rows);
        const keys = (how) => linesOf(rows, conversations, { grouped: true, sort: "", isUp: false, opened: new Set(), ...how }).map((line) => line.key);
        return [keys({}), keys({ opened: new Set(["g1"]) }), keys({ grouped: false }), keys({ sort: "time", isUp: true })];
        """,
    )
    assert found == [["r2", "g1"], ["r2", "g1", "r1", "r3"], ["r3", "r2", "r1"], ["r1", "r2", "r3"]]


def test_a_conversation_is_summed_up(modules: Modules) -> None:
    found = shown(
        modules,
        """
        const tools = [{ name: "run", failed: true }, { name: "read", failed: false }];
        conversations.add([row(1, "a", 0, { tokens: [10, 2], cost: 0.5 }), row(2, "a", 1, { tone: "miss", tokens: [20, 3], tools })]);
        const { worst, ...all } = summary(conversations.found[0]);
        return [worst.number, all.span, all.tools, all.failed, all.asked, all.said, all.cost];
        """,
    )
    assert found == [2, 1500, 2, ["run"], 30, 5, 0.5]
