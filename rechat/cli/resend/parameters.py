"""The options of `rechat resend`, as a person types them. What it does is imported when it runs."""

from typing import Annotated

import typer

from rechat.cli.help import completion
from rechat.cli.options import FOLDER
from rechat.cli.parameters import AsJson


def resend(
    path: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH[#SECTION]]...",
            autocompletion=completion.sections,
            help=f"Transcripts, folders of them, or sections (default: {FOLDER}).",
        ),
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to",
            metavar="TARGET",
            help="Whom to ask, as URL[:MODEL], or the name of an upstream of the settings; "
            "repeatable. Behind commas: api=API, key_env=VARIABLE, name=NAME.",
        ),
    ] = None,
    takes: Annotated[int, typer.Option(min=1, metavar="N", help="Ask each question N times.")] = 1,
    only: Annotated[
        str,
        typer.Option(
            metavar="FILTER", help="Ask only what this finds, such as 'model:gpt role:tool'."
        ),
    ] = "",
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Ask at most N questions.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(metavar="N", help="Ask in a random order, the same for each N.")
    ] = None,
    at: Annotated[int, typer.Option(min=1, metavar="N", help="Ask N questions at once.")] = 1,
    retries: Annotated[
        int,
        typer.Option(
            min=0, metavar="N", help="Ask again up to N times after an error that may pass."
        ),
    ] = 2,
    timeout: Annotated[
        float, typer.Option(min=0.1, metavar="SECONDS", help="How long an answer may take.")
    ] = 600.0,
    answers: Annotated[
        str,
        typer.Option(
            metavar="DIR", help="Folder for the new answers (default: in that of the run)."
        ),
    ] = "",
    name: Annotated[
        str, typer.Option(metavar="NAME", help="What the run is called (default: the time).")
    ] = "",
    resume: Annotated[
        str,
        typer.Option(
            metavar="RUN", help="Ask what is left of a run (last: the latest), and report."
        ),
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be asked, and ask nothing.")
    ] = False,
    check: Annotated[
        bool,
        typer.Option("--check", help="Exit with 1 if an answer differs in what --fail-on names."),
    ] = False,
    fail_on: Annotated[
        str,
        typer.Option(
            metavar="KINDS",
            help="What --check is about: some of same, spaces, words, finish, call, schema, "
            "refused, error.",
        ),
    ] = "finish,call,schema,refused,error",
    as_json: AsJson = False,
) -> None:
    """Ask recorded questions again.

    Each answer in the transcripts is one question, asked with the history above it. The report says
    how the new answers differ, and how fast they came. They are kept as transcripts too.
    """
    from rechat.cli.resend.resend import checked_kinds  # noqa: PLC0415
    from rechat.cli.resend.resend import resend as ask_again  # noqa: PLC0415
    from rechat.resend import RunOptions  # noqa: PLC0415

    if not to and not resume:
        from rechat.values import UsageError  # noqa: PLC0415

        told = "say whom to ask: --to URL[:MODEL], such as --to https://api.openai.com/v1:gpt-5"
        raise UsageError(told)
    options = RunOptions(
        *(tuple(path or [str(FOLDER)]), tuple(to or ()), takes, only, limit, seed),
        *(at, retries, timeout, answers),
    )
    ask_again(
        options,
        resumes=resume,
        name=name,
        dry_run=dry_run,
        prints_json=as_json,
        fail_on=checked_kinds(fail_on) if check else None,
    )
