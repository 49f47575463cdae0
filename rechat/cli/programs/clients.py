"""Programs that read no variable, and the options that direct them to the server; and possible
reasons why nothing has come from a program.
"""

from collections.abc import Callable, Sequence
from pathlib import Path


def _codex(url: str) -> list[str]:
    return ["-c", f'openai_base_url="{url}/v1"']


# Codex ignores OPENAI_BASE_URL.
_OPTIONS: dict[str, Callable[[str], list[str]]] = {"codex": _codex}


def told(command: Sequence[str], url: str) -> list[str]:
    """A command with the options that name the server, if its program needs them."""
    name, *rest = command
    options = _OPTIONS.get(Path(name).stem)
    return [name, *(options(url) if options else ()), *rest]


def why_nothing_came(command: Sequence[str], passed: Sequence[str]) -> str:
    """One line on why a program has sent nothing that was answered; `passed` are the hosts it
    reached through the proxy that are not decrypted.
    """
    name = Path(command[0]).name
    line = f"no request for a model came from {name}"
    if passed:
        shown = ", ".join(dict.fromkeys(passed))
        return f"{line}: it asked {shown}, which is not read; if that is an API, name it by --also"
    return (
        f"{line}: it may read neither OPENAI_BASE_URL nor HTTPS_PROXY (aiohttp reads the latter "
        f"with trust_env=True); give it the base URL $RECHAT_URL/v1, or use --mode local"
    )
