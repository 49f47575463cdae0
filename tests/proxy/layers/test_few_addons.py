"""mitmproxy without what is not needed of it; and all of it for who asks."""

import subprocess
import sys


def run(program: str) -> list[str]:
    """What a program prints in a fresh interpreter."""
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")


def test_the_wire_comes_without_frameworks_for_pages_and_directories() -> None:
    heavy = {"flask", "werkzeug", "jinja2", "ldap3", "service_identity.hazmat"}
    program = "import sys, rechat.proxy\nprint(*sys.modules)"
    assert not heavy & {*run(program)[0].split()}


def test_who_asks_for_all_addons_gets_them() -> None:
    program = """
import rechat.proxy
from mitmproxy import addons
from mitmproxy.addons import block
import service_identity
print(addons.block is block, addons.onboarding.Onboarding.__name__)
print(len(addons.default_addons()) > 20)
print(hasattr(addons, "__path__"), hasattr(addons, "__wrapped__"), hasattr(addons, "nothing"))
print(service_identity.VerificationError.__name__, service_identity.cryptography.__name__)
"""
    assert run(program)[:4] == [
        "True Onboarding",
        "True",
        "True False False",
        "VerificationError service_identity.cryptography",
    ]


def test_what_was_imported_before_stays() -> None:
    program = """
from mitmproxy import addons
before = addons.default_addons
import rechat.proxy
from mitmproxy import addons
print(addons.default_addons is before)
"""
    assert run(program)[0] == "True"
