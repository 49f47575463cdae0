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
    named = [each.removeprefix(_SETTING) for each in settings if each.startswith(_SETTING)]
    folder = Path((named or [CONF_DIR])[-1]).expanduser()
    file = folder / f"{CONF_BASENAME}-ca-cert.pem"
    try:
        if not file.exists():
            CertStore.from_store(folder, CONF_BASENAME, KEY_SIZE)
    except (OSError, ValueError) as error:
        raise UsageError(f"no certificate in {folder}: {error}") from None
    return file
