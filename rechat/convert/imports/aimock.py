"""Fixtures of aimock: what a request has to contain, and what is answered.

1. A text that the last message of the user contains becomes a pattern (`### user, like`).
2. A fixture that follows a call (`toolCallId`, `hasToolResult`, `turnIndex`) is the next turn of
   the conversation in which that call is made.
3. One of a later turn (`turnIndex`) that follows no call has any messages before its question.
4. One that is met for the second time (`sequenceIndex`) is another take, and where the one before
   makes a call, what follows it, too.
5. The rest of a conversation is not there, so these answer as the first turn. What a transcript
   cannot say is left, with its reason.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Any

from rechat.convert.found import Conversation
from rechat.convert.found import Found
from rechat.convert.found import Left
from rechat.convert.found import Source
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import Call
from rechat.values import Choice
from rechat.values import Entry
from rechat.values import ErrorAnswer
from rechat.values import Given
from rechat.values import JsonObject
from rechat.values import Message
from rechat.values import Part
from rechat.values import Reasoning
from rechat.values import Reply
from rechat.values import Section
from rechat.values import Text
from rechat.values import jsontext

_MATCHED = frozenset(
    (
        *("userMessage", "systemMessage", "model", "responseFormat", "sequenceIndex"),
        *("toolCallId", "hasToolResult", "turnIndex", "endpoint", "toolName", "inputText"),
    )
)
_ANSWERED = frozenset(
    (
        *("content", "toolCalls", "blocks", "reasoning", "embedding"),
        *("error", "status", "finishReason"),
    )
)
# What a pattern would take for a wild card of its own.
_WILD = ("[..]", "{{")


class _LeftError(Exception):
    """A fixture that no transcript can say, and why."""


@dataclass(slots=True)
class _Thread:
    """A conversation as far as the fixtures tell it: where it begins, by what, its entries, and the
    further takes of its first answer.
    """

    place: str
    match: JsonObject
    settings: JsonObject
    entries: list[Entry] = field(default_factory=list)
    takes: list[Reply] = field(default_factory=list)

    @property
    def turns(self) -> int:
        """How many answers follow each other in it, those before its question among them."""
        return sum(_is_said(one) for one in self.entries)

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls of its last answer."""
        return _calls_of(self.entries[-1])

    def in_order(self) -> tuple[Entry, ...]:
        """All entries, the takes behind the first answer."""
        first = next(n for n, one in enumerate(self.entries, 1) if isinstance(one, Reply))
        return (*self.entries[:first], *self.takes, *self.entries[first:])


def _is_said(entry: Entry) -> bool:
    return isinstance(entry, Reply) or entry.message.role == "assistant"


def _calls_of(entry: Entry) -> tuple[Call, ...]:
    match entry:
        case Reply(Answer(choices=[Choice(message)])):
            return message.parts_of(Call)
    return ()


def is_fixtures(document: object) -> bool:
    """Whether a document holds fixtures."""
    match document:
        case {"fixtures": [{"match": dict(), "response": dict()}, *_]}:
            return True
    return False


def read(source: Source, document: Any, known: dict[str, str]) -> Iterator[Found]:
    """The conversations that the fixtures of a file are. `known` has where fixtures of this and the
    files before are, by what they match: one that matches the same later is never met.
    """
    threads: list[_Thread] = []
    for number, one in enumerate(document["fixtures"], 1):
        place = f"{source.name}#{number}"
        match one:
            case {"match": dict(match), "response": dict(response)}:
                before = known.setdefault(jsontext.dump(dict(sorted(match.items()))), place)
                if before != place:
                    yield Left(place, f"is never met: {before} matches the same and comes first")
                    continue
                try:
                    _take_in(threads, place, match, _answer(response))
                except _LeftError as left:
                    yield Left(place, str(left))
                    continue
                rest = [*(response.keys() - _ANSWERED), *(one.keys() - {"match", "response"})]
                if rest:
                    yield Left(place, f"answers, but without its {', '.join(sorted(rest))}")
            case _:
                yield Left(place, "has no match and response")
    for thread in threads:
        section = Section("", thread.settings, thread.in_order())
        yield Conversation(thread.place, section)


