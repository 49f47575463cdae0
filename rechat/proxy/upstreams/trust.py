"""Whom upstreams have to be certified by: the public authorities, and those that a user adds."""

import os
import ssl
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import certifi

from rechat.values import UsageError


def certificates(added: Mapping[str, Path]) -> str:
    """The certificates of these files, as PEM. The names say who added them. Raises `UsageError`
    for a file without any.
    """
    return "\n".join(_read(name, path) for name, path in added.items())


@contextmanager
def bundle(added: str) -> Iterator[str]:
    """A file with the public certificates and the added ones, as long as the block runs; empty if
    none are added.
    """
    if not added:
        yield ""
        return
    handle, name = tempfile.mkstemp(prefix="rechat-", suffix=".pem")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{Path(certifi.where()).read_text('utf-8')}\n{added}")
        yield name
    finally:
        Path(name).unlink()


def _read(name: str, path: Path) -> str:
    if path.exists() and not (path.is_file() or path.is_dir()):  # it might never end
        raise UsageError(f"{name} {path}: it is a pipe or a device, and no file")
    try:
        ssl.create_default_context(cafile=path)
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:  # an `SSLError` is an `OSError`
        reason = getattr(error, "strerror", None) or str(error)
        what = "it holds no certificate (PEM)" if isinstance(error, ssl.SSLError) else reason
        raise UsageError(f"{name} {path}: {what}") from None
