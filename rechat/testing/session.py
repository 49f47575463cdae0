"""The session that a test has at its server."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from rechat.testing.journal import Journal
from rechat.testing.settings import ItemSettings


@dataclass(slots=True)
class OpenSession:
    """The session of a test: its name at the server, the transcript of the test, and the previous
    values (`before`) of the variables that it has set. The test `is_running` between its fixtures,
    and `has_failed_within` if one of its subtests has. `advice` explains where a request without an
    answer may come from.
    """

    name: str
    journal: Journal
    settings: ItemSettings
    path: str
    before: dict[str, str | None]
    is_running: bool = False
    has_failed_within: bool = False
    told: set[int] = field(default_factory=set)
    advice: str = ""

    def asked(self) -> int:
        """How many requests there were so far. Raises `URLError`."""
        return len(self.journal.exchanges(f"session:{self.name}"))

    def missed(self) -> list[Any]:
        """The requests that no transcript answers, as in the journal, except for those that the
        reports of its subtests have shown. Raises `URLError`.
        """
        rows = self.journal.exchanges(f"session:{self.name} verdict:miss")
        rows = [row for row in rows if row["number"] not in self.told]
        if self.is_running:
            self.told.update(row["number"] for row in rows)
        return self.journal.in_full(rows)

    def failed(self) -> list[Any]:
        """The requests that the upstream did not answer, even when they were repeated. Raises
        `URLError`.
        """
        rows = self.journal.exchanges(f"session:{self.name}")
        answered = {_identity(row) for row in rows if row["verdict"] in ("hit", "recorded")}
        failed = [row for row in rows if row["verdict"] == "failed"]
        return self.journal.in_full([row for row in failed if _identity(row) not in answered])

    def uses(self) -> list[Any]:
        """The answers of its files, and which of them it has used so far. Raises `URLError`."""
        told: list[Any] = self.journal.post(f"sessions/{self.name}/uses", {})["answers"]
        return told


def _identity(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """The fields of a request that are the same when it is sent again."""
    return row["target"], row["model"], row["words"]
