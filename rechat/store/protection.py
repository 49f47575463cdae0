"""What keeps git, editors and formatters from changing what the transcripts of a folder say."""

from pathlib import Path

SETTINGS = {
    # Assets are named after their bytes, so git must not change their line ends.
    ".gitattributes": (
        "*.md text eol=lf diff=markdown merge=rechat\n"
        "assets/** -text -diff -merge linguist-generated\n.wire/** -text -merge\n"
    ),
    ".gitignore": "# The exact bytes and times of recordings: safe to delete.\n.wire/\n",
    ".editorconfig": (
        "# An editor would change what the model says.\n[*]\ntrim_trailing_whitespace = false\n"
        "insert_final_newline = unset\nend_of_line = unset\nindent_style = unset\n"
        "max_line_length = off\n"
    ),
    # Prettier reads the nearest settings; a list of ignored files only where it is started. In JSON
    # it looks for no pragma, so it is told that assets are Markdown.
    ".prettierrc": (
        '{\n  "requirePragma": true,\n'
        '  "overrides": [{ "files": "**/assets/**", "options": { "parser": "markdown" } }]\n}\n'
    ),
    # So do markdownlint-cli2 and the extension of VS Code; markdownlint-cli has only a list.
    ".markdownlint.json": '{ "default": false }\n',
    ".remarkignore": "*\n",
    ".mdformat.toml": 'exclude = ["**"]\n',
    # Newer versions of Ruff format the Python in Markdown. A file that is named to it is left alone
    # only with `--force-exclude`, which its hook for pre-commit has.
    ".ruff.toml": 'exclude = ["*"]\n',
}
"""The files of settings by their names, each for the tools that read it."""


def protect(folder: Path) -> list[Path]:
    """Write the settings that a folder does not have yet, and give back which."""
    missing = [folder / name for name in SETTINGS if not (folder / name).exists()]
    for path in missing:
        path.write_text(SETTINGS[path.name], "utf-8", newline="\n")
    return missing
