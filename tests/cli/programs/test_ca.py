"""`rechat ca`."""

from pathlib import Path

import certifi
import pytest
from process import run

from rechat.cli.programs.ca import command
from rechat.proxy.upstreams.hosts import MODEL_APIS

ROOT = Path(__file__).parents[3]


def test_it_says_where_the_certificate_is_and_who_trusts_it_how(tmp_path: Path) -> None:
    confdir = ("--set", f"confdir={tmp_path / 'confdir'}")
    shown = run("ca", *confdir, folder=tmp_path)
    assert shown.returncode == 0, shown.stderr
    file = Path(shown.stdout.splitlines()[0])
    assert "BEGIN CERTIFICATE" in file.read_text("utf-8")
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "keytool"):
        assert name in shown.stdout
    written = run("ca", *confdir, "--bundle", "all.pem", folder=tmp_path)
    assert written.stdout == "all.pem\n"
    text = (tmp_path / "all.pem").read_text("utf-8")
    assert file.read_text("utf-8") in text
    assert Path(certifi.where()).read_text("utf-8") in text
    assert str(file) in run("ca", *confdir, "--install", folder=tmp_path).stdout


def test_a_bundle_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    confdir = ("--set", f"confdir={tmp_path / 'confdir'}")
    result = run("ca", *confdir, "--bundle", "none/all.pem", folder=tmp_path)
    assert (result.returncode, "--bundle" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("system", "word"), [("darwin", "security"), ("win32", "certutil"), ("linux", "update-ca")]
)
def test_each_system_has_its_command(system: str, word: str) -> None:
    assert word in command(Path("a b.pem"), system)


def test_the_hosts_that_are_read_are_documented() -> None:
    page = (ROOT / "docs" / "intercepting.md").read_text("utf-8")
    listed = {line[3:-1] for line in page.partition("## The public APIs")[2].split("\n") if line}
    assert listed == MODEL_APIS
