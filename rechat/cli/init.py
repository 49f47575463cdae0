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
    # Assets are named after their bytes, so git must not change their line ends.
    ".gitattributes": (
        "*.md text eol=lf diff=markdown\nassets/** -text -diff linguist-generated\n.wire/** -text\n"
    ),
    ".gitignore": "# The exact bytes and times of recordings: safe to delete.\n.wire/\n",
    ".editorconfig": (
        "# An editor would change what the model says.\n[*]\ntrim_trailing_whitespace = false\n"
        "insert_final_newline = unset\nend_of_line = unset\nindent_style = unset\n"
        "max_line_length = off\n"
    ),
    # Prettier reads the nearest settings; a list of ignored files only where it is started.
    ".prettierrc": '{ "requirePragma": true }\n',
    # So do markdownlint-cli2 and the extension of VS Code; markdownlint-cli has only a list.
    ".markdownlint.json": '{ "default": false }\n',
}
_IGNORED = ".markdownlintignore"


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
    if not folder.is_absolute() and ".." not in folder.parts:
        _ignore(Path(_IGNORED), folder)
    typer.echo(f"now run: rechat replay {folder.as_posix()}", err=True)


def _ignore(listed: Path, folder: Path) -> None:
    """Add a folder to a list of what is ignored, where the tools are started."""
    line = f"{folder.as_posix()}/"
    before = listed.read_text("utf-8") if listed.exists() else ""
    if line in before.splitlines():
        return
    end = "\n" if before and not before.endswith("\n") else ""
    listed.write_text(f"{before}{end}{line}\n", "utf-8", newline="\n")
    typer.echo(f"{listed.as_posix()}: {line}")
