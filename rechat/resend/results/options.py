"""The options of a run: stored with it, so that it can be resumed."""

from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import fields
from typing import Any, Self

from rechat.values import JsonObject
from rechat.values import UsageError


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The options of a run. `paths` are transcripts, `to` the targets."""

    paths: tuple[str, ...]
    to: tuple[str, ...]
    takes: int = 1
    only: str = ""
    limit: int | None = None
    seed: int | None = None
    at: str = "1"
    rate: str = ""
    as_recorded: str = ""
    ramp: float = 0.0
    warm_up: float = 0.0
    lasts: float = 0.0
    slo: str = ""
    retries: int = 2
    timeout: float = 600.0
    answers: str = ""
    into: str = ""
    budget: float | None = None
    fresh: bool = False
    history: str = "recorded"
    workers: int = 0
    executor: str = ""
    find_limit: bool = False

    @property
    def has_workers(self) -> bool:
        """Whether others ask: processes, or the workers of an executor."""
        return bool(self.workers or self.executor)

    def as_json(self) -> JsonObject:
        """The options as JSON."""
        return asdict(self)

    @classmethod
    def of_json(cls, told: dict[str, Any]) -> Self:
        """The options of a stored run. Raises `UsageError` if some are not known here."""
        known = {one.name for one in fields(cls)}
        if unknown := sorted(told.keys() - known):
            raise UsageError(f"the run has options that this rechat does not know: {unknown}")
        own: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in told.items()
        }
        return cls(**own)
