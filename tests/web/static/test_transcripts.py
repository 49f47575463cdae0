"""The transcripts of the folder (`transcripts.js`)."""

from typing import Any

from modules_rig import Modules

START = """
const { view } = await load("model");
const { showFiles } = await load("transcripts");
view.tab = "transcripts";
await showFiles();
const tree = document.getElementById("tree");
const texts = (place, room = tree) => [...room.querySelectorAll(place)].map((one) => one.textContent);
const until = async (isThere) => { while (!isThere()) await new Promise((done) => setTimeout(done)); };
"""


def file(path: str, requests: int = 0, *findings: str) -> dict[str, Any]:
    told = [{"line": 1, "level": "error", "message": one} for one in findings]
    own = {"path": path, "absolute": f"/w/{path}", "requests": requests, "findings": told}
    return {**own, "answers": 1, "models": [], "changed": 0}


def shown(modules: Modules, script: str, *, is_linted: bool = True) -> Any:
    files = [file("t/a.md", 3), file("t/b.md"), file("t/sub/c.md", 0, "not a role")]
    modules.answers["transcripts"] = {"transcripts": files, "is_linted": is_linted}
    return modules.run(START + script)


def test_files_stand_in_their_folders_with_hits_and_findings(modules: Modules) -> None:
    heads, names, counts, wrong = shown(
        modules,
        "return [texts('summary'), texts('.file .name'), texts('.file .count:nth-child(3)'), texts('.chip')];",
    )
    assert heads == ["t2 files · 3 hits", "t/sub1 file · 0 hits"]
    assert names == ["a.md", "b.md", "c.md"]
    assert counts == ["3 hits", "never used", "never used"]
    assert wrong == ["✗ broken"]


def test_of_a_large_folder_it_is_told_who_finds_what_is_wrong(modules: Modules) -> None:
    text = shown(modules, "return tree.textContent;", is_linted=False)
    assert "rechat lint" in text


def test_only_those_that_nothing_asked_for_can_be_shown(modules: Modules) -> None:
    found = shown(modules, "document.getElementById('never').click(); return texts('.file .name');")
    assert found == ["b.md", "c.md"]


def test_a_file_is_read_in_place_as_messages_and_as_source(modules: Modules) -> None:
    blocks = [{"kind": "text", "text": "Hi", "html": "<p>Hi</p>"}]
    section = {"title": "", "line": 1, "messages": [{"role": "user", "line": 1, "blocks": blocks}]}
    modules.answers["transcripts/text?path=t%2Fa.md"] = {
        "path": "t/a.md",
        "absolute": "/w/t/a.md",
        "source": "### user\n\n> Hi\n",
        "sections": [section],
    }
    found = shown(
        modules,
        """
        const reader = document.getElementById("reader");
        tree.querySelector(".name").click();
        await until(() => reader.querySelector("article"));
        const read = texts("article p", reader);
        document.getElementById("source").click();
        await until(() => reader.querySelector("pre"));
        return [read, texts("pre", reader)];
        """,
    )
    assert found == [["Hi"], ["### user\n\n> Hi\n"]]


def test_texts_are_searched_in_all_files(modules: Modules) -> None:
    found = {"path": "t/a.md", "line": 3, "before": "the ", "text": "capital", "after": " of"}
    modules.answers["transcripts/search?q=capital"] = {"found": [found], "count": 1}
    excerpt = shown(
        modules,
        """
        view.query = "is:hit capital";
        await showFiles();
        await until(() => tree.querySelector(".found"));
        return [texts(".found"), texts("mark")];
        """,
    )
    assert excerpt == [["t/a.md line 3the capital of"], ["capital"]]
