"""The commands that convert, as a person types them."""

from pathlib import Path
from typing import Annotated

import typer

from rechat.cli.help import completion
from rechat.cli.options import FOLDER
from rechat.cli.parameters import Also
from rechat.cli.parameters import AsJson


def import_(
    source: Annotated[
        list[str],
        typer.Argument(metavar="SOURCE...", help="Files, folders, or patterns such as logs/*.har."),
    ],
    to: Annotated[
        Path, typer.Option("--to", metavar="DIR", help="Folder of transcripts to save to.")
    ] = FOLDER,
    also: Also = None,
    tests: Annotated[
        bool,
        typer.Option(
            "--tests",
            help="SOURCE is a folder of tests: move those that then pass, with their marks, "
            "from VCR.py cassettes to transcripts beside them.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Turn other recordings into transcripts.

    Reads VCR.py cassettes (each becomes one file of the same name), HAR, OpenAI batch and
    fine-tuning files, sessions of Claude Code and Codex, Inspect logs, logs of llm, fixtures of
    aimock and mitmproxy dumps, recognised by their content. Credentials are replaced as in
    recordings, what cannot be imported is listed, and importing the same again changes nothing.

    With --tests, pytest-recording tests become tests of rechat's pytest plugin, which runs them
    once with --rechat=accept. A test that then fails keeps its mark and its cassette.
    """
    if tests:
        from rechat.cli.convert.moving import move  # noqa: PLC0415

        move(source, to, tuple(also or ()), as_json=as_json)
        return
    from rechat.cli.convert.importing import import_all  # noqa: PLC0415

    import_all(source, to, tuple(also or ()), as_json=as_json)


def export(
    form: Annotated[
        str,
        typer.Argument(
            metavar="FORMAT",
            help="raw (one body per line), batch and batch-output (OpenAI's), fine-tuning, "
            "har, openai and anthropic (arrays of messages), otel (spans), aimock "
            "(fixtures), html (a page that needs no server), curl, python.",
        ),
    ],
    path: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH[#SECTION]]...",
            autocompletion=completion.sections,
            help=f"Transcripts, folders or sections (default: {FOLDER}).",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write to a file."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print as JSON what was written to the file.")
    ] = False,
) -> None:
    """Write transcripts in other formats.

    Each answered question is written, with its first answer if the format has answers. What the
    format cannot express is listed.
    """
    from rechat.cli.convert.exporting import export as write  # noqa: PLC0415

    write(form, path or [str(FOLDER)], output, as_json=as_json)
