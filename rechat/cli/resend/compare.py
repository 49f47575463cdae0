"""`rechat compare`: how a run differs from an earlier one."""

from rechat.cli.resend.printing import Printing
from rechat.cli.settings import prices
from rechat.cli.settings import redact_own
from rechat.cli.settings import upstreams
from rechat.resend import Question
from rechat.resend import Ran
from rechat.resend import RunFolder
from rechat.resend import RunOptions
from rechat.resend import Selection
from rechat.resend import Told
from rechat.resend import comparison_of
from rechat.resend import find_run
from rechat.resend import latest
from rechat.resend import parse_goals
from rechat.resend import parse_loads
from rechat.resend import parse_target
from rechat.resend import parts_of
from rechat.resend import rounds_kept
from rechat.resend import select
from rechat.values import UsageError


def compare(first: str, second: str, *, forced: bool, printing: Printing) -> None:
    """Print how the second run differs from the first; exit with 1 if there is a finding of a
    checked kind.
    """
    redact_own()
    runs = [find_run(first), find_run(second)]
    options = [RunOptions.of_json(run.options()) for run in runs]
    old, new = (_ran(run, asked) for run, asked in zip(runs, options, strict=True))
    report = comparison_of(old, new, _questions(options[1]), forced=forced)
    printing.write(report)
    printing.check(report)


def _ran(run: RunFolder, options: RunOptions) -> Ran:
    known = upstreams()
    targets = [parse_target(spec, known) for spec in options.to]
    parts = parts_of(
        Selection((), ()), targets, parse_loads(options.at, options.rate, options.as_recorded)
    )
    told = []
    for part in rounds_kept(parts, options, run):
        results = [*latest(run.results(part.name)).values()]
        more = (parse_goals(options.slo), options.warm_up, prices())
        told.append(Told(part.name, part.target.url, results, (), (), run.lags(part.name), *more))
    return Ran(run.name, told)


def _questions(options: RunOptions) -> tuple[Question, ...]:
    """The questions in the current transcripts, if they still exist."""
    try:
        return select(options.paths, options.only).questions
    except UsageError:
        return ()
