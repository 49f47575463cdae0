"""No credential of one host ever reaches another, however a request comes in."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from internet import Internet
from process import Rechat
from routing import KEYS
from routing import upstreams
from upstream import Json
from upstream import Received
from upstream import Upstream
from upstream import answer
from upstream import failure

CLIENT = "key-of-the-client"
SENT = {
    "authorization": f"Bearer {CLIENT}",
    "cookie": f"session={CLIENT}",
    "x-auth-token": CLIENT,
}
SECRET = re.compile(r"key-of-[a-z-]+|token-of-the-page|password-of-\w+|cookie-of-\w+")
NUMBERS = count()


@dataclass
class Site:
    """A server with every kind of listener, before upstreams `a` (with a key), `b` and `c`; what is
    asked of `upstream:` goes through a proxy of its own, which asks `d` for whatever names no host.
    """

    rechat: Rechat
    hosts: dict[str, Upstream]
    at: dict[str, str]
    seen: dict[str, int] = field(default_factory=dict)

    def ask(self, url: str, proxy: str = "", **headers: str) -> httpx.Response:
        """A request that nobody has made before."""
        said = f"question {next(NUMBERS)}"
        body = {"model": "m", "messages": [{"role": "user", "content": said}]}
        through: Any = httpx.Proxy(proxy, auth=("me", "password-of-proxy")) if proxy else None
        with httpx.Client(proxy=through, headers=SENT | headers, timeout=20) as client:
            return client.post(f"{url}/chat/completions?key={CLIENT}", json=body)

    def ask_by_socks(self, at: str, url: str) -> None:
        """The same by curl, which speaks it."""
        body = {"model": "m", "messages": [{"role": "user", "content": f"{next(NUMBERS)}"}]}
        command = ["curl", "-sSf", "-m", "20", "--socks5", at.removeprefix("http://")]
        command += ["-d", json.dumps(body)]
        command += [word for name in SENT for word in ("-H", f"{name}: {SENT[name]}")]
        asked = [*command, f"{url}/chat/completions"]
        subprocess.run(asked, check=True, capture_output=True, timeout=30)

    def got(self) -> dict[str, set[str]]:
        """The secrets that each host has got since this was asked last, in any part of a request."""
        found = {}
        for name, host in self.hosts.items():
            new = host.requests[self.seen.get(name, 0) :]
            self.seen[name] = self.seen.get(name, 0) + len(new)
            told = "\n".join(f"{each.path}\n{each.headers}\n{each.body!r}" for each in new)
            found[name] = set(SECRET.findall(told))
        return found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder, other = tmp_path_factory.mktemp("rechat"), tmp_path_factory.mktemp("proxy")
    with ExitStack() as stack:
        found = dict(zip("abcd", stack.enter_context(upstreams(4)), strict=True))
        a, b, c, d = found.values()
        proxy = stack.enter_context(
            Rechat("record", d.url, "--only-upstreams", "--on-miss", "live", folder=other)
        )
        specs = (f"{a.url},name=a,key_env=KEY_OF_A", f"{b.url},name=b", f"{c.url},name=c")
        modes = (f"reverse:{c.url.removesuffix('/v1')}@0", "socks5@0", f"upstream:{proxy.root}@0")
        words = [word for mode in modes for word in ("--mode", mode)]
        rechat = stack.enter_context(Rechat("record", *specs, *words, folder=folder, **KEYS))
        at = {"regular": rechat.root}
        for name in ("reverse", "socks5", "upstream"):
            line = rechat.wait_for_line(f"also {name}").partition(" at ")[2].partition(",")[0]
            at[name] = f"http://127.0.0.1:{line.rpartition(':')[2]}"
        yield Site(rechat, found, at)


@pytest.fixture(autouse=True)
def as_new(site: Site) -> None:
    """All of them answer, also one that is left alone because it failed before, and what they got
    then does not count.
    """
    for name, host in site.hosts.items():
        host.reply(answer)
        if name != "d":
            site.ask(f"{site.at['regular']}/v1", **{"x-rechat-upstream": name})
    site.got()


TOKEN = {"x-rechat-token": "token-of-the-page"}
# The listener, the host that it is asked for as a proxy (or none), headers, and whose the client's
# credentials are: nobody else is to have any of them.
WAYS: dict[str, tuple[str, str, dict[str, str], str]] = {
    "a base URL": ("regular", "", TOKEN, "b"),
    "a base URL at upstream:": ("upstream", "", TOKEN, "b"),
    "pinned to one with a key": ("regular", "", {"x-rechat-upstream": "a"}, ""),
    "pinned to another": ("regular", "", {"x-rechat-upstream": "c"}, ""),
    "pinned at upstream:": ("upstream", "", {"x-rechat-upstream": "c"}, ""),
    "a proxy": ("regular", "c", {}, "c"),
    "a proxy to one with a key": ("regular", "a", {}, "a"),
    "a proxy at upstream:": ("upstream", "c", {}, "c"),
    "reverse:": ("reverse", "", {}, "c"),
    "socks5": ("socks5", "a", {}, "a"),
}


@pytest.mark.parametrize("way", WAYS)
def test_each_host_gets_its_own_by_every_way(site: Site, way: str) -> None:
    listener, named, headers, home = WAYS[way]
    at = site.at[listener]
    for _ in range(3):
        if listener == "socks5":
            site.ask_by_socks(at, site.hosts[named].url)
        else:
            url = site.hosts[named].url if named else f"{at}/v1"
            assert site.ask(url, at if named else "", **headers).status_code == 200
    got = site.got()
    own = "key-of-a" if not named else CLIENT
    assert got["a"] <= {own}
    assert got["b"] | got["c"] <= {CLIENT}
    assert {name for name in got if CLIENT in got[name]} == {home} - {""}
    assert not got["d"], "what the proxy on the way was asked named its host"


def test_a_host_that_takes_the_place_of_another_gets_nothing_of_it(site: Site) -> None:
    """While each fails in turn, so that every request meets all of them."""
    for failing in ("a", "b", "c"):
        for name, host in site.hosts.items():
            host.reply(failure(500) if name == failing else with_cookie(name))
        for listener in ("regular", "upstream"):
            reply = site.ask(f"{site.at[listener]}/v1")
            assert reply.status_code == 200
            assert "set-cookie" not in reply.headers, "it would come back to another host"
    got = site.got()
    assert got["a"] <= {"key-of-a"}
    assert CLIENT not in got["c"]
    assert not got["d"]


def with_cookie(name: str) -> Any:
    def reply(received: Received) -> Any:
        told = answer(received)
        assert isinstance(told, Json)
        return replace(told, headers=(*told.headers, ("set-cookie", f"session=cookie-of-{name}")))

    return reply


def test_a_redirect_to_another_host_is_the_client_s_to_follow(site: Site) -> None:
    for host in site.hosts.values():
        elsewhere = f"{site.hosts['d'].url}/chat/completions"
        host.reply(Json({}, 307, (("location", elsewhere),)))
    reply = site.ask(f"{site.at['regular']}/v1", **{"x-rechat-upstream": "b"})
    assert reply.headers["location"] == f"{site.hosts['d'].url}/chat/completions"
    assert not site.got()["d"]


def test_with_each_every_host_gets_its_own(tmp_path: Path) -> None:
    with upstreams(3) as (a, b, c):
        specs = (f"{a.url},key_env=KEY_OF_A", f"{b.url},name=b", f"{c.url},client_key=true")
        with Rechat("record", *specs, "--each", folder=tmp_path, **KEYS) as rechat:
            found = Site(rechat, {"a": a, "b": b, "c": c}, {})
            assert found.ask(rechat.url).status_code == 200
            for one in (a, b, c):
                one.wait_for_requests(1)
            got = found.got()
    assert got == {"a": {"key-of-a"}, "b": {CLIENT}, "c": {CLIENT}}
    assert CLIENT not in "\n".join(rechat.lines)


def test_a_key_of_another_provider_is_kept_back_and_that_is_told(tmp_path: Path) -> None:
    """What `rechat run` leads to for a program that asks Anthropic, before another provider."""
    with Internet(tmp_path, "openrouter.ai") as internet:
        host = internet["openrouter.ai"]
        host.reply(failure(401))
        own = {"HTTPS_PROXY": internet.proxy, "NO_PROXY": ""}
        words = ("record", "https://openrouter.ai/api/v1", "--ca", internet.authority.file)
        with Rechat(*words, folder=tmp_path, **own) as rechat:
            key = {"x-api-key": "sk-ant-key-of-the-client"}
            body = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}
            reply = httpx.post(f"{rechat.root}/v1/messages", json=body, headers=key, timeout=20)
            assert "client_key=true" in rechat.wait_for_line("got no key")
    assert reply.status_code == 401
    [request] = host.requests
    assert "key-of-the-client" not in f"{request.path}{request.headers}"
