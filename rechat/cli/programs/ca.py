"""`rechat ca`: the certificate that intercepted programs have to trust, and how to install it."""

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from rechat.cli.programs.bundles import combined
from rechat.proxy import certificate
from rechat.values import UsageError
from rechat.values import jsontext

_TRUST = """\
The certificate of this machine's rechat (and mitmproxy), which programs have to trust if their
requests go through it: `rechat run` sees to that. Otherwise:

  everything      {install}
  one program     rechat ca --bundle bundle.pem, then by its variable:
    Python, OpenSSL, Go (Linux), Ruby    SSL_CERT_FILE=bundle.pem
    requests, pip                        REQUESTS_CA_BUNDLE=bundle.pem
    curl                                 CURL_CA_BUNDLE=bundle.pem
    git                                  GIT_SSL_CAINFO=bundle.pem
    Node.js, Bun                         NODE_EXTRA_CA_CERTS={file}
    Java                                 keytool -importcert -cacerts -alias rechat -file {file}
  Firefox         Settings, Certificates, Import
"""


def show(
    settings: Sequence[str], bundle: Path | None, *, install: bool, as_json: bool = False
) -> None:
    """Print where the certificate is and how to make programs trust it, or the command that
    installs it; or write it into a file with those that are trusted anyway. Raises `UsageError`.
    """
    file = certificate(settings)
    if bundle:
        try:
            bundle.write_text(combined(file.read_text("utf-8")), "utf-8")
        except OSError as error:
            raise UsageError(f"--bundle {bundle}: {error.strerror}") from None
    if as_json:
        told = {"certificate": str(file), "install": command(file, sys.platform)}
        typer.echo(
            jsontext.dump(told | ({"bundle": str(bundle)} if bundle else {}), jsontext.INDENTED)
        )
    elif bundle:
        typer.echo(bundle)
    elif install:
        typer.echo(command(file, sys.platform))
    else:
        typer.echo(f"{file}\n")
        quoted = shlex.quote(str(file))
        typer.echo(_TRUST.format(install=command(file, sys.platform), file=quoted), nl=False)


def command(file: Path, system: str) -> str:
    """The command that makes a whole machine trust the certificate."""
    quoted = shlex.quote(str(file))
    if system == "darwin":
        keychain = "/Library/Keychains/System.keychain"
        return f"sudo security add-trusted-cert -d -r trustRoot -k {keychain} {quoted}"
    if system == "win32":
        return f'certutil -addstore -f Root "{file}"'
    if Path("/etc/pki/ca-trust/source/anchors").is_dir():
        return f"sudo cp {quoted} /etc/pki/ca-trust/source/anchors/ && sudo update-ca-trust"
    folder = "/usr/local/share/ca-certificates"
    return f"sudo cp {quoted} {folder}/rechat.crt && sudo update-ca-certificates"
