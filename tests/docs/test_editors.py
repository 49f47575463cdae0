"""docs/editors.md: what it has editors start is a language server. How its extension for VS Code is packed
is in tests/e2e/test_vscode.py.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from process import run

PAGE = (Path(__file__).parents[2] / "docs" / "editors.md").read_text("utf-8")


def test_what_each_editor_starts_is_a_command_of_rechat(tmp_path: Path) -> None:
    [helix] = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    [neovim] = {*re.findall(r"cmd = \{ (.*?) \}", PAGE)}
    settings = tomllib.loads(helix)
    server = settings["language-server"]["rechat"]
    assert settings["language"][0]["language-servers"] == ["rechat"]
    words = [server["command"], *server["args"]]
    assert [one.strip('"') for one in neovim.split(", ")] == words == ["rechat", "lsp"]
    # It ends with its pipe, as it does when the editor goes.
    ended = run(*words[1:], folder=tmp_path)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


NVIM = shutil.which("nvim")
MISSPELT = "### user\n\n> Hello\n\n### assistant\n\n> Hi!\n\n### usr\n"
SESSION = """
local function wait(found)
  if not vim.wait(20000, found, 20) then vim.cmd("cquit") end
end
wait(function() return #vim.diagnostic.get(0) > 0 end)
io.write(vim.diagnostic.get(0)[1].lnum, " ", vim.diagnostic.get(0)[1].message, "\\n")
vim.api.nvim_buf_set_lines(0, 7, 9, false, {})
wait(function() return #vim.diagnostic.get(0) == 0 end)
local place = { textDocument = { uri = vim.uri_from_bufnr(0) }, position = { line = 4, character = 0 } }
for _, said in pairs(vim.lsp.buf_request_sync(0, "textDocument/hover", place, 20000)) do
  io.write(said.result.contents.value, "\\n")
end
vim.cmd("qa!")
"""


@pytest.mark.skipif(not NVIM, reason="there is no Neovim here")
def test_neovim_shows_a_mistake_and_what_is_answered(tmp_path: Path) -> None:
    newer, older = re.findall(r"^```lua\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert NVIM
    shown = subprocess.run([NVIM, "--version"], capture_output=True, text=True, check=True).stdout
    version = tuple(map(int, re.findall(r"\d+", shown)[:2]))
    places = {name: str(tmp_path / name) for name in ("config", "data", "state", "cache", "bin")}
    for place in (*places.values(), f"{places['config']}/nvim", str(tmp_path / "transcripts")):
        Path(place).mkdir()
    program = tmp_path / "bin" / "rechat"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m rechat "$@"\n')
    program.chmod(0o755)
    (tmp_path / "config/nvim/init.lua").write_text(newer if version >= (0, 11) else older)
    (tmp_path / "transcripts/a.md").write_text(MISSPELT)
    (tmp_path / "session.lua").write_text(SESSION)
    own = {f"XDG_{name.upper()}_HOME": place for name, place in places.items()}
    done = subprocess.run(
        [NVIM, "--headless", "transcripts/a.md", "-c", "luafile session.lua"],
        cwd=tmp_path,
        env=os.environ | own | {"PATH": f"{places['bin']}{os.pathsep}{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    told = done.stdout + done.stderr
    assert done.returncode == 0, told
    assert "8 `### usr` is not a role: did you mean 'user'?" in told
    assert "Line 5 answers a request" in told