def _take_in(threads: list[_Thread], place: str, match: JsonObject, answer: AnyAnswer) -> None:
    """Put a fixture where it belongs. Raises `_LeftError` if that is not known."""
    if unknown := sorted(match.keys() - _MATCHED):
        raise _LeftError(f"is matched by {unknown[0]}, which no transcript says")
    endpoint = match.get("endpoint", "embedding" if "inputText" in match else "chat")
    if endpoint != _endpoint(answer):
        raise _LeftError(f"is for the endpoint {endpoint}")
    begins = {key: match[key] for key in match if key not in ("hasToolResult", "turnIndex")}
    number, turn = begins.pop("sequenceIndex", 0), match.get("turnIndex", 0)
    if "toolCallId" in match:
        _go_on(_with_call(threads, str(match["toolCallId"])), answer)
    elif match.get("hasToolResult") is True:
        _go_on(_begun(threads, begins, turn or 1), answer)
    elif turn and (calling := _calling(threads, begins, turn)):
        _go_on(calling, answer)
    elif turn:
        threads.append(_thread(place, begins, answer, [*_before(threads, turn)]))
    elif number:
        _repeat(threads, begins, number, answer)
    else:
        threads.append(_thread(place, begins, answer))


def _endpoint(answer: AnyAnswer) -> str:
    match answer:
        case Answer(choices=[Choice(Message("embedding"))]):
            return "embedding"
    return "chat"


def _thread(
    place: str, match: JsonObject, answer: AnyAnswer, before: Sequence[Entry] = ()
) -> _Thread:
    """A conversation that begins with a fixture, or has a question to it after what is `before`."""
    if "toolName" in match:
        name = match["toolName"]
        raise _LeftError(f"is for requests that offer the tool {name} among others")
    *system, question = _asked(match, "input" if _endpoint(answer) == "embedding" else "user")
    entries = [*system, *before, question, Reply(answer)]
    return _Thread(place, match, _settings(match), entries)


def _before(threads: list[_Thread], turns: int) -> Iterator[Entry]:
    """Any messages, with so many answers among them: of the roles of the latest conversation that
    has come so far, or else a question before each answer.
    """
    for thread in reversed(threads):
        if thread.turns == turns and not thread.calls:
            roles = [_role(one) for one in thread.entries]
            yield from (_any(role) for role in roles if role != "system")
            return
    for _ in range(turns):
        yield from (_any("user"), _any("assistant"))


def _role(entry: Entry) -> str:
    return "assistant" if isinstance(entry, Reply) else entry.message.role


def _any(role: str) -> Given:
    return Given(Message(role, None), "any")


def _settings(match: JsonObject) -> JsonObject:
    settings: JsonObject = {}
    if isinstance(model := match.get("model"), str):
        settings["model"] = model
    match match.get("responseFormat"):
        case "json_object" as kind:
            settings["response_format"] = {"type": kind}
        case None:
            pass
        case kind:
            raise _LeftError(f"is for answers of the format {kind}, whose schema is not given")
    return settings


def _asked(match: JsonObject, role: str) -> list[Entry]:
    """What a request has to say: a system message, if it counts, and a question."""
    asked: list[Entry] = []
    match match.get("systemMessage"):
        case str(text):
            asked.append(Given(Message("system", _containing(text)), "like"))
        case None:
            pass
        case _:
            raise _LeftError("is matched by several texts of the system message")
    match match.get("inputText" if role == "input" else "userMessage"):
        case str(text):
            asked.append(Given(Message(role, _containing(text)), "like"))
        case None:
            asked.append(Given(Message(role, None), "any"))
        case _:
            raise _LeftError("is matched by a regular expression")
    return asked


def _containing(text: str) -> str:
    """The pattern of texts that contain another."""
    if any(wild in text for wild in _WILD) or "..." in text.split("\n"):
        raise _LeftError("is matched by a text that a pattern would read as a wild card")
    return f"...\n[..]{text}[..]\n..."


def _begun(threads: list[_Thread], match: JsonObject, turns: Any) -> _Thread:
    """The conversation that begins with such a fixture and has had so many answers."""
    for thread in threads:
        if thread.match == match and thread.turns == turns:
            return thread
    raise _LeftError("goes on in a conversation that no fixture begins")


def _calling(threads: list[_Thread], match: JsonObject, turns: int) -> _Thread | None:
    """The same, if its last answer makes a call."""
    same = (one for one in threads if one.match == match and one.turns == turns)
    return next((one for one in same if one.calls), None)


