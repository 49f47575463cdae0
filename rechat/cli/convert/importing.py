"""`rechat import`: turns the exchanges and conversations of other tools into transcripts."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from glob import glob
from importlib import import_module
from pathlib import Path

import typer

from rechat.cli.convert.keeping import Keeper
from rechat.cli.settings import normalise_own
from rechat.cli.settings import redact_own
from rechat.convert import Conversation
from rechat.convert import Found
from rechat.convert import HttpExchange
from rechat.convert import Left
from rechat.convert import Source
from rechat.convert import read
from rechat.dialects import dialect_of
from rechat.proxy import Hosts
from rechat.proxy import Reading
from rechat.proxy import dumps
from rechat.testing import file_name
from rechat.values import RAW
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import RechatError
from rechat.values import UsageError
from rechat.values import jsontext
from rechat.values import reason_of

# The extensions considered in a folder; a file that is named is read whatever its name.
_SUFFIXES = frozenset(
    (".yaml", ".yml", ".json", ".jsonl", ".har", ".eval", ".dump", ".mitm", ".flow", ".flows")
)
# The bodies that Playwright stores beside a HAR, which are read with it.
_BODY_OF_A_HAR = re.compile(r"[0-9a-f]{40}\.[a-z0-9]+")
_HTTPS = 443


@dataclass(slots=True)
class Outcome:
    """The result of an import: the places that it saved, how many exchanges existed already, and
    what it left out.
    """

    saved: list[str] = field(default_factory=list)
    known: int = 0
    left: list[Left] = field(default_factory=list)

    def as_json(self) -> JsonObject:
        """The output of `--json`."""
        left: list[Json] = [{"place": one.place, "reason": one.reason} for one in self.left]
        return {"saved": [*self.saved], "known": self.known, "left": left}

    def tell(self) -> None:
        """Print it for people."""
        for place in self.saved:
            typer.echo(place)
        for one in self.left:
            typer.echo(f"left out: {one.place}: {one.reason}", err=True)
        told = f"{len(self.saved)} saved, {self.known} there already, {len(self.left)} left out"
        typer.echo(told, err=True)


def import_all(names: list[str], to: Path, also: tuple[str, ...], *, as_json: bool) -> None:
    """Import files, folders and patterns into a folder, and print what was saved. Exits with 1 if
    nothing in them could be imported.
    """
    outcome = Outcome()
    import_into(to, names, also, outcome)
    if as_json:
        typer.echo(jsontext.dump(outcome.as_json(), jsontext.INDENTED))
    else:
        outcome.tell()
    if not outcome.saved and not outcome.known:
        raise typer.Exit(1)


def import_into(to: Path, names: list[str], also: tuple[str, ...], outcome: Outcome) -> None:
    """Import files, folders and patterns into a folder, and add the results to the outcome."""
    redact_own()
    normalise_own()
    files = dict(_files(names))
    hosts = Hosts((), Reading(also))
    keeper = Keeper(to)
    for found in _found(files, outcome):
        _keep(found, keeper, files, hosts, outcome)


def _files(names: list[str]) -> Iterator[tuple[Path, Path]]:
    """The files that are named, or in a named folder, each with that folder."""
    for name in names:
        path = Path(name)
        if path.is_dir():
            below = sorted(one for one in path.rglob("*") if _is_looked_at(one.name))
            yield from ((one, path) for one in below if one.is_file())
        elif path.exists():
            yield path, path.parent
        elif found := sorted(glob(name, recursive=True)):  # noqa: PTH207  # it may be absolute
            yield from ((Path(one), Path(one).parent) for one in found)
        else:
            raise UsageError(f"{name} does not exist")


def _is_looked_at(name: str) -> bool:
    is_known = Path(name).suffix.lower() in _SUFFIXES or name.lower().endswith(".har.zip")
    return is_known and not _BODY_OF_A_HAR.fullmatch(name)


def _found(files: dict[Path, Path], outcome: Outcome) -> Iterator[Found]:
    dumped = [path for path in files if dumps.is_dump(_start(path))]
    for path in dumped:
        trouble: list[str] = []
        for number, host, day, (asked, said) in dumps.exchanges(path, trouble.append):
            yield HttpExchange(f"{path.as_posix()}#{number}", host, asked, said, day=day)
        outcome.left += [Left(path.as_posix(), one) for one in trouble]
    yield from read(
        source for path in files if path not in dumped for source in _sources(path, outcome)
    )


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(40)


def _sources(path: Path, outcome: Outcome) -> Iterator[Source]:
    """A file, or in an archive the samples of Inspect or the HAR of Playwright."""
    if not zipfile.is_zipfile(path):
        yield Source(path.as_posix(), path.read_bytes(), lambda name: _beside(path, name))
        return
    with _archive(path) as archive:
        names = archive.namelist()
        read = [name for name in names if name.startswith("samples/") or name.endswith(".har")]
        for name in read:
            place = f"{path.as_posix()}/{name}"
            try:
                content = archive.read(name)
            except (NotImplementedError, RuntimeError, zipfile.BadZipFile) as error:
                outcome.left.append(Left(place, f"cannot be unpacked: {error}"))
                continue
            yield Source(place, content, lambda one: _packed(archive, one))
        if not read:
            yield Source(path.as_posix(), b"")


def _archive(path: Path) -> zipfile.ZipFile:
    """An archive, possibly with zstd compression, which Inspect uses and Python supports from 3.14
    on: for older versions, mitmproxy's dependency reads it.
    """
    try:
        return import_module("backports.zstd.zipfile").ZipFile(path)  # type: ignore[no-any-return]
    except ImportError:
        return zipfile.ZipFile(path)


def _beside(path: Path, name: str) -> bytes | None:
    """A file in the same folder, if the name is a valid file name."""
    if name != Path(name).name:
        return None
    try:
        return path.with_name(name).read_bytes()
    except OSError:
        return None


def _packed(archive: zipfile.ZipFile, name: str) -> bytes | None:
    return archive.read(name) if name in archive.namelist() else None


def _keep(
    found: Found, keeper: Keeper, files: dict[Path, Path], hosts: Hosts, outcome: Outcome
) -> None:
    if isinstance(found, Left):
        outcome.left.append(found)
        return
    try:
        if isinstance(found, Conversation):
            place = keeper.keep_conversation(found)
        else:
            _check(found, hosts)
            place = keeper.keep(found, _file_of(found, files) if found.of_a_test else "")
    except RechatError as error:
        outcome.left.append(Left(found.place, str(error)))
    except OSError as error:
        raise UsageError(f"{found.place} cannot be saved: {error.strerror}") from None
    except Exception as error:  # noqa: BLE001  # one odd exchange does not exclude the others
        outcome.left.append(Left(found.place, reason_of(error)))
    else:
        if place:
            outcome.saved.append(place)
        else:
            outcome.known += 1


def _check(found: HttpExchange, hosts: Hosts) -> None:
    """Raises `RechatError` for an exchange that has nothing to do with a model."""
    dialect = dialect_of(found.request.method, found.request.path)
    if (not dialect or dialect.name == RAW) and not hosts.takes(found.host, _HTTPS):
        raise RechatError(f"{found.host or 'its host'} is no API of a model: --also HOST reads it")


def _file_of(found: HttpExchange, files: dict[Path, Path]) -> str:
    """The transcript for a test's cassette: at the same place, below the folder."""
    path = Path(found.place.rpartition("#")[0])
    below = path.relative_to(files[path])
    return below.with_name(f"{file_name(below.stem)}.md").as_posix()
