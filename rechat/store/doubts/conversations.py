"""Messages that no client sends in this order, or that say nothing."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import pairwise

from rechat.values import Answer
from rechat.values import Call
from rechat.values import Entry
from rechat.values import ErrorAnswer
from rechat.values import Given
from rechat.values import Message
from rechat.values import Opaque
from rechat.values import Reasoning
from rechat.values import Refusal
from rechat.values import Reply
from rechat.values import Section
from rechat.values import Text
from rechat.values import history_of

type Doubt = tuple[int, str]

# Every reason for the end of an answer that an API gives.
_REASONS = (
    *("stop", "length", "tool_calls", "content_filter", "function_call", "end_turn", "max_tokens"),
    *("stop_sequence", "tool_use", "pause_turn", "refusal", "STOP", "MAX_TOKENS", "SAFETY"),
)
# "Turn 2", "Follow-up": the title of what goes on.
_GOES_ON = re.compile(r"(?:turn|round|follow-?up|continued|continuation)\b", re.IGNORECASE)
_CALLING = ("tool_calls", "tool_use", "function_call")
# What only a response has, whatever its parts have.
_OF_ANSWERS = frozenset({"finish_reason", "stop_reason", "usage", "model", "logprobs", "created"})
# Messages whose text is seldom empty: the result of a tool may be.
_ASKING = ("user", "system", "developer", "input")
# Messages that clients never send without a text or parts.
_SPOKEN = ("user", "system", "developer", "tool", "function")


def is_recorded(answer: Answer) -> bool:
    """Whether an answer has what only an API adds."""
    return bool(answer.fields.keys() & {"id", "responseId", "created", "created_at"})


def doubts_about_messages(section: Section) -> Iterator[Doubt]:
    """The line of a message, what is odd about it and how to write it."""
    for entry in section.entries:
        match entry:
            case Given(message, pattern, line):
                yield from _doubts_about_given(message, pattern, line)
            case Reply(Answer() as answer, line=line):
                yield from _doubts_about_reason(answer, line)
                yield from _doubts_about_fields(answer, line)
    yield from _results(section)
    yield from _answers_in_a_row(section)
    yield from _gaps_between_takes(section)
    if isinstance(last := section.entries[-1], Given) and _has_answer(section):
        yield last.line, f"no answer follows `### {last.message.role}`: write `### assistant` below"


def remarks_on_messages(section: Section) -> Iterator[Doubt]:
    """A question that its conversation has already asked."""
    match section.entries[:2]:
        case [Given(Message("user")), Given(Message("system" | "developer" as role), "", line)]:
            yield (
                line,
                (
                    f"`### {role}` stands below `### user`, and only requests in this order match: "
                    "most clients send it first"
                ),
            )
    asked: dict[str, int] = {}
    for entry, following in pairwise(section.entries):
        match entry:
            case Given(Message("user", str(text)), "", line) if text in asked and isinstance(
                following, Reply
            ):
                yield (
                    line,
                    (
                        f"the question of line {asked[text]} again, in one conversation with it: "
                        "a line `## NAME` between begins another one, `### assistant, take 2` is "
                        "another answer to the same request"
                    ),
                )
            case Given(Message("user", str(text)), "", line):
                asked[text] = line


def remark_on_title(section: Section) -> Iterator[Doubt]:
    """A section whose title says that it goes on where the one before it ends: it does not."""
    first = section.entries[0]
    if _GOES_ON.match(section.title) and isinstance(first, Given) and first.message.role == "user":
        yield (
            section.line,
            (
                f"`## {section.title[:40]}` begins a conversation that knows nothing of the one "
                "above it: if it goes on there, leave out this heading"
            ),
        )


def _has_answer(section: Section) -> bool:
    return any(isinstance(entry, Reply) for entry in section.entries)


def _doubts_about_given(message: Message, pattern: str, line: int) -> Iterator[Doubt]:
    heading = f"### {message.role}"
    if of_models := message.role != "assistant" and _of_models(message):
        yield (
            line,
            (
                f"`#### {of_models}` is what a model says, and no client sends it as `{heading}`: "
                "write it below `### assistant`"
            ),
        )
    has_body = message.body is not None
    if pattern == "any" and has_body:
        yield (
            line,
            (
                f"the text below `{heading}, any` is never compared: for a pattern write "
                f"`{heading}, like`, for exactly this text `{heading}`"
            ),
        )
    elif message.role in _ASKING and not pattern and _is_empty(message):
        yield (
            line,
            (
                f"the text of `{heading}` is empty, and only requests with an empty text match: "
                f"write it behind `> `, or `{heading}, any` without a body if every text will do"
            ),
        )
    elif message.role in _SPOKEN and not has_body and not pattern and not message.parts:
        yield (
            line,
            (
                f"`{heading}` has no text, and only requests without any match: write it below, "
                f"each line with `> ` in front, or `{heading}, any` if every text will do"
            ),
        )


def _of_models(message: Message) -> str:
    """The first part that only models say; empty if there is none."""
    for part in message.parts:
        match part:
            case Call():
                return "call"
            case Reasoning():
                return "reasoning"
            case Refusal():
                return "refusal"
    return ""


def _is_empty(message: Message) -> bool:
    """Whether a message has texts, and they say nothing."""
    texts = [message.body, *(part.text for part in message.parts_of(Text))]
    told = [text for text in texts if text is not None]
    has_others = len(message.parts_of(Text)) < len(message.parts)
    return bool(told) and not has_others and not any(text.strip() for text in told)


def _doubts_about_reason(answer: Answer, line: int) -> Iterator[Doubt]:
    for choice in answer.choices:
        reason = choice.fields.get("finish_reason")
        if isinstance(reason, str) and reason not in _REASONS:
            close = get_close_matches(reason, _REASONS, 1)
            if close:
                yield line, f"`finish_reason: {reason}`: did you mean `{close[0]}`?"
        has_calls = any(isinstance(part, Call | Opaque) for part in choice.message.parts)
        if reason in _CALLING and not has_calls and not is_recorded(answer):
            yield (
                line,
                (
                    f"`finish_reason: {reason}`, and there is no call: write it as a part "
                    "`#### call NAME, ID`, or leave out the reason"
                ),
            )
        for part in choice.message.parts:
            for name in _OF_ANSWERS & (
                set() if isinstance(part, Refusal | Opaque) else part.fields.keys()
            ):
                yield (
                    line,
                    (
                        f"`{name}:` below a part is a field of that part: what belongs to the "
                        "answer stands above its parts, or in <details> below them"
                    ),
                )


def _doubts_about_fields(answer: Answer, line: int) -> Iterator[Doubt]:
    """Options of rechat where they are fields of the answer."""
    for name in answer.fields.keys() & {"delay", "pace", "rechat"}:
        yield (
            line,
            (
                f"`{name}` here is a field that clients get: options stand in a `yaml` fence below "
                "`##` or in the front matter, as in `rechat: {delay: 2}`"
            ),
        )


def _results(section: Section) -> Iterator[Doubt]:
    """Results of tools that no call asked for."""
    calls: dict[str, None] = {}
    open_calls = 0
    for entry in section.entries:
        match entry:
            case Given(Message("tool") as message, "", line):
                given = message.fields.get("tool_call_id")
                yield from _doubts_about_result(given, list(calls), open_calls, line)
                open_calls -= 1
            case _:
                made = _calls_of(entry)
                if made or not isinstance(entry, Given) or entry.message.role != "tool":
                    calls = dict.fromkeys(call.id for call in made if call.id)
                    open_calls = len(made)


def _calls_of(entry: Entry) -> list[Call]:
    messages = (entry.message,) if isinstance(entry, Given) else history_of(entry)
    return [call for message in messages for call in message.parts_of(Call)]


def _doubts_about_result(
    given: object, calls: list[str], open_calls: int, line: int
) -> Iterator[Doubt]:
    heading = f"### tool, {given}" if given else "### tool"
    if open_calls <= 0:
        yield (
            line,
            (
                f"`{heading}` is the result of no call: the answer above needs a part "
                f"`#### call NAME, {given or 'ID'}`, with the arguments in a `json` fence"
            ),
        )
    elif given and calls and given not in calls:
        close = get_close_matches(str(given), calls, 1) or calls[:1]
        yield (
            line,
            (
                f"no call above has the ID of `{heading}`: expected {' or '.join(calls)}; write "
                f"`### tool, {close[0]}`"
            ),
        )


def _answers_in_a_row(section: Section) -> Iterator[Doubt]:
    """Answers to a conversation that ends with an answer: hardly any client asks for one."""
    for before, after in pairwise(section.entries):
        match before, after:
            case Reply(Answer(), take), Reply(Answer(), 1, line) if take == 1:
                yield (
                    line,
                    (
                        "this continues the answer above and is no other answer to its question: "
                        "for that write `### assistant, take 2`, for a turn between `### user`"
                    ),
                )
            case Reply(Answer(), take), Reply(ErrorAnswer(status), 1, line):
                yield (
                    line,
                    (
                        "this answers a request that ends with the answer above, which hardly any "
                        f"client sends: for the next answer to the same question write "
                        f"`### error {status}, take {take + 1}`, or the error above the answer"
                    ),
                )


def _gaps_between_takes(section: Section) -> Iterator[Doubt]:
    for before, after in pairwise(section.entries):
        match before, after:
            case Reply(take=earlier), Reply(take=later, line=line) if later > earlier + 1:
                yield line, f"take {later} follows take {earlier}: write `take {earlier + 1}`"
            case Reply(take=earlier), Reply(take=later, line=line) if later == earlier > 1:
                yield line, f"take {later} stands here twice: write `take {later + 1}`"
            case Given(), Reply(take=later, line=line) if later > 1:
                yield line, f"take {later} is the first here: write `take 1`, or no take"
