"""A whole transcript that is edited (`wholefile.js`)."""

from modules_rig import Modules

FILE = {"path": "t/a.md", "absolute": "/it/t/a.md", "source": "old"}


def test_what_is_wrong_is_told_while_one_types_and_saved_with_what_was_there(
    modules: Modules,
) -> None:
    modules.answers["transcripts/check"] = {
        "sections": [],
        "findings": [{"line": 1, "level": "error", "message": "no"}],
    }
    modules.answers["transcripts/save"] = {"path": "t/a.md", "findings": []}
    found = modules.run(
        """
        const { editFile } = await load("wholefile");
        const over = new Promise((done) => editFile(given, () => done("over")));
        const wrong = document.getElementById("wrong");
        if (!wrong.textContent) await new Promise((done) => new MutationObserver(done).observe(wrong, { childList: true }));
        const area = document.getElementById("whole");
        area.value = "new";
        area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true }));
        return [wrong.textContent, await over, document.getElementById("note").textContent];
        """,
        FILE,
    )
    assert found == ["line 1 no", "over", "Saved t/a.md"]
    sent = {"path": "t/a.md", "before": "old", "text": "new"}
    assert ("POST", "transcripts/save", sent) in modules.asked
