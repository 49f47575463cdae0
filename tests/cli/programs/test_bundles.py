"""Bundles keep what a program trusts, and add our certificate."""

import warnings
from pathlib import Path

import certifi
import pytest
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.utils import CryptographyDeprecationWarning
from internet import Authority

from rechat.cli.programs import bundles
from rechat.cli.programs.bundles import combined
from rechat.cli.programs.bundles import java_store
from rechat.cli.programs.bundles import trusting
from rechat.cli.programs.bundles import unreadable

OWN = "-----BEGIN CERTIFICATE-----\nours\n-----END CERTIFICATE-----\n"
THEIRS = OWN.replace("ours", "theirs")
# Its serial number is 0, as that of an authority which Debian trusts.
ZERO = """\
-----BEGIN CERTIFICATE-----
MIIBYTCCAQigAwIBAgIBADAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDAR6ZXJvMCAX
DTI2MTEyNjE3NDg1M1oYDzIxMjYxMTAyMTc0ODUzWjAPMQ0wCwYDVQQDDAR6ZXJv
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEu23veuDAoKUZepq2nZc9rjCXG2Mi
q3Pze69lkkGJvtiwJTi9tJML1yX+NDOtO67OeUpmLXIOlTBCdRkqt1yKxKNTMFEw
HQYDVR0OBBYEFEoRSVktLl3pumuN2B/rLU4s//ArMB8GA1UdIwQYMBaAFEoRSVkt
Ll3pumuN2B/rLU4s//ArMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAw
RAIgeFVOLHEMYgFP9OyieQuJmlSdOf4Nq9vNM2h4051r+UkCIFq8lRVGkYVzbuBN
1rXhmNYKb3s4YSnRrXxE95Ckig6u
-----END CERTIFICATE-----
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.pem"
    path.write_text(OWN)
    return path


def test_a_program_goes_on_trusting_the_public_authorities(own: Path, tmp_path: Path) -> None:
    told = trusting(own, tmp_path, {})
    text = Path(told["SSL_CERT_FILE"]).read_text("utf-8")
    assert Path(certifi.where()).read_text("utf-8") in text
    assert text.endswith(OWN)
    assert told["REQUESTS_CA_BUNDLE"] == told["GIT_SSL_CAINFO"] == told["SSL_CERT_FILE"]


def test_a_bundle_of_this_machine_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    machine = tmp_path / "machine.pem"
    machine.write_text(THEIRS)
    monkeypatch.setattr(bundles, "_OF_THE_MACHINE", (str(tmp_path / "none"), str(machine)))
    assert THEIRS in combined(OWN)


def test_a_program_with_a_bundle_of_its_own_trusts_no_more_than_that_and_us(
    own: Path, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs.pem"
    theirs.write_text(THEIRS)
    told = trusting(own, tmp_path, {"CURL_CA_BUNDLE": str(theirs), "SSL_CERT_FILE": "missing"})
    for name in ("CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):  # requests reads that of curl
        assert Path(told[name]).read_text("utf-8") == f"{THEIRS}\n{OWN}"
    assert "theirs" not in Path(told["SSL_CERT_FILE"]).read_text("utf-8")


def test_a_folder_of_certificates_is_a_bundle_too(tmp_path: Path) -> None:
    folder = tmp_path / "certs"
    folder.mkdir()
    (folder / "a.pem").write_text(THEIRS)
    (folder / "readme").write_text("no certificate")
    assert combined(OWN, str(folder)) == f"{THEIRS}\n{OWN}"


def test_what_is_added_in_node_stays(own: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.pem"
    theirs.write_text(THEIRS)
    told = trusting(own, tmp_path, {"NODE_EXTRA_CA_CERTS": str(theirs)})
    assert Path(told["NODE_EXTRA_CA_CERTS"]).read_text("utf-8") == f"{THEIRS}\n{OWN}"
    assert Path(told["DENO_CERT"]).read_text("utf-8") == OWN


def test_certificates_that_break_a_rule_keep_nobody_from_java(tmp_path: Path) -> None:
    good = Authority(tmp_path).file.read_text("utf-8")
    broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    store = java_store(ZERO + broken + good)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        found = pkcs12.load_pkcs12(store, bundles.JAVA_PASSWORD.encode())
    subjects = [each.certificate.subject.rfc4514_string() for each in found.additional_certs]
    assert [subject.rpartition("CN=")[2] for subject in subjects] == ["zero", "private"]


def test_java_gets_a_file_that_it_can_read(tmp_path: Path) -> None:
    text = Authority(tmp_path).file.read_text("utf-8")
    found = pkcs12.load_pkcs12(java_store(text), bundles.JAVA_PASSWORD.encode())
    assert len(found.additional_certs) == 1


def test_a_file_without_a_certificate_is_told_once_with_the_variables_that_name_it(
    tmp_path: Path,
) -> None:
    broken, good, empty = tmp_path / "broken.pem", tmp_path / "good.pem", tmp_path / "empty"
    broken.write_text(OWN)
    good.write_text(ZERO)
    empty.mkdir()
    present = {
        "SSL_CERT_FILE": str(tmp_path / "none.pem"),
        "REQUESTS_CA_BUNDLE": str(broken),
        "CURL_CA_BUNDLE": str(good),
        "PIP_CERT": str(empty),
        "NODE_EXTRA_CA_CERTS": str(broken),
        "DENO_CERT": "",
    }
    assert unreadable(present) == [
        f"SSL_CERT_FILE: {tmp_path / 'none.pem'} cannot be read: No such file or directory",
        f"REQUESTS_CA_BUNDLE, NODE_EXTRA_CA_CERTS: {broken} holds no certificate (PEM)",
        f"PIP_CERT: {empty} holds no certificate (PEM)",
    ]
