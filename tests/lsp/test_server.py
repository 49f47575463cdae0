"""The language server as an editor sees it: a real process over pipes."""

from io import BytesIO
from pathlib import Path

import httpx
from editor import Editor
from process import Rechat
from process import run

from rechat.lsp.framing import read_message
from rechat.lsp.server import _Server
from rechat.values import JsonObject
from rechat.values import assets

TEXT = """\
---
model: gpt-5

---

## Größe 😀

### user

> Hello

### assistant

> Hi!

### tool, a
"""
PICTURE = assets.path_of(b"text", "txt")


def test_an_editor_gets_mistakes_completion_hover_and_links(tmp_path: Path) -> None:
    path = tmp_path / "transcripts" / "a.md"
    asset = path.parent / PICTURE
    asset.parent.mkdir(parents=True)
    asset.write_bytes(b"text")
    with Editor(tmp_path) as editor:
        [mistake] = editor.open(path, "### user\n\n> 😀\n\n### usr\n")
        assert mistake["range"] == {
            "start": {"line": 4, "character": 0},
            "end": {"line": 4, "character": 7},
        }
        assert (mistake["severity"], mistake["code"]) == (1, "unknown-role")
        editor.change(path, TEXT)
        for _ in range(20):
            roles = [one["label"] for one in editor.at("completion", path, 15, 4)]
            assert {"user", "assistant", "tool"} <= set(roles)
            names = [one["label"] for one in editor.at("completion", path, 2, 0)]
            assert {"temperature", "rechat"} <= set(names)
            told = editor.at("hover", path, 11)["contents"]["value"]
            assert told.startswith("Line 12 answers a request to `gpt-5` of 1 message that ends in")
        assert editor.at("hover", path, 5)["contents"]["value"] == told
        assert editor.at("hover", path, 9) is None
        editor.change(path, f"### user\n\n[text]({PICTURE})\n\n### assistant\n\n> a\n\n![](ass\n")
        assert editor.at("definition", path, 2, 9)["uri"] == asset.as_uri()
        assert editor.at("definition", path, 0, 0) is None
        [link] = editor.at("completion", path, 8, 7)
        assert link["label"] == PICTURE
        assert editor.ask("textDocument/rename")["code"] == -32601
        editor.tell("textDocument/didClose", textDocument={"uri": path.as_uri()})
        assert editor.diagnostics() == []
    assert editor.code == 0


def test_what_is_no_message_ends_the_server_with_a_word(tmp_path: Path) -> None:
    result = run("lsp", folder=tmp_path, given="Content-Length: x\n\n")
    assert result.returncode == 1
    assert "Content-Length" in result.stdout


def test_a_section_is_asked_again_and_a_new_question_accepted(mine: Path) -> None:
    folder = mine.parent.parent
    text = mine.read_text()
    with Rechat("replay", folder=folder) as rechat:
        with Editor(folder, options={"port": rechat.port}, can_refresh=True) as editor:
            editor.open(mine, text)
            for _ in range(20):
                [lens] = editor.lenses(mine)
            assert lens["command"]["command"] == "rechat.ask"
            assert editor.run(lens) == {"message": "line 7: same", "same": True}
            body = {"model": "m", "messages": [{"role": "user", "content": "Hello you"}]}
            httpx.post(f"{rechat.url}/chat/completions", json=body)
            editor.asked_for("workspace/codeLens/refresh")
            [_, accept] = editor.lenses(mine)
            assert accept["command"]["title"] == "Accept the new question: Hello you"
            assert editor.run(accept)["place"].endswith("mine.md:7")
            assert mine.read_text() == text.replace("> Hello", "> Hello you")
            # What the editor shows is not what stands on the disk any more.
            refused = editor.run(lens)
            assert "save the file first" in refused["message"]
            editor.change(mine, mine.read_text())
            assert editor.run(lens)["same"]
            assert (
                "is not known"
                in editor.run({"command": {"command": "x", "arguments": []}})["message"]
            )
        assert editor.code == 0


def test_an_answer_that_differs_and_a_target_that_is_gone_are_told(mine: Path) -> None:
    folder = mine.parent.parent
    other = folder / "other.md"
    other.write_text("### user\n\n> Hello\n\n### assistant\n\n> Ho!\n")
    with Rechat("replay", folder=folder) as rechat:
        with Editor(folder, options={"target": f"{rechat.url}:m"}) as editor:
            editor.open(other, other.read_text())
            [lens] = editor.lenses(other)
            told = editor.run(lens)
            assert not told["same"]
            assert told["message"].startswith("line 5: words: ")
    with Editor(folder) as editor:
        settings = {"rechat": {"target": "http://localhost:1/v1:m"}}
        editor.tell("workspace/didChangeConfiguration", settings=settings)
        editor.open(other, other.read_text())
        told = editor.run(editor.lenses(other)[0])
        assert (told["same"], "error" in told["message"]) == (False, True)


def test_a_text_that_is_typed_over_before_it_is_checked_is_not_checked() -> None:
    outgoing = BytesIO()
    server = _Server(outgoing)
    uri = "file:///transcripts/a.md"
    document: JsonObject = {"uri": uri, "text": "### usr\n"}
    server.take({"method": "textDocument/didOpen", "params": {"textDocument": document}})
    changes: list[JsonObject] = [{"text": "### user\n\n> Hi\n\n### assistant\n\n> Ho\n"}]
    params: JsonObject = {"textDocument": {"uri": uri}, "contentChanges": [*changes]}
    server.take({"method": "textDocument/didChange", "params": params})
    for _ in range(2):
        server.check()
    outgoing.seek(0)
    told = read_message(outgoing)
    assert told
    assert told["params"] == {"uri": uri, "diagnostics": []}
    assert read_message(outgoing) is None
