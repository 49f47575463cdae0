r"""A folder in texts: only where it stands as a path of its own, or as the beginning of one.

`/app` stands in `cat /app/x`, `PATH=/bin:/app`, `(/app)`, `file:///app` and, in the arguments of a
call, in `\n/app\n`. It does not in `/apps`, `/app-2`, `/app.log`, `/var/app`, `~/app`, `$HOME/app`,
`https://app`, `C:/app` or `</app>`. A dot that ends a sentence is not part of a name.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from rechat.values import dump

NAME = r"\w@+~%-"
"""The characters of names, besides dots, for the end of a set."""

AGENTS = r"\.(?:claude|codex|cursor|gemini|opencode|qwen|local/share/opencode)\b"
"""The folders in which agents keep what they know, in the home of their user."""

START = (
    rf"(?:(?<![.*)\]}}$/\\{NAME}])"
    r"(?<!(?<![\w./\\@+~-])[A-Za-z]:)"
    r"|(?<=\\[nrtbf])|(?<=file://)|(?<=file://localhost)|(?<=\s-[A-Za-z])"
    r"|(?<=[^\w/*]\*\*)|(?<=\A\*\*))"
)
"""What stands before a path: no other part of one."""

_END = rf"(?!\.*[{{{NAME}])(?!\$[\w({{])(?!\\{{1,2}} )(?!\*(?!\*))"
_ROOT = re.compile(r"[A-Za-z]:|")


def is_root(folder: str) -> bool:
    """Whether a folder is `/` or a drive: nearly all paths are in it, so it tells nothing."""
    return bool(_ROOT.fullmatch(folder.rstrip("/\\")))


def replacer(folder: str, new: str) -> Callable[[str], str]:
    """What puts `new` in the place of a folder; a text that does not name it stays."""
    path = _path(folder)
    joined = new.rstrip("/\\") if is_root(new) else new

    def stand_in(match: re.Match[str]) -> str:
        goes_on = match.string.startswith(("/", "\\"), match.end())
        return joined if goes_on else new

    return lambda text: path.sub(stand_in, text) if folder in text else text


def quoted(folder: str) -> str:
    """The folder as JSON spells it in a text."""
    return dump(folder)[1:-1]


@lru_cache(16)
def _path(folder: str) -> re.Pattern[str]:
    name = re.escape(folder)
    return re.compile(rf"{START}{name}{_END}(?:(?!>)|(?<!<{name}))")


@lru_cache(16)
def dashed(folder: str) -> re.Pattern[str]:
    """The folder in one name, with dashes: `~/.x/projects/-home-me-work`."""
    return re.compile(rf"(?<=[/\\]){with_dashes(folder)}(?!\.*[{NAME}])")


def with_dashes(folder: str) -> str:
    """That name."""
    return re.sub(r"[^A-Za-z0-9]", "-", folder)
