"""Certificate bundles that contain rechat's own certificate beside those that a program trusts
already.

Nearly every variable that names certificates replaces what a program trusts. So each gets its own
file: what it named before, or the public authorities and those of this machine, followed by
rechat's.
"""

import os
import re
import ssl
import warnings
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import certifi
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.utils import CryptographyDeprecationWarning

_BEGIN = "-----BEGIN CERTIFICATE-----"
_CERTIFICATE = re.compile(f"{_BEGIN}[^-]*-----END CERTIFICATE-----")

# The variables that each client reads first, and those that it reads if these are not set.
REPLACING: dict[str, tuple[str, ...]] = {
    "SSL_CERT_FILE": (),  # OpenSSL, Python, Go, Ruby, uv, Rust's native certificates
    "REQUESTS_CA_BUNDLE": ("CURL_CA_BUNDLE",),
    "CURL_CA_BUNDLE": ("SSL_CERT_FILE",),
    "GIT_SSL_CAINFO": (),
    "NIX_SSL_CERT_FILE": ("SSL_CERT_FILE",),
    "PIP_CERT": (),
    "AWS_CA_BUNDLE": (),
    "CARGO_HTTP_CAINFO": (),
    "HTTPLIB2_CA_CERTS": (),
    "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": (),
}
"""The variables that replace what a program trusts, and those that it reads in their place."""

ADDING = ("NODE_EXTRA_CA_CERTS", "DENO_CERT")
"""The variables that add to it."""

JAVA_PASSWORD = "changeit"  # noqa: S105  # Java's own; the file holds nothing secret
"""The password of the file for Java."""

# The bundles of Debian, Fedora, openSUSE, and of Alpine and macOS.
_OF_THE_MACHINE = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


def combined(own: str, named: str = "") -> str:
    """The text of a bundle: the certificates of the named file or folder, or the public ones and
    those of this machine, and rechat's own.
    """
    found = _read(Path(named)) if named else []
    if not found:
        found = [_text(Path(certifi.where())), *_of_the_machine()]
    return "\n".join([*dict.fromkeys(found), own])


def trusting(own: Path, folder: Path, present: Mapping[str, str]) -> dict[str, str]:
    """The variables that make programs also trust rechat's certificate; the files are written into
    a folder.
    """
    text = _text(own)
    files: dict[str, str] = {}
    variables = {}
    for name, others in REPLACING.items():
        named = next((present[each] for each in (name, *others) if present.get(each)), "")
        if named not in files:
            path = folder / f"bundle-{len(files)}.pem"
            path.write_text(combined(text, named), "utf-8")
            files[named] = str(path)
        variables[name] = files[named]
    for name in ADDING:
        added = _read(Path(present[name])) if present.get(name) else []
        path = folder / f"{name.lower()}.pem"
        path.write_text("\n".join([*added, text]), "utf-8")
        variables[name] = str(path)
    return variables


def unreadable(present: Mapping[str, str]) -> list[str]:
    """A line for each file or folder that a variable names and that contains no certificate."""
    named: dict[str, list[str]] = {}
    for name in (*REPLACING, *ADDING):
        if present.get(name):
            named.setdefault(present[name], []).append(name)
    whys = {path: _why_unreadable(Path(path)) for path in named}
    return [f"{', '.join(named[path])}: {path} {why}" for path, why in whys.items() if why]


def _why_unreadable(path: Path) -> str:
    if path.is_dir():
        return "" if _read(path) else "holds no certificate (PEM)"
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except ssl.SSLError:
        return "holds no certificate (PEM)"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return ""


def java_store(bundle: str) -> bytes:
    """The certificates of a bundle as a file that Java reads (PKCS 12)."""
    named = [
        pkcs12.PKCS12Certificate(certificate, f"{number}".encode())
        for number, certificate in enumerate(dict.fromkeys(_certificates(bundle)))
    ]
    encryption = BestAvailableEncryption(JAVA_PASSWORD.encode())
    return pkcs12.serialize_java_truststore(named, encryption)


def _certificates(bundle: str) -> Iterator[x509.Certificate]:
    """The certificates of a bundle. Machines trust some that break a rule (a serial number of
    zero), of which `cryptography` warns that it will reject them: the user of a Java program cannot
    do anything about that.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        for text in _CERTIFICATE.findall(bundle):
            with suppress(ValueError):
                yield x509.load_pem_x509_certificate(text.encode())


def _of_the_machine() -> list[str]:
    texts = (_read(Path(name)) for name in _OF_THE_MACHINE)
    return next((found for found in texts if found), [])


def _read(path: Path) -> list[str]:
    """The texts with certificates in a file, or in the files of a folder."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    texts = (_text(file) for file in files if file.is_file() and os.access(file, os.R_OK))
    return [text for text in texts if _BEGIN in text]


def _text(path: Path) -> str:
    return path.read_text("utf-8", "replace")
