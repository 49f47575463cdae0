"""The keys of targets, which are only ever in the environment."""

from collections.abc import Mapping

from rechat.resend.target import Target
from rechat.values import UsageError


def key_of(target: Target, environment: Mapping[str, str]) -> str:
    """The key for a target. Raises `UsageError` if the variable that should have it is not set."""
    if not target.key_env:
        return ""
    key = environment.get(target.key_env, "").strip()
    if not key:
        raise UsageError(
            f"{target.url}: set {target.key_env} to its key, or name another variable: "
            f"--to {target.spec.partition(',')[0]},key_env=NAME"
        )
    if not key.isascii() or not key.isprintable():
        raise UsageError(f"{target.key_env} holds no key: it has characters that no header can")
    return key
