"""Which transcripts no test needs any more: answers that no test asked for, and files of no test.

An answer is judged only if all tests that may ask for it have run and passed, a file only if all
tests that it might belong to were collected. Otherwise nothing is reported: `-k`, a failure or a
crash must not make a transcript look unused.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from typing import Any, Self


@dataclass(slots=True)
class Collected:
    """The result of collecting tests: who uses each file or folder (node ids, including those of
    deselected tests), the files of all tests whether they use them or not, the folders all of whose
    modules were collected, and whether all tests were.
    """

    users: dict[str, list[str]] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)
    is_all: bool = False


@dataclass(slots=True)
class Run:
    """The results of the tests of one process: by node id, the answers of its files and whether it
    used each; only of tests that passed.
    """

    collected: Collected = field(default_factory=Collected)
    passed: list[str] = field(default_factory=list)
    # By path of the files or folder of a test, by place.
    used: dict[str, dict[str, bool]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    # Answers that are too old, and those that cannot be verified, as lines for people.
    old: list[str] = field(default_factory=list)
    unverified: list[str] = field(default_factory=list)
    # The places of answers whose age is needed, but not known.
    undated: list[str] = field(default_factory=list)
    # Shared fixtures that ask, as lines for people.
    shared: list[str] = field(default_factory=list)

    def packed(self) -> dict[str, Any]:
        """The results as plain values, for another process."""
        return asdict(self)

    @classmethod
    def unpacked(cls, told: Mapping[str, Any]) -> Self:
        """The results that another process packed."""
        return cls(**{**told, "collected": Collected(**told["collected"])})

    def add(self, path: str, answers: Iterable[Mapping[str, Any]]) -> None:
        """Add the answers that a passed test has used, and the others of its files."""
        own = self.used.setdefault(path, {})
        for answer in answers:
            place = answer["place"]
            own[place] = own.get(place, False) or answer["used"]
            self.titles[place] = answer["title"]

    def join(self, other: Self) -> None:
        """Add the results of another process."""
        self.collected = other.collected
        self.passed += other.passed
        self.old += other.old
        self.unverified += other.unverified
        self.undated += other.undated
        self.shared += other.shared
        for path, answers in other.used.items():
            self.add(
                path,
                (
                    {"place": place, "used": used, "title": other.titles[place]}
                    for place, used in answers.items()
                ),
            )

    def unused_answers(self) -> list[str]:
        """The answers that no test has asked for, as lines for people."""
        passed = set(self.passed)
        return [
            f"{place}: no test asks for this answer{_in(self.titles[place])}"
            for path, answers in sorted(self.used.items())
            if self._is_judged(path, passed)
            for place, is_used in answers.items()
            if not is_used
        ]

    def _is_judged(self, path: str, passed: set[str]) -> bool:
        """Whether all tests that use a file or folder are known, and have passed. A test's own file
        belongs to no other, and where tests share one, all have to be collected to know them.
        """
        users = self.collected.users.get(path, [])
        is_own = [self.collected.own.get(path)] == users
        return bool(users) and passed.issuperset(users) and (is_own or self.collected.is_all)

    def unused_files(self, files: Iterable[str]) -> list[str]:
        """Which of some files no test uses, as lines for people."""
        known, passed = self.collected, set(self.passed)
        opened = {*self.used, *known.users}
        found = []
        for path in sorted(files):
            owner = known.own.get(path, "")
            is_opened = any(path == one or path.startswith(f"{one}/") for one in opened)
            is_in_reach = known.is_all or path.rpartition("/")[0] in known.folders
            if not is_opened and is_in_reach and (not owner or owner in passed):
                found.append(f"{path}: no test uses this file")
        return found


def _in(title: str) -> str:
    return f" (section {title!r})" if title else ""
