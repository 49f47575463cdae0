"""Programs that are not told of rechat, in networks of the test's own: `transparent` behind a
router, `local` on the machine itself. Nothing of this machine's network is touched. And a program
that `run` starts, beside one that it does not.
"""

import json
import os
import select
import shlex
import shutil
import ssl
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler
from socketserver import ThreadingTCPServer

import pytest
from internet import Authority
from process import Rechat
from upstream import Upstream

from rechat.proxy.interception.local_mode import Machine

LLM, OTHER, FAR = "llm.example", "other.example", "203.0.113.9"
GREETING = "220 hello"
WAYS = {
    "transparent": ("transparent@192.0.2.1:8085", ("ip", "netns", "exec", "near", "curl")),
    "local": ("local:curl", ("curl",)),
}
# Far is where the hosts are, near is a program whose packets come through here.
NETWORKS = f"""
mount --make-rprivate / && mount -t tmpfs none /run && mkdir /run/netns
ip link set lo up && ip netns add far && ip netns add near
ip link add to-far type veth peer name here netns far
ip addr add 203.0.113.1/24 dev to-far && ip link set to-far up
ip -n far addr add {FAR}/24 dev here && ip -n far link set here up
ip -n far route add default via 203.0.113.1
ip link add to-near type veth peer name here netns near
ip addr add 192.0.2.1/24 dev to-near && ip link set to-near up
ip -n near addr add 192.0.2.2/24 dev here && ip -n near link set here up
ip -n near route add default via 192.0.2.1
echo 1 > /proc/sys/net/ipv4/ip_forward
"""
REDIRECT = "iptables -t nat -A PREROUTING -i to-near -p tcp -j REDIRECT --to-port 8085"
# Only what is in the group of the test can be caught, and nothing if the group is that of all.
GROUP = "umount -R /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup; \
[ -e /sys/fs/cgroup/cgroup.type ]"