def _repeat(threads: list[_Thread], match: JsonObject, number: int, answer: AnyAnswer) -> None:
    """Answer the same question once more. An agent that was told to call something asks it again
    with the result.
    """
    thread = next((one for one in threads if one.match == match), None)
    if not thread:
        raise _LeftError("goes on in a conversation that no fixture begins")
    if number != len(thread.takes) + 1:
        raise _LeftError(
            f"is answer {number + 1} to a question that has {len(thread.takes) + 1} before"
        )
    replies = [one for one in thread.entries if isinstance(one, Reply)]
    before = [replies[0], *thread.takes][-1]
    calls = _calls_of(before)
    if calls and (len(replies) == 1 or replies[-1].answer == before.answer):
        _follow(thread, calls, answer)
    thread.takes.append(Reply(answer, number + 1))


def _with_call(threads: list[_Thread], name: str) -> _Thread:
    """The conversation whose last answer makes a call; one that has no id yet gets it."""
    for thread in threads:
        if any(call.id == name for call in thread.calls):
            return thread
    for thread in reversed(threads):
        if len(thread.calls) == 1 and not thread.calls[0].id:
            thread.entries[-1] = _named(thread.entries[-1], name)
            return thread
    raise _LeftError(f"follows the call {name}, which no fixture makes")


def _named(entry: Entry, name: str) -> Entry:
    assert isinstance(entry, Reply)
    assert isinstance(entry.answer, Answer)
    [choice] = entry.answer.choices
    parts = tuple(
        replace(part, id=name) if isinstance(part, Call) else part for part in choice.message.parts
    )
    said = replace(choice, message=replace(choice.message, parts=parts))
    return replace(entry, answer=replace(entry.answer, choices=(said,)))


def _go_on(thread: _Thread, answer: AnyAnswer) -> None:
    """Add the next turn: the results of the calls, and the answer."""
    if not thread.calls:
        raise _LeftError("goes on in a conversation whose next question is not given")
    _follow(thread, thread.calls, answer)


def _follow(thread: _Thread, calls: Iterable[Call], answer: AnyAnswer) -> None:
    for call in calls:
        fields: JsonObject = {"tool_call_id": call.id} if call.id else {}
        thread.entries.append(Given(Message("tool", None, (), fields), "any"))
    thread.entries.append(Reply(answer))


def _answer(response: JsonObject) -> AnyAnswer:
    match response:
        case {"error": error}:
            status = response.get("status", 500)
            if not isinstance(status, int) or not 400 <= status <= 599:
                raise _LeftError(f"answers with the status {status}")
            return ErrorAnswer(status, {"error": error})
        case {"content": _} | {"toolCalls": _} | {"blocks": _} | {"reasoning": _}:
            ended = response.get("finishReason")
            fields: JsonObject = {"finish_reason": ended} if ended else {}
            return Answer((Choice(_message(response), fields),))
        case {"embedding": list(vector)}:
            return Answer((Choice(Message("embedding", None, (), {"content": vector})),))
    kinds = ", ".join(sorted(response)) or "nothing"
    raise _LeftError(f"answers with {kinds}, which is no message")


def _message(response: JsonObject) -> Message:
    parts: list[Part] = []
    if thought := response.get("reasoning"):
        parts.append(Reasoning(str(thought)))
    blocks = response.get("blocks")
    if not isinstance(blocks, list):
        parts += [_call(one) for one in response.get("toolCalls") or ()]
        content = response.get("content")
        body = content if isinstance(content, str) or content is None else jsontext.dump(content)
        return Message("assistant", body, tuple(parts))
    for one in blocks:
        match one:
            case {"type": "text", "text": str(text)}:
                parts.append(Text(text))
            case {"type": "toolCall"}:
                parts.append(_call(one))
            case _:
                raise _LeftError("has a block that is neither text nor a call")
    return Message("assistant", None, tuple(parts))


def _call(told: Any) -> Call:
    match told:
        case {"name": str(name)}:
            given = told.get("arguments", {})
            arguments = given if isinstance(given, str) else jsontext.dump(given)
            return Call(name, str(told.get("id", "")), arguments)
    raise _LeftError("calls a tool without a name")
