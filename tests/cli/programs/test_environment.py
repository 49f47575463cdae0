"""What a program is told, so that its requests come to the proxy."""

from pathlib import Path

import pytest

from rechat.cli.programs.environment import Place
from rechat.cli.programs.environment import environment
from rechat.cli.programs.environment import proxies

URL = "http://localhost:81"
READ = ("api.openai.com", "*.openai.azure.com", "llm.example")


@pytest.mark.parametrize(
    ("excepted", "kept"),
    [
        ("", []),
        ("localhost, 127.0.0.1", []),
        ("db.example,.corp.example,10.0.0.0/8", ["db.example", ".corp.example", "10.0.0.0/8"]),
        ("*", []),
        ("openai.com,db.example", ["db.example"]),
        (".openai.com", []),
        ("*.openai.com", []),
        ("llm.example", []),
        ("nollm.example", ["nollm.example"]),
    ],
)
def test_hosts_that_were_excepted_stay_so_unless_they_are_read(
    excepted: str, kept: list[str]
) -> None:
    told = proxies(URL, READ, {"NO_PROXY": excepted})
    assert told["NO_PROXY"] == ",".join(["localhost", "127.0.0.1", "::1", *kept])
    assert told["no_proxy"] == told["NO_PROXY"]
    assert {told[name] for name in ("HTTP_PROXY", "https_proxy", "HTTPS_PROXY")} == {URL}


def told(tmp_path: Path, program: str, present: dict[str, str]) -> dict[str, str]:
    own = tmp_path / "own.pem"
    own.write_text("-----BEGIN CERTIFICATE-----\n")
    return environment(Place(URL, "t", own), program, present, tmp_path)


def test_node_keeps_its_own_options(tmp_path: Path) -> None:
    options = told(tmp_path, "node", {"NODE_OPTIONS": "--trace-warnings"})["NODE_OPTIONS"]
    assert options.startswith('--trace-warnings --require="')
    preload = Path(options.split('"')[1])
    assert preload.read_text("utf-8")


def test_only_java_is_told_what_it_repeats(tmp_path: Path) -> None:
    assert "JAVA_TOOL_OPTIONS" not in told(tmp_path, "python", {})


def test_clients_of_other_providers_keep_their_own_host(tmp_path: Path) -> None:
    own = tmp_path / "own.pem"
    own.write_text("-----BEGIN CERTIFICATE-----\n")
    place = Place(URL, "t", own, READ, ("api.openai.com",))
    found = environment(place, "python", {}, tmp_path)
    assert found["OPENAI_BASE_URL"] == f"{URL}/v1"
    assert "ANTHROPIC_BASE_URL" not in found
