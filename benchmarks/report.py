"""The page of the figures: sections under `##`, each with the day that it was measured on."""

import os
import platform
import re
from datetime import UTC
from datetime import datetime

_INTRODUCTION = """\
# Benchmarks

Written by `python -m benchmarks`. The machine is shared and noisy, so the ratios count, and CPU time \
more than wall time; what is compared was measured in turns, and each rate is the median of its runs.
"""


def section(lines: list[str], missing: dict[str, str]) -> str:
    """A section as it stands on the page, from its heading on, with the contenders that could not be
    had.
    """
    if not lines:
        return ""
    heading, *rest = lines
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    where = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    absent = [f"- {name}: {reason.strip()}" for name, reason in missing.items()]
    if absent:
        absent = ["", "Not measured:", "", *absent]
    return "\n".join([heading, "", f"Measured on {day}: {where}.", *rest, *absent]) + "\n"


def merged(page: str, section: str) -> str:
    """The page with this section in place of the one with its heading, or after the others."""
    first, *found = re.split(r"(?m)^(?=## )", page or _INTRODUCTION)
    heading = section.partition("\n")[0]
    places = [at for at, old in enumerate(found) if old.partition("\n")[0] == heading]
    if places:
        found[places[0]] = section
    elif section:
        found.append(section)
    return "\n".join(part.strip("\n") + "\n" for part in [first, *found])
