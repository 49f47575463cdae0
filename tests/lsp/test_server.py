"""The language server as an editor sees it: a real process over pipes."""

from pathlib import Path

from editor import Editor
from process import run

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
