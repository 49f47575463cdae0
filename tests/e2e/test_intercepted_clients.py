"""Real clients of hosts that they name themselves, through the proxy of their environment and under
`rechat run`: recorded, then replayed without their API, beside a host that keeps its certificate.

Those of npm are run if NODE_PATH has them (`npm install openai @anthropic-ai/sdk axios undici`).
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from internet import Internet
from process import Rechat
from process import run
from upstream import Bytes
from upstream import Received

from rechat.cli.programs.bundles import ADDING
from rechat.cli.programs.bundles import JAVA_PASSWORD
from rechat.cli.programs.bundles import REPLACING
from rechat.cli.programs.bundles import java_store

CHAT, MESSAGES, OTHER = "api.openai.com", "api.anthropic.com", "other.example"
PYTHON_HEAD = f"""
import sys
url, other, name = "https://{CHAT}/v1/chat/completions", "https://{OTHER}/", sys.argv[2]
body = {{"model": "m", "messages": [{{"role": "user", "content": name}}], "max_tokens": 99}}
def said(answer): return answer["choices"][0]["message"]["content"]
"""
PYTHON = {
    "requests": """
import requests
if sys.argv[1] == "other": print(requests.get(other).text)
else: print(said(requests.post(url, json=body).json()))
""",
    "httpx": """
import httpx
if sys.argv[1] == "other": print(httpx.get(other).text)
else: print(said(httpx.post(url, json=body).json()))
""",
    "urllib": """
import json
from urllib.request import Request, urlopen
if sys.argv[1] == "other": print(urlopen(other).read().decode())
else: print(said(json.load(urlopen(Request(url, json.dumps(body).encode())))))
""",
    "aiohttp": """
import aiohttp, asyncio
async def main():
    async with aiohttp.ClientSession(trust_env=True) as session:
        if sys.argv[1] == "other":
            async with session.get(other) as reply: print(await reply.text())
        else:
            async with session.post(url, json=body) as reply: print(said(await reply.json()))
asyncio.run(main())
""",
    "openai": """
import openai
client = openai.OpenAI(api_key="k", base_url="https://api.openai.com/v1", max_retries=0)
if sys.argv[1] == "other": print(client._client.get(other).text)
else:
    for piece in client.chat.completions.create(**body, stream=True):
        print(piece.choices[0].delta.content or "" if piece.choices else "", end="")
""",
    "anthropic": """
