"""The folder of transcripts at a glance (`folder.js`)."""

from typing import Any

from modules_rig import Modules

DAY = 86_400
NOW = 1_000 * DAY


def file(days: float, answers: int, requests: int = 0, *levels: str) -> dict[str, Any]:
    findings = [{"level": level} for level in levels]
    own = {"changed": NOW - days * DAY, "answers": answers}
    return {**own, "requests": requests, "findings": findings}


SHOW = """
const { folder } = await load("folder");
const { on } = await load("model");
const tabs = [];
on("tab", (name) => tabs.push(name));
const made = folder(given.files, given.now);
for (const one of made.querySelectorAll("button")) one.click();
return [[...made.querySelectorAll("p")].map((one) => one.textContent), [...made.querySelectorAll(".rank")].map((one) => one.textContent), tabs];
"""


def test_it_says_how_old_answers_are_and_which_files_nothing_asked_for(modules: Modules) -> None:
    files = [file(0.1, 1000, 2), file(0.5, 234), file(3, 2, 1, "warning"), file(400, 7, 0, "error")]
    told, ages, tabs = modules.run(SHOW, {"files": files, "now": NOW})
    assert told[0] == (
        "1,243 answers in 4 files. 2 used by this session, 2 not. 1 broken. 2 findings."
    )
    assert ages == ["changed today1,234", "in the last week2", "longer ago7"]
    assert {*tabs} == {"transcripts"}


def test_of_an_empty_one_that_is_said(modules: Modules) -> None:
    found = modules.run(SHOW, {"files": [], "now": NOW})
    assert found == [["There are no transcripts yet."], [], []]
