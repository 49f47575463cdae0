"""`rechat init`: a folder to start with, and settings that keep git, editors and formatters from
damaging it.
"""

from pathlib import Path

import typer

HELLO = """\
# Hello

The quotes below the headings are the conversation; everything else, like this line, is commentary.
Each `### assistant` answers everything above it. Change the answer, save, and ask again.

### user

<blockquote>

Hello!

</blockquote>

### assistant

<blockquote>

Hello! I am a file: `hello.md`.

</blockquote>
"""

FILES = {
    "hello.md": HELLO,
    ".gitattributes": ("*.md text eol=lf diff=markdown\nassets/** -diff linguist-generated\n"),
    ".gitignore": "# The exact bytes and times of recordings: safe to delete.\n.wire/\n",
    ".editorconfig": "[*.md]\ntrim_trailing_whitespace = false\ninsert_final_newline = true\n",
    ".prettierignore": "# A formatter would change what the model says.\n*.md\n",
    ".markdownlintignore": "*.md\n",
}


def make_folder(folder: Path) -> None:
    """Create the folder and its files; existing files are left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        path = folder / name
        if path.exists():
            typer.echo(f"{path.as_posix()} already exists", err=True)
            continue
        path.write_text(text, "utf-8", newline="\n")
        typer.echo(f"{path.as_posix()}")
    typer.echo(f"now run: rechat replay {folder.as_posix()}", err=True)
