"""What was asked is asked again (`resending.js`)."""

from typing import Any

from modules_rig import Modules

ONE: dict[str, Any] = {
    "number": 7,
    "model": "m",
    "verdict": "hit",
    "place": "a.md:5",
    "ms": 20,
    "answer": [{"role": "assistant", "blocks": []}],
}
TOLD: dict[str, Any] = {
    "to": "here",
    "model": "m2",
    "ms": 12,
    "first": 5,
    "tokens": [3, 4],
    "failure": "",
    "kind": "other words",
    "told": ["<i>x</i>"],
    "unsaid": ["seed"],
    "text": "New",
    "answer": [],
    "difference": {"lines": [{"kind": "asked", "pieces": [["New", True]]}]},
}
ASK = """
const { resend } = await load("resending");
const { data, on } = await load("model");
data.current = given;
const emitted = [];
on("edit", (one) => emitted.push(one.edited));
on("answer", ({ text }) => emitted.push(text));
const part = document.createElement("div");
part.id = "part";
document.getElementById("detail").replaceChildren(part);
await resend(given, () => {});
const before = document.getElementById("resent").textContent;
document.getElementById("resend-ask").click();
const resent = document.getElementById("resent");
while (document.getElementById("resend-ask").ariaDisabled === "true") await new Promise((done) => setTimeout(done, 5));
resent.querySelector("#resend-use, #resend-save")?.click();
return [before, resent.textContent, emitted, resent.querySelector("i")];
"""


def asked(modules: Modules, one: dict[str, Any], told: Any) -> Any:
    modules.answers["health"] = {"upstreams": [{"name": "here", "url": "http://x/v1"}]}
    modules.answers["exchanges/7/resend"] = told
    return modules.run(ASK, one)


def test_the_new_answer_stands_beside_the_recorded_one(modules: Modules) -> None:
    before, after, emitted, injected = asked(modules, ONE, TOLD)
    assert before == ""
    assert "It differs: other words, <i>x</i>" in after
    assert "no words for seed" in after
    assert emitted == ["New"]
    assert injected is None
    sent = {"to": "here", "model": "", "api": ""}
    assert modules.asked[-1] == ("POST", "exchanges/7/resend", sent)


def test_an_answer_to_a_miss_can_be_saved(modules: Modules) -> None:
    miss = ONE | {"verdict": "miss", "place": "", "answer": [], "can_answer": True}
    _, after, emitted, _ = asked(modules, miss, TOLD | {"difference": None, "kind": ""})
    assert "Answered" in after
    assert emitted == ["New"]


def test_failures_are_told(modules: Modules) -> None:
    assert asked(modules, ONE, TOLD | {"failure": "gone"})[1] == "gone"


def test_refusals_are_told(modules: Modules) -> None:
    assert asked(modules, ONE, (409, {"error": "set OWN_KEY"}))[1] == "set OWN_KEY"
