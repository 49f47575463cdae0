"""Converts the arguments that a person types to what the command-line parser accepts."""

from collections.abc import Sequence
from itertools import pairwise

from rechat.cli.options import EVERY_DUMP


def with_values(arguments: Sequence[str]) -> list[str]:
    """The arguments, with a value added after options whose value may be omitted: a pattern for
    `-f`, the recorded pace for `--as-recorded`, which may also have a suffix (`--as-recorded*2`).
    """
    found: list[str] = []
    for argument, following in pairwise([*arguments, "-"]):
        if argument.startswith("--as-recorded*"):
            found.append(argument.replace("*", "=*", 1))
            continue
        found.append(argument)
        if argument in ("-f", "--flow") and (following.startswith("-") or "://" in following):
            found.append(EVERY_DUMP)
        elif argument == "--as-recorded" and not following.startswith("*"):
            found.append("*1")
    return found
