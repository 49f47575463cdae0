"""Where to look for changes: the folders with transcripts, and all names that lead to them.

A folder may be reached by symbolic links, may be replaced by a rename, or may not exist yet. So it
is not enough to watch the folder: each step of its path counts, as the system resolves it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rechat.store.paths import folders_in

# The system gives up after this many symbolic links as well.
_MOST_LINKS = 40


@dataclass(frozen=True, slots=True)
class Plan:
    """What to watch. `inside` has the real folders whose files count, with the names by which the
    store knows them (all of these are `named`); `leading` has, for real folders, the names in them
    that lead to what is served. When such a name changes, everything has to be checked again.
    """

    inside: Mapping[Path, tuple[Path, ...]]
    leading: Mapping[Path, frozenset[str]]
    named: frozenset[Path]

    def folders(self) -> set[Path]:
        """All real folders to watch."""
        return {*self.inside, *self.leading}

    def concerned(self, folder: Path, name: str, *, may_lead: bool) -> Iterator[Path | None]:
        """What a change of a name in a real folder affects: files by the names that the store uses,
        and None for all. `may_lead` says that the name is that of a folder or a symbolic link.
        """
        if name in self.leading.get(folder, ()):
            yield None
        elif not name.startswith("."):
            for named in self.inside.get(folder, ()):
                yield None if may_lead else named / name

    def reaches(self, link: str) -> bool:
        """Whether a change of a linked file would be reported."""
        return Path(link).parent in self.named


NOTHING = Plan({}, {}, frozenset())


def plan_of(roots: Iterable[Path], links: Iterable[str]) -> Plan:
    """What to watch for files and folders of transcripts, and for the files that these link to."""
    inside: dict[Path, list[Path]] = {}
    leading: dict[Path, set[str]] = {}

    def follow(path: Path) -> None:
        steps = [*_steps(path)]
        for folder, name in steps:
            leading.setdefault(folder, set()).add(name)
        if steps and not path.is_dir():
            inside.setdefault(steps[-1][0], [])

    for root in roots:
        follow(root)
        for folder in folders_in(root):
            inside.setdefault(folder.real, []).append(folder.path)
            for name in folder.links:
                follow(folder.path / name)
    named = frozenset(name for names in inside.values() for name in names)
    for link in map(Path, links):
        if link.parent not in named:
            follow(link)
    return Plan(
        {folder: tuple(names) for folder, names in inside.items()},
        {folder: frozenset(names) for folder, names in leading.items()},
        named,
    )


def _steps(path: Path) -> Iterator[tuple[Path, str]]:
    """The names through which a path is resolved, each with the real folder that it is in."""
    at = Path(path.absolute().anchor)
    rest = [*reversed(path.absolute().parts[1:])]
    links = 0
    while rest and links <= _MOST_LINKS:
        name = rest.pop()
        if name == "..":
            at = at.parent
            continue
        yield at, name
        try:
            target = (at / name).readlink()
        except OSError:
            at /= name
            continue
        links += 1
        at = Path(target.anchor) if target.is_absolute() else at
        rest += reversed(target.parts[1:] if target.is_absolute() else target.parts)
