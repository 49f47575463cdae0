"""The fixture `rechat`: the interface of a test to its session."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self, overload

from rechat.testing.journal import Journal


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request of a test and its outcome. `verdict` is `hit`, `miss`, `recorded`, `forwarded` or
    `failed`; `place` is where the answer is (`path:line`), and `reason` why there is none.
    """

    verdict: str
    api: str
    model: str
    question: str
    answer: str
    place: str
    reason: str
    settings: dict[str, Any]

    @classmethod
    def of(cls, details: dict[str, Any]) -> Self:
        """An exchange as the journal has it."""
        said = [block for message in details["answer"] for block in message["blocks"]]
        return cls(
            verdict=details["verdict"],
            api=details["api"],
            model=details["model"],
            question=details["words"],
            answer="\n".join(block["text"] for block in said if block["kind"] == "text"),
            place=details.get("place", ""),
            reason=details.get("reason", ""),
            settings=details["settings"],
        )


class Recorded:
    """The session of a test. `path` is the file or folder of its transcripts; `url` is the address
    without `/v1`; `env` are the environment variables that point the common clients here: they are
    set while the test runs.
    """

    def __init__(self, path: str, url: str, env: dict[str, str], name: str, to: Journal) -> None:
        self.path = path
        self.url = url
        self.env = env
        self._name = name
        self._journal = to

    @property
    def base_url(self) -> str:
        """The address for clients of OpenAI."""
        return f"{self.url}/v1"

    @overload
    def client(self, **arguments: Any) -> Any: ...

    @overload
    def client[T](self, kind: Callable[..., T], **arguments: Any) -> T: ...

    def client(self, kind: Any = None, **arguments: Any) -> Any:
        """A client of this server: `OpenAI`, or of the given class (`AsyncOpenAI`,
        `anthropic.Anthropic`). It reads its address from the environment.
        """
        if kind is None:
            from openai import OpenAI as kind  # noqa: N813, PLC0415
        return kind(**arguments)

    @property
    def exchanges(self) -> list[Exchange]:
        """The requests of the test so far, and their outcomes."""
        rows = self._journal.exchanges(f"session:{self._name}")
        return [Exchange.of(self._journal.get(f"exchanges/{row['number']}")) for row in rows]

    @property
    def misses(self) -> list[Exchange]:
        """The requests of the test so far that no transcript answers."""
        return [one for one in self.exchanges if one.verdict == "miss"]
