"""The loads under which a target is asked while its limit is searched, derived from the stored
results: a resumed run continues in the same way.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import takewhile

from rechat.resend.load import WANTED
from rechat.resend.load import LimitSearch
from rechat.resend.load import measure
from rechat.resend.load import parse_goals
from rechat.resend.load import reached
from rechat.resend.results.options import RunOptions
from rechat.resend.results.run_folder import RunFolder
from rechat.resend.sending.parts import Part
from rechat.resend.sending.parts import latest
from rechat.values import UsageError


def check_for_limits(options: RunOptions) -> None:
    """Raises `UsageError` if a limit cannot be searched with these options."""
    if not options.slo:
        raise UsageError(
            "--find-limit: say which goals are to be reached, --slo ttft=300,e2el=5000"
        )
    if "," in f"{options.at}{options.rate}":
        raise UsageError("--find-limit begins with one load: --at 1, or --rate 1, and no list")


def rounds_of(parts: Iterable[Part], options: RunOptions, run: RunFolder) -> Iterator[Part]:
    """The parts to ask one after the other: all parts, or for each of them one after the other load
    to try. The results of one have to be stored when the next is requested.
    """
    for part in parts:
        if options.find_limit:
            yield from _probes(LimitSearch(part.load), part, options, run)
        else:
            yield part


def rounds_kept(parts: Iterable[Part], options: RunOptions, run: RunFolder) -> list[Part]:
    """The parts that were asked so far."""
    if not options.find_limit:
        return [*parts]
    return [
        probe
        for part in parts
        for probe in takewhile(
            lambda probe: run.file_of(probe.name).exists(), rounds_of([part], options, run)
        )
    ]


def limits_of(parts: Iterable[Part], options: RunOptions, run: RunFolder) -> Iterator[str]:
    """What is known about the limit of each target, in a line."""
    for part in parts if options.find_limit else ():
        search = LimitSearch(part.load)
        for probe in _probes(search, part, options, run):
            if not run.file_of(probe.name).exists():
                break
        yield f"{part.name}: {search.told}"


def _probes(search: LimitSearch, part: Part, options: RunOptions, run: RunFolder) -> Iterator[Part]:
    goals = parse_goals(options.slo)
    while load := search.next_load():
        probe = replace(part, load=load, name=f"{part.name} {load.name}")
        yield probe
        results = [*latest(run.results(probe.name)).values()]
        warm = [one for one in results if one.sent >= options.warm_up]
        found = reached(goals, warm, measure(warm).seconds)
        search.tell(is_reached=found.share >= WANTED)
