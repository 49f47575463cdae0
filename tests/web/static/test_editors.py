"""Links that open a file at its line (`editors.js`)."""

from typing import Any

import pytest
from modules_rig import Modules

STATE = {
    "folder": "/home/me/it/sub",
    "repository": {
        "root": "/home/me/it",
        "host": "git.example.com",
        "project": "group/it",
        "branch": "feature/x",
    },
}


def address(modules: Modules, place: str, editor: str = "", state: Any = STATE) -> Any:
    return modules.run(
        """
        const { data } = await load("model");
        const { kept } = await load("dom");
        const { address, EDITORS } = await load("editors");
        Object.assign(data.state, given.state);
        kept("editor", given.editor);
        kept("editor-url", EDITORS[given.editor] ?? given.editor);
        return address(given.place);
        """,
        {"place": place, "editor": editor, "state": state},
    )


@pytest.mark.parametrize(
    ("editor", "expected"),
    [
        ("", "vscode://file/home/me/it/sub/t/a%20b%23c.md:7"),
        ("Cursor", "cursor://file/home/me/it/sub/t/a%20b%23c.md:7"),
        ("JetBrains PyCharm", "pycharm://open?file=/home/me/it/sub/t/a%20b%23c.md&line=7"),
        (
            "GitLab's web editor",
            "https://git.example.com/-/ide/project/group/it/edit/feature/x/-/sub/t/a%20b%23c.md",
        ),
        ("github.dev", "https://github.dev/group/it/blob/feature/x/sub/t/a%20b%23c.md#L7"),
        ("my://{relative}?{line}", "my://t/a%20b%23c.md?7"),
        ("javascript:alert(1)//{path}", "#"),
    ],
)
def test_each_editor_opens_the_file_at_its_line(
    modules: Modules, editor: str, expected: str
) -> None:
    assert address(modules, "t/a b#c.md:7", editor) == expected


def test_a_drive_keeps_its_colon(modules: Modules) -> None:
    assert address(modules, "C:/it/a.md:3") == "vscode://file/C:/it/a.md:3"


def test_without_a_repository_a_web_editor_leads_nowhere(modules: Modules) -> None:
    state = {"folder": "/it", "repository": None}
    assert address(modules, "a.md:3", "GitLab's web editor", state) == "#"


def test_the_choice_is_kept(modules: Modules) -> None:
    found = modules.run(
        """
        const editors = await load("editors");
        editors.settings();
        const select = document.getElementById("editor");
        select.value = "Cursor";
        select.dispatchEvent(new Event("change"));
        return [editors.chosen(), editors.template(), document.getElementById("editor-url").value];
        """
    )
    assert found == ["Cursor", "cursor://file/{path}:{line}", "cursor://file/{path}:{line}"]
