"""Unmodified programs under `rechat run`: recorded, then replayed without their API, while what they
ask of other hosts goes there.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from internet import Internet
from process import run
from upstream import Bytes
from upstream import Received
from upstream import Upstream

API, OTHER = "api.openai.com", "other.example"
PRIVATE = (
    *("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO"),
    *("NODE_EXTRA_CA_CERTS", "NIX_SSL_CERT_FILE"),
)
BODY = '{"model": "gpt-5", "messages": [{"role": "user", "content": "Hello"}]}'
URL = f"https://{API}/v1/chat/completions"
HEAD = f"body, url, other = {BODY}, {URL!r}, 'https://{OTHER}/'\n"
SAY = "print(answer['choices'][0]['message']['content'])\n"
PYTHON = {
    "requests": """
import requests
answer = requests.post(url, json=body).json()
print(requests.get(other).text)
""",
    "httpx": """
import httpx
answer = httpx.post(url, json=body).json()
print(httpx.get(other).text)
""",
    "urllib": """
import json, urllib.request
answer = json.load(urllib.request.urlopen(url, json.dumps(body).encode()))
print(urllib.request.urlopen(other).read().decode())
""",
    "aiohttp": """
import aiohttp, asyncio
async def main():
    async with aiohttp.ClientSession(trust_env=True) as session:
        async with session.get(other) as reply:
            print(await reply.text())
        async with session.post(url, json=body) as reply:
            return await reply.json()
answer = asyncio.run(main())
""",
    "openai": """
import openai, urllib.request
client = openai.OpenAI(api_key="k", base_url="https://api.openai.com/v1", max_retries=0)
answer = client.chat.completions.create(**body).model_dump()
print(urllib.request.urlopen(other).read().decode())
""",
}
NODE = """
const https = require("https");
const body = JSON.stringify(BODY);
const get = (url, body) => new Promise((done, failed) => {
  const asked = https.request(url, { method: body ? "POST" : "GET" }, (reply) => {
    let text = "";
    reply.on("data", (data) => (text += data)).on("end", () => done(text));
  });
  asked.on("error", failed).end(body);
});
const fetched = (url, body) =>
  fetch(url, body && { method: "POST", body, headers: { "content-type": "application/json" } })
    .then((reply) => reply.text());
(async () => {
  const ask = process.argv[2] === "fetch" ? fetched : get;
  console.log(await ask(OTHER));
  console.log(JSON.parse(await ask(URL, body)).choices[0].message.content);
})();
"""


def other(received: Received) -> Bytes:
    if received.path.startswith("/r.git/info/refs"):
        return Bytes(b"0" * 39 + b"1\trefs/heads/main\n")
    return Bytes(b"theirs")


@pytest.fixture
def internet(tmp_path: Path) -> Iterator[Internet]:
    authority = tmp_path / "authority"
    authority.mkdir()
    with Internet(authority, API, OTHER) as running:
        running[OTHER].reply(other)
        yield running


def under(
    internet: Internet, folder: Path, policy: str, *command: str
) -> subprocess.CompletedProcess[str]:
    """A program under rechat, on a machine that trusts the hosts' authority."""
    confdir = f"confdir={folder / 'confdir'}"
    variables = dict.fromkeys(PRIVATE, str(internet.authority.file))
    return run(
        *("run", policy, "--set", confdir, *command),
        folder=folder,
        HTTPS_PROXY=internet.proxy,
        NO_PROXY="",
        PYTHONPATH=os.pathsep.join(sys.path),
        **variables,
    )


def assert_recorded_and_replayed(internet: Internet, folder: Path, *command: str) -> None:
    first = under(internet, folder, "record", "--", *command)
    assert first.stdout.splitlines() == ["theirs", "Echo 1: Hello"], first.stderr
    assert len(list(folder.glob("transcripts/*.md"))) == 1
    again = under(internet, folder, "replay", "--", *command)
    assert again.stdout == first.stdout, again.stderr
    assert len(internet[API].requests) == 1
    assert len(internet[OTHER].requests) == 2


