"""What a reader can do with an exchange (`acting.js`)."""

from typing import Any

from modules_rig import Modules

ONE: dict[str, Any] = {
    "number": 7,
    "verdict": "miss",
    "tone": "miss",
    "answer": [],
    "differences": [],
    "nearest": "a.md:5",
    "can_ask": True,
    "can_answer": True,
    "curl": "curl x",
    "json": "",
    "settings": {},
}
SHOW = """
const acting = await load("acting");
const { data } = await load("model");
Object.assign(data.state, { folder: "/it", is_offline: given.offline ?? false });
document.getElementById("detail").replaceChildren(acting.actions(given.one), acting.answerBox(given.one));
const ids = [...document.querySelectorAll("#detail button")].map((one) => one.id || one.dataset.copy);
"""


def test_a_miss_can_be_answered_and_its_question_accepted(modules: Modules) -> None:
    ids = modules.run(SHOW + "return ids;", {"one": ONE})
    assert [name for name in ids if name in ("save", "add", "accept", "resend", "open-file")] == [
        *("open-file", "resend", "save", "add", "accept")
    ]
    modules.answers["exchanges/7/answer"] = {"place": "b.md:3"}
    told = modules.run(
        SHOW
        + """
        document.getElementById("answer").value = "Because.";
        document.getElementById("save").click();
        const written = document.getElementById("written");
        await new Promise((done) => new MutationObserver(done).observe(written, { childList: true }));
        return [written.textContent, written.querySelector("a").href];
        """,
        {"one": ONE},
    )
    assert told == ["Saved in b.md:3", "vscode://file/it/b.md:3"]
    assert modules.asked[-1] == ("POST", "exchanges/7/answer", {"text": "Because."})


def test_who_is_offline_or_has_nothing_to_ask_is_not_offered_to_ask(modules: Modules) -> None:
    for given in ({"one": ONE, "offline": True}, {"one": ONE | {"can_ask": False}}):
        assert "resend" not in modules.run(SHOW + "return ids;", given)


def test_what_there_is_is_copied(modules: Modules) -> None:
    found = modules.run(
        """
        const { copyAs } = await load("acting");
        copyAs(given, "curl");
        await new Promise((done) => setTimeout(done));
        const text = await navigator.clipboard.readText();
        copyAs(given, "json");
        return [text, document.getElementById("note").textContent];
        """,
        ONE,
    )
    assert found == ["curl x", "There is nothing to copy as JSON"]