class Far(BaseHTTPRequestHandler):
    """The hosts: they say whom they were asked for, and print it."""

    def do_GET(self) -> None:
        tell(self.headers["host"])
        text = json.dumps({"from": self.headers["host"]}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Say nothing else."""


class Greeting(StreamRequestHandler):
    """What speaks first, as databases and mail servers do."""

    def handle(self) -> None:
        self.wfile.write(GREETING.encode())


def tell(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def ran(*words: str) -> subprocess.CompletedProcess[str]:
    """A command that has ended, well or not."""
    return subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)


def serve(folder: Path) -> None:
    """Be the hosts until the input ends; started in their network."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / f"{LLM}.pem", folder / f"{LLM}.key")
    server = ThreadingHTTPServer((FAR, 443), Far)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    for each in (server, ThreadingTCPServer((FAR, 25), Greeting)):
        threading.Thread(target=each.serve_forever, daemon=True).start()
    tell("up")
    sys.stdin.read()


def curl(command: tuple[str, ...], host: str, trusted: Path) -> str:
    """The verdict of rechat (empty if it had none) and the text that a host has said."""
    words = ("-sS", "-m", "15", "--resolve", f"{host}:443:{FAR}", "--cacert", str(trusted))
    shown = ("-w", "|%header{x-rechat}", f"https://{host}/v1/things")
    ended = ran(*command, *words, *shown)
    return "|".join(reversed(ended.stdout.split("|"))) + ended.stderr


def redirectors() -> list[str]:
    """The commands of those that run in the group of the test."""
    pids = Path("/sys/fs/cgroup/cgroup.procs").read_text().split()
    commands = [Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ") for pid in pids]
    return [command for command in commands if "linux-redirector" in command]


def inside(way: str, folder: Path) -> None:
    """Record and replay in the networks that have been made; print what was said."""
    mode, command = WAYS[way]
    far = ["ip", "netns", "exec", "far", sys.executable, __file__, "serve", str(folder)]
    said = []
    ours, theirs = folder / "c" / "mitmproxy-ca-cert.pem", folder / "private-ca-cert.pem"
    with subprocess.Popen(far, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as hosts:
        assert hosts.stdin
        assert hosts.stdout
        assert hosts.stdout.readline() == "up\n"
        for words in (("record", f"https://{LLM}/v1"), ("replay", "--also", LLM)):
            own = ("--mode", mode, "--set", f"confdir={folder / 'c'}", "-p", "0")
            with Rechat(*words, *own, folder=folder, SSL_CERT_FILE=str(theirs)) as rechat:
                rechat.wait_for_line(f"also {way}")
                said += [curl(command, LLM, ours), curl(command, OTHER, theirs)]
                said += [ran(*command, "-sS", "-m", "15", f"telnet://{FAR}:25").stdout]
                by_url = ("curl", "-sS", "-m", "15", "-w", "|%header{x-rechat}")
                by_url_said = ran(*by_url, f"{rechat.url}/things").stdout
            assert "linux" not in rechat.output, rechat.output
            assert way != "local" or not redirectors()
        hosts.stdin.close()
        tell(json.dumps([said, by_url_said, hosts.stdout.read().split()]))


def absence(way: str) -> str:
    """Why a way cannot be proved here; empty if it can."""
    needed = ["unshare", "ip", "curl", *(["iptables"] if way == "transparent" else [])]
    if missing := [each for each in needed if not shutil.which(each)]:
        return f"{missing[0]} is not installed"
    made = ran("unshare", "-n", "-m", "-C", "true")
    if made.returncode or os.geteuid():
        return f"no networks can be made: {made.stderr or 'root is needed'}"
    if way == "local":
        is_wanted = "TEST_LOCAL_MODE" in os.environ
        return _group_is_missing() if is_wanted else "a kernel is changed: set TEST_LOCAL_MODE=1"
    made = ran("unshare", "-n", "iptables", "-t", "nat", "-L")
    return "the kernel has no redirects (iptables -t nat)" if made.returncode else ""


def _group_is_missing() -> str:
    if not (groups() / "cgroup.procs").exists():
        return f"no cgroup v2 at {groups()}"
    reason = Machine().missing()
    return "" if "cgroup v" in reason else reason


def groups() -> Path:
    """Where groups of processes are made."""
    unified = Path("/sys/fs/cgroup/unified")
    return unified if unified.is_dir() else unified.parent


def remove(group: Path) -> None:
    """Remove a group with what still runs in it, if the test has failed."""
    with (group / "cgroup.events").open() as events:
        changed = select.poll()
        changed.register(events, select.POLLPRI)
        (group / "cgroup.kill").write_text("1")
        while "populated 1" in events.read():
            changed.poll(1000)
            events.seek(0)
    group.rmdir()


@pytest.mark.parametrize("way", WAYS)
def test_a_program_that_is_told_nothing_is_recorded_and_replayed(way: str, tmp_path: Path) -> None:
    if why := absence(way):
        pytest.skip(why)
    Authority(tmp_path).certify(LLM, OTHER)
    group = groups() / f"rechat-test-{os.getpid()}"
    steps = [GROUP, NETWORKS] if way == "local" else [NETWORKS, REDIRECT]
    script = "\n".join([*steps, f'exec "{sys.executable}" "{__file__}" {way} "{tmp_path}"'])
    words = ["unshare", "-n", "-m", "-C", "sh", "-ec", script]
    if way == "local":
        group.mkdir()
        words = ["sh", "-c", f'echo $$ > {group}/cgroup.procs && exec "$@"', "sh", *words]
    try:
        ended = ran("env", f"PYTHONPATH={os.pathsep.join(sys.path)}", *words)
    finally:
        if way == "local":
            remove(group)
    assert ended.returncode == 0, ended.stderr
    said, by_url, asked = json.loads(ended.stdout.splitlines()[-1])
    ours, theirs = json.dumps({"from": LLM}), json.dumps({"from": OTHER})
    for verdict in ("recorded", "hit"):
        assert said[:3] == [f"{verdict}|{ours}", f"|{theirs}", GREETING]
        del said[:3]
    assert by_url == f"{ours}|hit"
    assert asked.count(LLM) == 1
    written = [path.read_text() for path in tmp_path.glob("transcripts/*.md")]
    assert len(written) == 1
    assert OTHER not in written[0]


def verdict(url: str) -> list[str]:
    """The command that asks without a proxy, and prints the verdict of rechat (none if it had
    none).
    """
    shown = ("-o", "/dev/null", "-w", "[%header{x-rechat}]\n")
    return ["curl", "-sS", "-m", "15", "--noproxy", "*", *shown, url]


def test_run_catches_its_program_and_what_that_starts_and_nothing_else(tmp_path: Path) -> None:
    if why := absence("local"):
        pytest.skip(why)
    with Upstream() as upstream:
        asks = shlex.join(verdict(f"{upstream.url}/models"))
        inside = f"echo started; read line; {asks}; sh -c {shlex.quote(asks)}"
        words = ("run", "record", upstream.url, "--mode", "local", "--", "sh", "-c", inside)
        command = [sys.executable, "-m", "rechat", *words]
        with subprocess.Popen(
            command,
            cwd=tmp_path,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as running:
            assert running.stdout
            assert running.stdout.readline() == "started\n"
            assert ran(*verdict(f"{upstream.url}/models")).stdout == "[]\n"
            said, _ = running.communicate("go\n", timeout=60)
    assert running.returncode == 0, said
    assert said.split() == ["[recorded]", "[forwarded]"], "what is asked again may be polled"
    assert not list(groups().rglob(f"rechat-{running.pid}"))


if __name__ == "__main__":
    what, where = sys.argv[1:]
    serve(Path(where)) if what == "serve" else inside(what, Path(where))
