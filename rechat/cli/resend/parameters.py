"""The options of `rechat resend`, as a person types them. Its implementation is imported when it
runs.
"""

import math
from pathlib import Path
from typing import Annotated, Literal

import typer

from rechat.cli.help import completion
from rechat.cli.options import FOLDER
from rechat.cli.parameters import AsJson
from rechat.cli.parameters import Upstreams
from rechat.cli.parameters import is_typed

Check = Annotated[
    bool, typer.Option("--check", help="Exit with 1 if an answer differs in what --fail-on names.")
]
FailOn = Annotated[
    str,
    typer.Option(
        metavar="KINDS",
        help="What --check fails on: some of same, spaces, words, finish, call, schema, "
        "expect, refused, error.",
    ),
]
Html = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Also write the report as a page with plots.")
]
Junit = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Also write it as JUnit XML for CI servers.")
]
_UNITS = {"s": 1, "m": 60, "h": 3600}
# The options for a resumed run: all others are in its folder.
_WHILE_RESUMING = frozenset(
    {"resume", "budget", "dry_run", "check", "fail_on", "html", "junit", "as_json"}
)
_FAILING = "finish,call,schema,expect,refused,error"


def seconds(told: str | float) -> float:
    """The seconds in `90`, `90s`, `1.5m` or `1h`; a default is a number already."""
    text = str(told)
    number, unit = (text[:-1], text[-1]) if text[-1:] in _UNITS else (text, "s")
    try:
        found = float(number) * _UNITS[unit]
    except ValueError:
        found = math.nan
    if not 0 <= found < math.inf:
        raise typer.BadParameter(f"{text!r} is no time: expected seconds (60), 60s, 5m or 1h")
    return found


def _check_typed(context: typer.Context) -> None:
    """Refuse options that would be ignored: a resumed run has its own, and there must be only one
    way to say when questions are sent. Raises `UsageError`.
    """
    from rechat.values import UsageError  # noqa: PLC0415

    typed = {
        str(one.name): one.opts[0] if one.opts[0].startswith("-") else str(one.name).upper()
        for one in context.command.params
        if is_typed(context, str(one.name))
    }
    if "resume" in typed:
        ignored = [word for name, word in typed.items() if name not in _WHILE_RESUMING]
        if ignored:
            told = f"--resume asks what the run was begun with: leave out {', '.join(ignored)}"
            raise UsageError(f"{told}, or begin another run without --resume")
    for name in ("rate", "as_recorded"):
        if name in typed and "at" in typed:
            told = f"{typed[name]} and --at both say when questions are sent: leave out one"
            raise UsageError(told)


