"""The environment of a program: base URLs, proxies and certificates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]

from rechat.cli.programs.bundles import JAVA_PASSWORD
from rechat.cli.programs.bundles import java_store
from rechat.cli.programs.bundles import trusting
from rechat.values import client_environment

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PRELOAD = Path(__file__).with_name("node_proxy.cjs")
# Programs on the Java VM, which reads no proxy variables; it echoes its options on standard error.
_JAVA = frozenset(
    {"java", "mvn", "mvnw", "gradle", "gradlew", "sbt", "scala", "kotlin", "jbang", "clojure"}
)
_DIRECT = "localhost|127.*|[::1]"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the server is: its URL and token, the file of its certificate, the hosts that it
    decrypts, its upstreams, and whether one of these needs the key of the client.
    """

    url: str
    token: str
    certificate: Path
    read: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    needs_key: bool = False


def environment(
    place: Place, program: str, present: Mapping[str, str], folder: Path
) -> dict[str, str]:
    """The variables to set, in addition to those present, for a program of this name; the files
    that they name are written into a folder.
    """
    trusted = trusting(place.certificate, folder, present)
    own = client_environment(
        place.url, place.token, present, needs_key=place.needs_key, hosts=place.asked
    )
    own |= proxies(place.url, place.read, present) | trusted
    own["NODE_USE_ENV_PROXY"] = "1"
    own["NODE_OPTIONS"] = _joined(present.get("NODE_OPTIONS", ""), f'--require="{_PRELOAD}"')
    if Path(program).stem in _JAVA:
        store = folder / "java.p12"
        store.write_bytes(java_store(Path(trusted["SSL_CERT_FILE"]).read_text("utf-8")))
        java = _java(place.url, store)
        own["JAVA_TOOL_OPTIONS"] = _joined(present.get("JAVA_TOOL_OPTIONS", ""), java)
    return own


def proxies(url: str, hosts: Iterable[str], present: Mapping[str, str]) -> dict[str, str]:
    """The variables that send a program's requests to a proxy, except for those to this machine and
    to hosts that were excepted before. Exceptions for hosts that rechat decrypts are left out.
    """
    excepted = present.get("no_proxy") or present.get("NO_PROXY") or ""
    read = tuple(hosts)
    kept = [
        entry
        for entry in (each.strip() for each in excepted.split(","))
        if entry and entry not in _LOOPBACK and not _covers(entry, read)
    ]
    names = ("HTTP_PROXY", "HTTPS_PROXY")
    own = dict.fromkeys([*names, *map(str.lower, names)], url)
    return own | dict.fromkeys(("NO_PROXY", "no_proxy"), ",".join([*_LOOPBACK, *kept]))


def _covers(entry: str, hosts: Iterable[str]) -> bool:
    plain = entry.removeprefix("*") or "*"
    return any(proxy_bypass_environment(host, {"no": plain}) for host in hosts)


def _java(url: str, store: Path) -> str:
    at = urlsplit(url)
    settings = {
        "http.proxyHost": at.hostname,
        "http.proxyPort": at.port,
        "https.proxyHost": at.hostname,
        "https.proxyPort": at.port,
        "http.nonProxyHosts": _DIRECT,
        "javax.net.ssl.trustStore": store,
        "javax.net.ssl.trustStorePassword": JAVA_PASSWORD,
    }
    return " ".join(f"-D{name}={value}" for name, value in settings.items())


def _joined(present: str, added: str) -> str:
    return f"{present} {added}".strip()