import anthropic
client = anthropic.Anthropic(api_key="k", base_url="https://api.anthropic.com", max_retries=0)
if sys.argv[1] == "other": print(client._client.get(other).text)
else: print(client.messages.create(**body).content[0].text)
""",
}
NODE_HEAD = f"""
const [what, name] = process.argv.slice(-2);
const url = "https://{CHAT}/v1/chat/completions", other = "https://{OTHER}/";
const messages = [{{ role: "user", content: name }}], body = {{ model: "m", messages }};
const said = (answer) => console.log(answer.choices[0].message.content);
const head = {{ "content-type": "application/json" }}, text = JSON.stringify(body);
const posted = {{ method: "POST", headers: head, body: text }};
// How the SDKs document a proxy, where Node does not read the variables.
const way = () => {{
  if (!process.env.WITH_AGENT) return {{}};
  const undici = require("undici");
  const dispatcher = new undici.ProxyAgent(process.env.HTTPS_PROXY);
  return {{ fetch: undici.fetch, fetchOptions: {{ dispatcher }}, dispatcher }};
}};
(async () => {{
"""
NODE = {
    "node-fetch": """
  if (what === "other") console.log(await (await fetch(other)).text());
  else said(await (await fetch(url, posted)).json());
""",
    "node-https": """
  const asked = require("https").request(what === "other" ? other : url,
    what === "other" ? {} : { method: "POST", headers: head }, (reply) => {
      let got = "";
      reply.on("data", (data) => (got += data));
      reply.on("end", () => (what === "other" ? console.log(got) : said(JSON.parse(got))));
    });
  asked.end(what === "other" ? undefined : text);
""",
    "undici": """
  const { request, fetch, setGlobalDispatcher, EnvHttpProxyAgent } = require("undici");
  setGlobalDispatcher(new EnvHttpProxyAgent());
  if (what === "other") console.log(await (await request(other)).body.text());
  else said(await (await request(url, posted)).body.json());
""",
    "axios": """
  const axios = require("axios");
  if (what === "other") console.log((await axios.get(other)).data);
  else said((await axios.post(url, body)).data);
""",
    "openai-npm": """
  const { OpenAI } = require("openai");
  const baseURL = "https://api.openai.com/v1";
  const client = new OpenAI({ apiKey: "k", baseURL, maxRetries: 0, ...way() });
  if (what === "other") console.log(await (await (way().fetch ?? fetch)(other, way().fetchOptions)).text());
  else said(await client.chat.completions.create(body));
""",
    "anthropic-npm": """
  const { Anthropic } = require("@anthropic-ai/sdk");
  const baseURL = "https://api.anthropic.com";
  const client = new Anthropic({ apiKey: "k", baseURL, maxRetries: 0, ...way() });
  if (what === "other") console.log(await (await (way().fetch ?? fetch)(other, way().fetchOptions)).text());
  else console.log((await client.messages.create({ max_tokens: 99, ...body })).content[0].text);
""",
}
PACKAGES = {"openai-npm": "openai", "anthropic-npm": "@anthropic-ai/sdk"}
JAVA = f"""
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
class Ask {{
  public static void main(String[] words) throws Exception {{
    var body = "{{\\"model\\": \\"m\\", \\"messages\\": [{{\\"role\\": \\"user\\", \\"content\\": \\""
      + words[1] + "\\"}}]}}";
    var ask = words[0].equals("other")
      ? HttpRequest.newBuilder(URI.create("https://{OTHER}/"))
      : HttpRequest.newBuilder(URI.create("https://{CHAT}/v1/chat/completions"))
          .header("content-type", "application/json")
          .POST(HttpRequest.BodyPublishers.ofString(body));
    var client = HttpClient.newHttpClient();
    var text = client.send(ask.build(), HttpResponse.BodyHandlers.ofString()).body();
    System.out.println(text.equals("theirs") ? text
      : text.replaceAll("(?s).*\\"content\\": \\"([^\\"]*)\\".*", "$1"));
  }}
}}
"""
CURL = f"""
if [ $1 = other ]; then exec curl -sS https://{OTHER}/; fi
body='{{"model": "m", "messages": [{{"role": "user", "content": "'$2'"}}]}}'
curl -sS https://{CHAT}/v1/chat/completions -H content-type:application/json -d "$body" |
  sed -n 's/.*"content": "\\([^"]*\\)".*/\\1/p'
"""
GO = f"""
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

func main() {{
	var reply *http.Response
	var err error
	if os.Args[1] == "other" {{
		reply, err = http.Get("https://{OTHER}/")
	}} else {{
		body := `{{"model": "m", "messages": [{{"role": "user", "content": "` + os.Args[2] + `"}}]}}`
		reply, err = http.Post("https://{CHAT}/v1/chat/completions", "application/json", strings.NewReader(body))
	}}
	if err != nil {{
		panic(err)
	}}
	text, _ := io.ReadAll(reply.Body)
	var answer struct{{ Choices []struct{{ Message struct{{ Content string }} }} }}
	if json.Unmarshal(text, &answer) == nil {{
		text = []byte(answer.Choices[0].Message.Content)
	}}
	fmt.Println(string(text))
}}
"""
# The driver runs every client, once for its API and once for the other host. For that one it may
# trust the hosts' authority alone: a certificate of ours would not do.
DRIVER = """
import json, os, subprocess, sys
from concurrent.futures import ThreadPoolExecutor
clients, theirs = json.load(open(sys.argv[1]))
def ask(command, what, name):
    more = theirs if what == "other" else {}
    ended = subprocess.run([*command, what, name], env=os.environ | more, timeout=60,
                           capture_output=True, text=True)
    return [ended.stdout.strip(), ended.stderr[-2000:]]
kinds = sys.argv[2].split(",")
asked = [(name, kind) for name in clients for kind in kinds]
with ThreadPoolExecutor(4) as pool:
    said = list(pool.map(lambda each: ask(clients[each[0]], each[1], each[0]), asked))
print(json.dumps([[*each, *found] for each, found in zip(asked, said)]))
"""
NAMES = (*PYTHON, *NODE, "curl", "git", "go")
WAYS = ("proxy", "run")
type Said = dict[tuple[str, str], tuple[str, str]]
"""Output and errors of a client (its name, and whether it asked its `api` or the `other` host)."""


@dataclass(frozen=True)
class Rig:
    """The commands of clients, an internet that they ask, and how often it was asked."""

    internet: Internet
    folder: Path
    programs: dict[str, list[str]]

    def driver(self, policy: str) -> list[str]:
        """The command that asks the APIs, and while recording the other host."""
        files = [str(self.folder / name) for name in ("driver.py", "clients.json")]
        return [sys.executable, *files, "api,other" if policy == "record" else "api"]

    @property
    def asked(self) -> int:
        return sum(len(self.internet[host].requests) for host in (CHAT, MESSAGES))

    @property
    def variables(self) -> dict[str, str]:
        """Those of a machine that trusts the hosts' authority and leads to them."""
        trusting = dict.fromkeys([*REPLACING, *ADDING], str(self.internet.authority.file))
        return {"HTTPS_PROXY": self.internet.proxy, "NO_PROXY": "", **trusting}

    @property
    def settings(self) -> list[str]:
        return ["--set", f"confdir={self.folder / 'confdir'}"]


@dataclass(frozen=True)
class Session:
    """What all clients said while they were recorded and replayed, and how often the APIs were
    asked until after each.
    """

    recorded: Said
    replayed: Said
    asked: tuple[int, int]
    written: list[Path]


def absence(name: str) -> str:
    """Why a client cannot be run here; empty if it can."""
    if name in PYTHON:
        return "" if importlib.util.find_spec(name) else f"{name} is not installed"
    program = "node" if name in NODE else name
    if not shutil.which(program):
        return f"{program} is not installed"
    if name not in NODE or name.startswith("node-"):
        return ""
    folders = os.environ.get("NODE_PATH", "").split(os.pathsep)
    is_there = any((Path(folder) / PACKAGES.get(name, name)).is_dir() for folder in folders)
    return "" if is_there else f"{PACKAGES.get(name, name)} of npm is not in NODE_PATH"


def programs(folder: Path) -> dict[str, list[str]]:
    """The commands of the clients that can be run."""
    clone = f"rm -rf {folder}/own; git clone -q https://{OTHER}/r.git {folder}/own"
    git = f"[ $1 = api ] || {{ {clone} && cat {folder}/own/said; }}"
    commands = {name: [sys.executable, "-c", PYTHON_HEAD + code] for name, code in PYTHON.items()}
    for name, code in NODE.items():
        commands[name] = ["node", "-e", f"{NODE_HEAD}{code}}})();", "--"]
    commands |= {"curl": ["sh", "-c", CURL, "sh"], "git": ["sh", "-c", git, "sh"]}
    commands["go"] = [str(folder / "go-client")]
    return {name: command for name, command in commands.items() if not absence(name)}


def repository(folder: Path) -> Path:
    """A repository that can be cloned from a plain server of files."""
    bare, work = folder / "r.git", folder / "work"
    who = ("-c", "user.name=a", "-c", "user.email=a@b")
    work.mkdir()
    (work / "said").write_text("theirs")
    for words in (("init", "-q", "-b", "main"), ("add", "."), (*who, "commit", "-q", "-m", "a")):
        subprocess.run(["git", "-C", work, *words], check=True, timeout=20)
    subprocess.run(["git", "clone", "-q", "--bare", work, bare], check=True, timeout=20)
    subprocess.run(["git", "-C", bare, "update-server-info"], check=True, timeout=20)
    return bare


def compile_go(folder: Path) -> None:
    """Make the client in Go; it takes no module but those of Go itself."""
    (folder / "client.go").write_text(GO)
    command = ["go", "build", "-o", str(folder / "go-client"), str(folder / "client.go")]
    subprocess.run(command, cwd=folder, check=True, timeout=120)


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    folder = tmp_path_factory.mktemp("clients")
    (folder / "authority").mkdir()
    bare = repository(folder) if shutil.which("git") else folder
    if not absence("go"):
        compile_go(folder)

    def other(received: Received) -> Bytes:
        path = received.path.partition("?")[0]
        if not path.startswith("/r.git/"):
            return Bytes(b"theirs")
        file = bare / path.removeprefix("/r.git/")
        return Bytes(file.read_bytes()) if file.is_file() else Bytes(b"", status=404)

    with Internet(folder / "authority", CHAT, MESSAGES, OTHER) as internet:
        internet[OTHER].reply(other)
        rig = Rig(internet, folder, programs(folder))
        (folder / "driver.py").write_text(DRIVER)
        theirs = dict.fromkeys([*REPLACING, *ADDING], str(internet.authority.file))
        (folder / "clients.json").write_text(json.dumps([rig.programs, theirs]))
        yield rig


def by_proxy(rig: Rig, policy: str, store: Path) -> Said:
    """All clients with the variables that a user sets for them."""
    bundle = store / "bundle.pem"
    assert run("ca", "--bundle", bundle, *rig.settings, folder=store).returncode == 0
    with Rechat(policy, *rig.settings, folder=store, **rig.variables) as rechat:
        own = dict.fromkeys([*REPLACING, *ADDING], str(bundle))
        own |= {"HTTPS_PROXY": rechat.root, "https_proxy": rechat.root, "WITH_AGENT": "1"}
        ended = subprocess.run(
            rig.driver(policy), env=os.environ | own, capture_output=True, check=True
        )
    return heard(ended.stdout)


def by_run(rig: Rig, policy: str, store: Path) -> Said:
    """All clients, as they are, of one program that `rechat run` starts."""
    command = [sys.executable, "-m", "rechat", "run", policy, *rig.settings, "--"]
    command += rig.driver(policy)
    environment = os.environ | rig.variables | {"RECHAT_PORT": "0"}
    ended = subprocess.run(command, cwd=store, env=environment, capture_output=True, check=True)
    return heard(ended.stdout)


def heard(printed: bytes) -> Said:
    """What the driver has printed."""
    return {(name, kind): (said, why) for name, kind, said, why in json.loads(printed)}


@pytest.fixture(scope="module", params=WAYS)
def session(
    request: pytest.FixtureRequest, rig: Rig, tmp_path_factory: pytest.TempPathFactory
) -> Session:
    store = tmp_path_factory.mktemp(request.param)
    way = {"proxy": by_proxy, "run": by_run}[request.param]
    recorded = way(rig, "record", store)
    before = rig.asked
    replayed = way(rig, "replay", store)
    written = [path for path in store.rglob("*") if path.is_file()]
    return Session(recorded, replayed, (before, rig.asked), written)


@pytest.mark.parametrize("client", NAMES)
def test_a_client_is_recorded_and_replayed_and_others_keep_their_certificate(
    session: Session, client: str, request: pytest.FixtureRequest
) -> None:
    if why := absence(client):
        pytest.skip(why)
    if client.startswith("node-") and request.node.callspec.params["session"] == "proxy":
        pytest.skip("Node.js reads no variable of proxies unless it is told to: see the other way")
    theirs, others = session.recorded[client, "other"]
    assert theirs == "theirs", others
    said, problem = session.recorded[client, "api"]
    assert said.endswith(f": {client}" if client != "git" else ""), problem
    assert session.replayed[client, "api"][0] == said, session.replayed[client, "api"]


def test_no_api_is_asked_in_replay_and_nothing_of_another_host_is_kept(session: Session) -> None:
    before, after = session.asked
    assert before == after
    texts = [path.read_bytes() for path in session.written]
    assert not any(b"theirs" in text or OTHER.encode() in text for text in texts)


@pytest.mark.parametrize("way", WAYS)
def test_java(rig: Rig, way: str, tmp_path: Path) -> None:
    if not shutil.which("javac"):
        pytest.skip("Java is not installed")
    (tmp_path / "Ask.java").write_text(JAVA)
    subprocess.run(["javac", "Ask.java"], cwd=tmp_path, check=True, timeout=60)
    for policy in ("record", "replay"):
        before = rig.asked
        ask = {"proxy": java_by_proxy, "run": java_by_run}[way]
        assert ask(rig, policy, tmp_path) == ["theirs", f"java-{way}"]
        assert rig.asked - before == (policy == "record")


def trusting(folder: Path, bundle: Path) -> list[str]:
    """The options by which Java trusts the certificates of a bundle."""
    store = folder / f"{bundle.stem}.p12"
    store.write_bytes(java_store(bundle.read_text("utf-8")))
    trust = "-Djavax.net.ssl.trustStore"
    return [f"{trust}={store}", f"{trust}Password={JAVA_PASSWORD}"]


def java_by_proxy(rig: Rig, policy: str, folder: Path) -> list[str]:
    """What the other host and the API said to a program in Java that is told all by options."""
    bundle = folder / "bundle.pem"
    assert run("ca", "--bundle", bundle, *rig.settings, folder=folder).returncode == 0
    with Rechat(policy, *rig.settings, folder=folder, **rig.variables) as rechat:
        way = ["-Dhttps.proxyHost=localhost", f"-Dhttps.proxyPort={rechat.port}"]
        return [
            java([*trusting(folder, trusted), *way, "Ask", what, "java-proxy"], folder)
            for what, trusted in (("other", rig.internet.authority.file), ("api", bundle))
        ]


def java(words: list[str], folder: Path) -> str:
    """The last word that a program in Java has printed."""
    printed = subprocess.check_output(["java", *words], cwd=folder, text=True, timeout=60)
    return printed.strip().rpartition(": ")[2]


def java_by_run(rig: Rig, policy: str, folder: Path) -> list[str]:
    """The same of one that `rechat run` starts."""
    said = []
    for what in ("other", "api"):
        own = trusting(folder, rig.internet.authority.file) if what == "other" else []
        command = ["java", *own, "Ask", what, "java-run"]
        (folder / "transcripts").mkdir(exist_ok=True)
        words = ("run", policy, *rig.settings, "--", *command)
        ended = run(*words, folder=folder, **rig.variables)
        assert ended.returncode == 0, ended.stderr
        said.append(ended.stdout.strip().rpartition(": ")[2])
    return said
