"""A client's request, in any API, and the policies for when no transcript answers it."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Any, Literal

from rechat.values.conversation.messages import Message
from rechat.values.conversation.sections import CHAT
from rechat.values.jsontext import JsonObject

RAW = "raw"
"""The API name of all endpoints that rechat does not interpret."""

type Policy = Literal["record", "replay", "rerecord", "live", "hold"]

OFFLINE: tuple[Policy, ...] = ("replay", "hold")
"""The policies under which no upstream is ever asked."""

ALWAYS_ASKING: tuple[Policy, ...] = ("rerecord", "live")
"""The policies under which an upstream is asked whatever the transcripts say."""


@dataclass(frozen=True, slots=True)
class Request:
    """A client's request, in any API: the settings, the conversation so far, and the shape of the
    answer.

    `settings` are the other fields of the body, verbatim. `common` has them under the names of Chat
    Completions, for transcripts that answer every API; None if they have these names already.
    `stream`, `include_usage` and `variant` (a shape that only this API has) say how the answer is
    to be sent, and do not count in matching. If the server keeps conversations, `follows` is the id
    of the answer or conversation that the messages continue, empty for the first; otherwise None.
    Without `has_roles`, the API has no roles, and every message is the user's.
    """

    settings: JsonObject
    messages: tuple[Message, ...]
    stream: bool = False
    include_usage: bool = False
    query: str = ""
    api: str = CHAT
    common: JsonObject | None = None
    variant: str = ""
    follows: str | None = None
    has_roles: bool = True
    _known: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once[T](self, name: Hashable, work: Callable[[], T]) -> T:
        """A value derived from the request alone: the result of `work`, which is called once per
        name.
        """
        if name not in self._known:
            self._known[name] = work()
        return self._known[name]  # type: ignore[no-any-return]

    def with_ids(self, ids: Mapping[str, str], notes: JsonObject) -> "Request":
        """The request with other ids of calls, and with these notes of the client among the
        settings. The two share derived values, since no key contains an id or a note.
        """
        settings = self.settings | notes
        common = None if self.common is None else self.common | notes
        messages = tuple([message.with_ids(ids) for message in self.messages])
        request = replace(self, settings=settings, common=common, messages=messages)
        object.__setattr__(request, "_known", self._known)
        return request

    @property
    def shape(self) -> str:
        """The shape of the answer: recorded bytes are used only for requests of the same shape."""
        if self.variant:
            return self.variant
        if not self.stream:
            return "plain"
        return "stream-usage" if self.include_usage else "stream"

    @property
    def model(self) -> str:
        """The requested model; empty if none is named."""
        model = self.settings.get("model")
        return model if isinstance(model, str) else ""
