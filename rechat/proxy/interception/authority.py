"""The authority whose certificates intercepted programs have to trust: mitmproxy's, in its folder
of settings.
"""

from collections.abc import Iterable
from pathlib import Path

from mitmproxy.certs import CertStore
from mitmproxy.options import CONF_BASENAME
from mitmproxy.options import CONF_DIR
from mitmproxy.options import KEY_SIZE

from rechat.values import UsageError

_SETTING = "confdir="


def certificate(settings: Iterable[str] = ()) -> Path:
    """The file of its certificate, made at the first call; `settings` are those of `--set`. Raises
    `UsageError` if it cannot be made.
    """
    file = certificate_file(settings)
    try:
        if not file.exists():
            CertStore.from_store(file.parent, CONF_BASENAME, KEY_SIZE)
    except (OSError, ValueError) as error:
        raise UsageError(f"no certificate in {file.parent}: {error}") from None
    return file


def certificate_file(settings: Iterable[str] = ()) -> Path:
    """Where that file is, or will be."""
    named = [each.removeprefix(_SETTING) for each in settings if each.startswith(_SETTING)]
    return Path((named or [CONF_DIR])[-1]).expanduser() / f"{CONF_BASENAME}-ca-cert.pem"
