"""The arguments as a person types them, made what the parser of the command line takes."""

from collections.abc import Sequence
from itertools import pairwise

from rechat.cli.options import EVERY_DUMP


def with_values(arguments: Sequence[str]) -> list[str]:
    """The arguments, with a value where an option that may do without stands alone: a pattern for
    `-f`, the recorded pace for `--as-recorded`, which may have one behind it (`--as-recorded*2`).
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
