"""`rechat init`: a folder to begin with, and what keeps git, editors and formatters from harming
it.
"""

from pathlib import Path

import typer

HELLO = """\
# Hello

What is between the headings is the conversation; all else, like this line, is commentary.
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
    ".gitignore": "# Exact bytes and times of recordings: safe to delete.\n.wire/\n",
    ".editorconfig": "[*.md]\ntrim_trailing_whitespace = false\ninsert_final_newline = true\n",
    ".prettierignore": "# A formatter would change what the model says.\n*.md\n",
    ".markdownlintignore": "*.md\n",
}


def make_folder(folder: Path) -> None:
    """Make the folder and its files; what is there already stays as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        path = folder / name
        if path.exists():
            typer.echo(f"{path.as_posix()} is there already", err=True)
            continue
        path.write_text(text, "utf-8", newline="\n")
        typer.echo(f"{path.as_posix()}")
    typer.echo(f"now run: rechat replay {folder.as_posix()}", err=True)
