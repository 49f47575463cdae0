"""The sections of a transcript to read (`sections.js`)."""

from modules_rig import Modules

SECTIONS = [
    {
        "title": "A title",
        "line": 1,
        "messages": [
            {"role": "user", "line": 3, "pattern": "like", "blocks": [{"kind": "text", "html": "<p>Hi</p>"}]},
            {"role": "assistant", "line": 7, "take": 2, "blocks": [{"kind": "call", "name": "run", "text": "{}"}, {"kind": "json", "text": "<b>"}]},
            {"role": "assistant", "line": 9, "is_blank": True, "blocks": []},
        ],
    }
]  # fmt: skip


def test_each_message_stands_with_its_line(modules: Modules) -> None:
    heading, *messages = modules.run(
        """
        const { sections } = await load("sections");
        return sections(given, "/it/a.md").map((one) => [one.textContent, one.querySelector?.("a")?.href]);
        """,
        SECTIONS,
    )
    assert heading[0] == "A title"
    assert [href for _, href in messages] == [f"vscode://file/it/a.md:{line}" for line in (3, 7, 9)]
    texts = [text for text, _ in messages]
    assert "User, like" in texts[0]
    assert "Assistant, take 2" in texts[1]
    assert texts[1].endswith("<b>")
    assert "still to be written" in texts[2]


def test_findings_lead_to_their_lines(modules: Modules) -> None:
    found = modules.run(
        """
        const { findings } = await load("sections");
        return findings(given, "/it/a.md").map((one) => [one.className, one.textContent]);
        """,
        [
            {"line": 3, "level": "error", "message": "no"},
            {"line": 4, "level": "notice", "message": "hm"},
        ],
    )
    assert found == [["finding error", "line 3 no"], ["finding ", "line 4 hm"]]