@pytest.mark.parametrize("client", PYTHON)
def test_a_program_in_python_is_recorded_and_replayed(
    internet: Internet, tmp_path: Path, client: str
) -> None:
    pytest.importorskip(client)
    assert_recorded_and_replayed(
        internet, tmp_path, sys.executable, "-c", HEAD + PYTHON[client] + SAY
    )


@pytest.mark.parametrize("how", ["fetch", "https"])
def test_a_program_in_node_is_recorded_and_replayed(
    internet: Internet, tmp_path: Path, how: str
) -> None:
    if not shutil.which("node"):
        pytest.skip("Node.js is not installed")
    script = tmp_path / "program.cjs"
    names = {"BODY": BODY, "OTHER": f'"https://{OTHER}/"', "URL": f'"{URL}"'}
    text = NODE
    for name, value in names.items():
        text = text.replace(f"({name}", f"({value}")
    script.write_text(text)
    assert_recorded_and_replayed(internet, tmp_path, "node", str(script), how)


def test_a_script_with_curl_is_recorded_and_replayed(internet: Internet, tmp_path: Path) -> None:
    find = "import sys, json; " + SAY.replace("answer", "json.load(sys.stdin)")
    script = (
        f"curl -sS https://{OTHER}/; echo; curl -sS {URL} "
        f"-H 'content-type: application/json' -d '{BODY}' | {sys.executable} -c {find!r}"
    )
    script = script.replace(f"-c {find!r}", f'-c "{find.strip()}"')
    assert_recorded_and_replayed(internet, tmp_path, "sh", "-c", script)


def test_git_goes_where_it_always_goes(internet: Internet, tmp_path: Path) -> None:
    url = f"https://{OTHER}/r.git"
    for policy in ("record", "replay"):
        (tmp_path / "transcripts").mkdir(exist_ok=True)
        listed = under(internet, tmp_path, policy, "--", "git", "ls-remote", url)
        assert listed.stdout == "0" * 39 + "1\trefs/heads/main\n", listed.stderr
        assert f"no request for a model came from git: it asked {OTHER}" in listed.stderr


def test_a_key_goes_to_its_own_host_only(internet: Internet, tmp_path: Path) -> None:
    program = (
        "import os; print(os.environ.get('ANTHROPIC_BASE_URL'), os.environ['OPENAI_BASE_URL'])"
    )
    shown = under(internet, tmp_path, "record", "--", sys.executable, "-c", program).stdout
    assert shown.startswith("None http://localhost:")


REDIRECTED = """
import requests
head = {"authorization": "Bearer client-key"}
answer = requests.post(url, json=body, headers=head).json()
print(requests.get(other).text)
"""


def test_a_hard_coded_host_is_redirected_to_the_upstream_without_its_key(
    internet: Internet, upstream: Upstream, tmp_path: Path
) -> None:
    program = (sys.executable, "-c", HEAD + REDIRECTED + SAY)
    redirect = ("--redirect", "--upstream", upstream.url)
    first = under(internet, tmp_path, "record", *redirect, "--", *program)
    assert first.stdout.splitlines() == ["theirs", "Echo 1: Hello"], first.stderr
    (asked,) = upstream.requests
    assert (asked.path, asked.headers["authorization"]) == ("/v1/chat/completions", None)
    assert asked.headers["host"] == upstream.url.split("/")[2]
    assert internet[API].requests == []
    again = under(internet, tmp_path, "replay", "--redirect", "--", *program)
    assert again.stdout == first.stdout, again.stderr
    assert len(upstream.requests) == 1


def test_a_redirect_needs_somewhere_to_go(internet: Internet, tmp_path: Path) -> None:
    found = under(internet, tmp_path, "record", "--redirect", "--", sys.executable, "-c", "")
    assert found.returncode == 2
    assert "--redirect: name the upstream to ask instead" in found.stderr


def test_a_file_of_certificates_that_is_missing_is_told(tmp_path: Path) -> None:
    (tmp_path / "transcripts").mkdir()
    told = run(
        *("run", "replay", "-q", "--", sys.executable, "-c", ""),
        folder=tmp_path,
        NODE_EXTRA_CA_CERTS="missing.pem",
    )
    assert told.returncode == 0
    assert "NODE_EXTRA_CA_CERTS: missing.pem cannot be read: No such file" in told.stderr
