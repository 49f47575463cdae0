"""docs/editors.md: what it has editors start is a language server. How its extension for VS Code is packed
is in tests/e2e/test_vscode.py.
"""

import re
import tomllib
from pathlib import Path

from process import run

PAGE = (Path(__file__).parents[2] / "docs" / "editors.md").read_text("utf-8")


def test_what_each_editor_starts_is_a_command_of_rechat(tmp_path: Path) -> None:
    [helix] = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    [neovim] = re.findall(r"cmd = \{ (.*?) \}", PAGE)
    settings = tomllib.loads(helix)
    server = settings["language-server"]["rechat"]
    assert settings["language"][0]["language-servers"] == ["rechat"]
    words = [server["command"], *server["args"]]
    assert [one.strip('"') for one in neovim.split(", ")] == words == ["rechat", "lsp"]
    # It ends with its pipe, as it does when the editor goes.
    ended = run(*words[1:], folder=tmp_path)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