def resend(
    context: typer.Context,
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
            help="Where to send the questions, as URL[:MODEL], or the name of an upstream in "
            "the settings; repeatable. After commas: api=API, key_env=VARIABLE, "
            "name=NAME.",
        ),
    ] = None,
    history: Annotated[
        Literal["recorded", "live"],
        typer.Option(
            metavar="KIND",
            help="The history above a question: as recorded (recorded), or with the target's "
            "own answers (live). With live, a conversation ends where a tool call "
            "differs, since tools are never run.",
        ),
    ] = "recorded",
    takes: Annotated[int, typer.Option(min=1, metavar="N", help="Ask each question N times.")] = 1,
    only: Annotated[
        str,
        typer.Option(
            metavar="FILTER", help="Ask only questions that match, such as 'model:gpt role:tool'."
        ),
    ] = "",
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Ask at most N questions.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(metavar="N", help="Ask in a random order, the same for each N.")
    ] = None,
    at: Annotated[
        str,
        typer.Option(
            metavar="N", help="Ask N questions at once. A list (1,8,64) measures each of them."
        ),
    ] = "1",
    rate: Annotated[
        str,
        typer.Option(
            metavar="RATE",
            help="Send this many questions a second instead, however long the answers take: "
            "5, or 5/constant, 5/poisson, 5/gamma:0.5; a list measures each.",
        ),
    ] = "",
    as_recorded: Annotated[
        str,
        typer.Option(
            metavar="[*SPEED]",
            help="Send the questions at their recorded times, relative to the first one: "
            "--as-recorded*2 twice as fast, --as-recorded*0.5 half as fast. Questions "
            "without a time are listed, and not asked.",
        ),
    ] = "",
    ramp: Annotated[
        float,
        typer.Option(
            parser=seconds, metavar="SECONDS", help="Increase the load gradually over this time."
        ),
    ] = 0.0,
    warm_up: Annotated[
        float,
        typer.Option(
            parser=seconds,
            metavar="SECONDS",
            help="Leave out what is sent in this time at the beginning.",
        ),
    ] = 0.0,
    lasts: Annotated[
        float,
        typer.Option(
            "--for",
            parser=seconds,
            metavar="SECONDS",
            help="Repeat the questions for this long.",
        ),
    ] = 0.0,
    workers: Annotated[
        int,
        typer.Option(min=0, metavar="N", help="Let N processes ask, instead of this one."),
    ] = 0,
    executor: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Let the workers of an executor ask: dask:ADDRESS, or MODULE:FUNCTION, which "
            "returns a concurrent.futures.Executor.",
        ),
    ] = "",
    slo: Annotated[
        str,
        typer.Option(
            metavar="GOALS",
            help="Count the answers that meet these goals in milliseconds: "
            "ttft=300,tpot=50,e2el=5000.",
        ),
    ] = "",
    find_limit: Annotated[
        bool,
        typer.Option(
            "--find-limit",
            help="Find the highest load that meets the goals of --slo: double it until they "
            "are missed, then bisect.",
        ),
    ] = False,
    retries: Annotated[
        int,
        typer.Option(min=0, metavar="N", help="Ask again up to N times after a transient error."),
    ] = 2,
    timeout: Annotated[
        float, typer.Option(min=0.1, metavar="SECONDS", help="How long an answer may take.")
    ] = 600.0,
    budget: Annotated[
        float | None,
        typer.Option(
            min=0.000001,
            metavar="DOLLARS",
            help="Stop asking once the answers have cost this much, by [tool.rechat.prices].",
        ),
    ] = None,
    fresh: Annotated[
        bool,
        typer.Option(
            "--fresh",
            help="Begin each question with a unique mark, so that no prompt cache contains it.",
        ),
    ] = False,
    answers: Annotated[
        str,
        typer.Option(
            metavar="DIR", help="Folder for the new answers (default: a folder in that of the run)."
        ),
    ] = "",
    into: Annotated[
        Literal["", "takes"],
        typer.Option(
            metavar="takes",
            help="Write the new answers into the transcripts instead, as further takes (takes).",
        ),
    ] = "",
    name: Annotated[
        str, typer.Option(metavar="NAME", help="Name of the run (default: the time).")
    ] = "",
    resume: Annotated[
        str,
        typer.Option(
            metavar="RUN", help="Ask what is left of a run (last: the latest), and report."
        ),
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be asked, without asking.")
    ] = False,
    check: Check = False,
    fail_on: FailOn = _FAILING,
    html: Html = None,
    junit: Junit = None,
    as_json: AsJson = False,
) -> None:
    """Ask recorded questions again.

    Each answer in the transcripts is one question, asked with the history above it. The report says
    how the new answers differ, and how fast they were. They are also saved as transcripts.
    """
    from rechat.cli.resend.printing import Printing  # noqa: PLC0415
    from rechat.cli.resend.printing import checked_kinds  # noqa: PLC0415
    from rechat.cli.resend.resend import resend as ask_again  # noqa: PLC0415
    from rechat.resend import RunOptions  # noqa: PLC0415

    _check_typed(context)
    if not to and not resume:
        from rechat.values import UsageError  # noqa: PLC0415

        told = "say whom to ask: --to URL[:MODEL], such as --to https://api.openai.com/v1:gpt-5"
        raise UsageError(told)
    if into and answers:
        from rechat.values import UsageError  # noqa: PLC0415

        raise UsageError("--into takes and --answers are two places for the new answers: name one")
    options = RunOptions(
        tuple(path or [str(FOLDER)]),
        tuple(to or ()),
        takes=takes,
        only=only,
        limit=limit,
        seed=seed,
        at=at,
        rate=rate,
        as_recorded=as_recorded,
        ramp=ramp,
        warm_up=warm_up,
        lasts=lasts,
        slo=slo,
        retries=retries,
        timeout=timeout,
        answers=answers,
        into=into,
        budget=budget,
        fresh=fresh,
        history=history,
        workers=workers,
        executor=executor,
        find_limit=find_limit,
    )
    printing = Printing(as_json, html, junit, check, checked_kinds(fail_on))
    ask_again(options, resumes=resume, name=name, dry_run=dry_run, printing=printing)


def compare(
    first: Annotated[
        str, typer.Argument(metavar="RUN", help="The run to compare with: its name, or its folder.")
    ],
    second: Annotated[
        str, typer.Argument(metavar="RUN", help="The run to report (last: the latest).")
    ],
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Compare the questions that both asked, even if the runs asked different ones.",
        ),
    ] = False,
    check: Check = False,
    fail_on: FailOn = _FAILING,
    html: Html = None,
    junit: Junit = None,
    as_json: AsJson = False,
) -> None:
    """Compare two runs of `rechat resend`.

    The report says how the answers of the second run differ from those of the first, and how fast
    both were. Runs that asked different questions are compared only with --force.
    """
    from rechat.cli.resend.compare import compare as compare_runs  # noqa: PLC0415
    from rechat.cli.resend.printing import Printing  # noqa: PLC0415
    from rechat.cli.resend.printing import checked_kinds  # noqa: PLC0415

    printing = Printing(as_json, html, junit, check, checked_kinds(fail_on))
    compare_runs(first, second, forced=force, printing=printing)


def verify_tests(
    upstream: Upstreams = None,
    place: Annotated[
        list[str] | None, typer.Option("--place", metavar="PATH:LINE", help="An answer to verify.")
    ] = None,
) -> None:
    """Ask again what a test was answered, and print what has changed.

    The plugin for pytest starts this with --rechat=verify.
    """
    from rechat.cli.resend.verify import verify  # noqa: PLC0415

    verify(place or (), upstream or ())
