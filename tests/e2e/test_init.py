"""`rechat init`: a folder to begin with."""

import shutil
import subprocess
from pathlib import Path

import httpx
import pytest
from process import Rechat
from process import run
from repository import Repository
from upstream import Json
from upstream import Upstream

from rechat.store.protection import SETTINGS


def test_init_makes_a_folder_that_lints_clean_and_answers(tmp_path: Path) -> None:
    assert run("init", folder=tmp_path).returncode == 0
    assert (tmp_path / "transcripts" / ".gitattributes").is_file()
    assert run("lint", folder=tmp_path).returncode == 0
    assert run("find", "Hello!", folder=tmp_path).stdout.startswith("transcripts/hello.md:")


def test_init_leaves_alone_what_is_there(mine: Path) -> None:
    (mine.parent / "hello.md").write_text("mine")
    result = run("init", folder=mine.parent.parent)
    assert "hello.md already exists" in result.stderr
    assert (mine.parent / "hello.md").read_text() == "mine"


def test_init_adds_the_folder_once_to_the_list_that_markdownlint_reads(tmp_path: Path) -> None:
    listed = tmp_path / ".markdownlintignore"
    listed.write_text("vendor/")
    for _ in range(2):
        run("init", "tests/answers", folder=tmp_path)
    assert listed.read_text() == "vendor/\ntests/answers/\n"


def test_git_is_told_once_how_transcripts_are_joined(tmp_path: Path) -> None:
    Repository(tmp_path)
    first, second = (run("init", folder=tmp_path) for _ in range(2))
    assert "git config merge.rechat.driver" in first.stdout
    assert "merge.rechat.driver" not in second.stdout
    assert "git now joins" not in second.stderr


# What a formatter would change anywhere else.
UNTIDY = """---
temperature:   0.0
---

* a remark
+ another


### user

> Hello   
> *  x
> | a|b |
> |-|-|

### assistant

<blockquote>

#No heading
* item
    * deep


trailing   

```python
x = {  'a':1 }
```

</blockquote>

#### call f, c1

```json
{"a":1,   "b":[1,2]}
```
"""  # noqa: W291
FORMATTERS = {
    "prettier": ["--write", "."],
    "markdownlint": ["--fix", "."],
    "markdownlint-cli2": ["--fix", "**/*.md"],
    "remark": [".", "--output"],
    "mdformat": ["."],
    "ruff": ["format", "."],
}


def installed(name: str) -> str:
    """The formatter of this name. By hand: `npm install prettier markdownlint-cli markdownlint-cli2
    remark-cli`, `pip install mdformat`, and their folders on PATH.
    """
    program = shutil.which(name)
    if not program:
        pytest.skip(f"{name} is not on PATH: install it and run this by hand")
    return program


@pytest.mark.parametrize("name", FORMATTERS)
def test_a_formatter_at_the_root_leaves_transcripts_alone(name: str, tmp_path: Path) -> None:
    program = installed(name)
    run("init", folder=tmp_path)
    folder, other = tmp_path / "transcripts", tmp_path / "README.md"
    untidy = {
        folder / "untidy.md": UNTIDY,
        folder / "assets" / "a.md": UNTIDY,
        other: UNTIDY,
        folder / "deep" / "assets" / "tools.json": '{"a":1,   "b":[1,2]}',
    }
    for path, text in untidy.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    subprocess.run([program, *FORMATTERS[name]], cwd=tmp_path, capture_output=True, check=False)
    if name == "ruff" and other.read_text() == UNTIDY:
        pytest.skip("this version of ruff formats no Markdown")
    assert [path for path, text in untidy.items() if path.read_text() != text] == [other]


SAID = "* One _item_\n* Two   \n\n+ x\n\n\n```python\nx = {  'a':1 }\n```"


@pytest.mark.parametrize("name", FORMATTERS)
def test_a_formatter_in_a_folder_without_settings_is_told(
    name: str, upstream: Upstream, tmp_path: Path
) -> None:
    """Someone who removed what `rechat init` writes, or names the files to the formatter."""
    program = installed(name)
    answer = {
        "id": "c",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": SAID}}],
    }
    upstream.reply(Json(answer))
    with Rechat("record", upstream.url, folder=tmp_path) as rechat:
        body = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
        httpx.post(f"{rechat.url}/chat/completions", json=body).raise_for_status()
    folder = tmp_path / "transcripts"
    for setting in SETTINGS:
        (folder / setting).unlink()
    [file] = folder.glob("*.md")
    before = file.read_text()
    subprocess.run([program, *FORMATTERS[name]], cwd=tmp_path, capture_output=True, check=False)
    if name == "ruff" and file.read_text() == before:
        pytest.skip("this version of ruff formats no Markdown")
    assert file.read_text() != before
    found = run("lint", "--strict", folder=tmp_path)
    assert found.returncode == 1
    assert "warning: the words of this answer are those that were recorded" in found.stdout
