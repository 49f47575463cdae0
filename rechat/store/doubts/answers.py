"""Answers that reach a client, but hardly as they were meant."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from rechat.dialects import ending_in_chat
from rechat.format import TELLING
from rechat.store.doubts.conversations import Doubt
from rechat.store.doubts.conversations import is_recorded
from rechat.values import Answer
from rechat.values import AnyAnswer
from rechat.values import ErrorAnswer
from rechat.values import Fault
from rechat.values import Given
from rechat.values import Headers
from rechat.values import Json
from rechat.values import RawAnswer
from rechat.values import Reply
from rechat.values import Section
from rechat.values import dump

# "TODO", "[...]", "<answer>", "[your answer here]": what was to be replaced.
_PLACEHOLDER = re.compile(
    r"(?:[\[(<]? ?(?:\.{2,6}|\u2026) ?[\])>]?|TODO|TBD|FIXME|XXX+|<[a-z][\w -]{0,40}>"
    r"|\[(?:insert|your|answer|the|write|fill|some)\b[^\]\n]{0,60}\])[.:!]?",
    re.IGNORECASE,
)
# "[... rest unchanged ...]", "(remaining text omitted)": what a model leaves out.
_LEFT_OUT = re.compile(
    r"[ \t]{0,9}[\[(<]?(?://|#|!--)?[ \t]{0,3}(?:\.{3}|\u2026)[^\n]{0,60}"
    r"\b(?:rest|truncated|omitted|unchanged|remaining|continues|shortened)\b[^\n]{0,60}",
    re.IGNORECASE,
)
# Members of a message, which are no fields of the response around it.
_OF_A_MESSAGE = {
    "content": "write it as the body, each line with `> ` in front",
    "text": "write it as the body, each line with `> ` in front",
    "role": "the heading says it",
    "tool_calls": "write each as a part `#### call NAME, ID`",
    "function_call": "write it as a part `#### call NAME`",
    "refusal": "write it as a part `#### refusal`",
    "reasoning": "write it as a part `#### reasoning`",
    "reasoning_content": "write it as a part `#### reasoning`",
}
_OF_A_RESPONSE = (
    *("usage", "system_fingerprint", "service_tier", "stop_sequence", "done_reason", "provider"),
    *("finish_reason", "stop_reason", "logprobs", "without", "rest", "echoed", "digest"),
)
_SENT_TOO = {"model", "rechat"}
# What responses have around their messages, in the words of each API.
_KNOWN = frozenset(
    (
        *("id", "object", "created", "model", "choices", "usage", "system_fingerprint", "type"),
        *("service_tier", "provider", "citations", "role", "content", "stop_reason", "container"),
        *("stop_sequence", "finish_reason", "logprobs", "created_at", "status", "error", "text"),
        *("instructions", "output", "output_text", "incomplete_details", "metadata", "tools"),
        *("previous_response_id", "reasoning", "temperature", "top_p", "tool_choice", "user"),
        *("truncation", "store", "background", "completed_at", "responseId", "modelVersion"),
        *("usageMetadata", "promptFeedback", "createTime", "candidates", "done", "done_reason"),
        *("total_duration", "load_duration", "prompt_eval_count", "prompt_eval_duration"),
        *("eval_count", "eval_duration", "context", "time_info", "warnings", "search_results"),
        *("images", "annotations", "delay", "pace", "rechat"),
    )
)
_FRAMING = frozenset(("content-length", "transfer-encoding", "content-encoding", "connection"))
_NO_RESPONSE = (
    "`### response` is a whole HTTP response, and the client gets this text in place of JSON: for "
    "an answer of the model write `### assistant`"
)
_COUNTS = frozenset(
    ("prompt_tokens", "completion_tokens", "total_tokens", "input_tokens", "output_tokens")
)


def doubts_about_answers(section: Section) -> Iterator[Doubt]:
    """The line of an answer, what is odd about it and how to write it."""
    wanted = section.settings.get("n")
    has_question = False
    for entry in section.entries:
        match entry:
            case Given(message):
                has_question |= message.role == "user"
            case Reply(Answer() as answer, line=line) if not is_recorded(answer):
                yield from ((line, words) for words in _doubts_about_answer(answer, section))
                if has_question and isinstance(wanted, int) and wanted != len(answer.choices):
                    yield line, _doubt_about_count(wanted, len(answer.choices))
            case Reply(ErrorAnswer() | RawAnswer() | Fault() as answer, line=line):
                if words := _doubt_about_error(answer):
                    yield line, words
                elif has_question and isinstance(answer, RawAnswer) and _is_said(answer):
                    yield line, _NO_RESPONSE


def _doubts_about_answer(answer: Answer, section: Section) -> Iterator[str]:
    yield from _doubts_about_fields(answer)
    yield from _doubts_about_reason(answer, section)
    for choice in answer.choices:
        yield from _doubts_about_text(choice.message.text)


def _doubt_about_count(wanted: int, count: int) -> str:
    there = "1 choice" if count == 1 else f"{count} choices"
    return (
        f"`n: {wanted}` asks for {wanted} choices, and this is {there}: write each as "
        f"`### assistant, choice 1` up to {wanted}"
    )


def _doubt_about_error(answer: AnyAnswer) -> str:
    """What is odd about an error, or about a response that is written out; empty if nothing is."""
    match answer:
        case ErrorAnswer(headers=headers) | RawAnswer(headers=headers) if name := _framing_in(
            headers
        ):
            return (
                f"`{name}:` is about bytes on their way, and rechat says that itself: leave it out"
            )
        case ErrorAnswer(status) if status < 400:
            return (
                f"{status} is no status of an error, and clients read this as an answer: write a "
                "status from 400 on, or `### assistant` for an answer"
            )
        case ErrorAnswer(status, str(text), ()) if _is_json(text):
            return (
                "this JSON in a text becomes the message of an error around it: for the body of "
                f"the error {status} itself write it in a ```json fence"
            )
        case Fault("cut", after, text) if text and len(text) <= after:
            return (
                f"nothing is cut: the text has {len(text)} characters; write `### error cut after "
                "N` with a smaller number than that"
            )
        case Fault("timeout" | "reset" as kind, _, text) if text:
            return (
                f"the client gets nothing of this text: `### error {kind}` ends without an answer; "
                "write `### error cut after N` for one that begins, or a status"
            )
    return ""


def _is_said(answer: RawAnswer) -> bool:
    """Whether this is a text that a model might say, with nothing of HTTP."""
    return isinstance(answer.value, str) and answer.status == 200 and not answer.headers


def _framing_in(headers: Headers) -> str:
    """The first header that no file can know; empty if there is none."""
    return next((name for name, _ in headers if name.lower() in _FRAMING), "")


def _is_json(text: str) -> bool:
    """Whether a text was meant as an object."""
    return text.strip()[:1] == "{" and text.strip()[-1:] == "}"


def _doubts_about_fields(answer: Answer) -> Iterator[str]:
    if counts := _COUNTS & answer.fields.keys():
        yield f"`{min(counts)}:` stands below `usage:`, as in `usage: {{{min(counts)}: 9}}`"
    elif answer.fields and not any(map(_is_of_a_response, answer.fields)):
        name = next(iter(answer.fields))
        yield (
            f"the YAML with `{name}:` is no part of the text: its keys are fields that clients get "
            "beside the message. If it belongs to the text, start each line with `> `, those of "
            "the fence too"
        )
        return
    for name, value in answer.fields.items():
        if remedy := _OF_A_MESSAGE.get(name):
            yield f"`{name}:` below an answer is a field beside its message: {remedy}"
        elif name == "status" and isinstance(value, int):
            yield f"`status: {value}` is a field of this answer: write `### error {value}`"
        elif name == "usage" and not isinstance(value, dict):
            yield (
                f"`usage: {dump(value)}` is no mapping, and clients read one: write "
                "`usage: {prompt_tokens: 9, completion_tokens: 5, total_tokens: 14}`"
            )
        elif name == "usage" and (odd := _no_count(value)):
            yield f"`usage: {odd}:` is no number, and clients reckon with it: write `{odd}: 9`"
        elif name in TELLING and name not in _SENT_TOO:
            yield (
                f"`{name}:` below an answer is a field that clients get: settings stand in the "
                "front matter, or in a `yaml` fence below `##`"
            )
        elif name not in _OF_A_RESPONSE and (
            close := get_close_matches(name, _OF_A_RESPONSE, 1, 0.8)
        ):
            yield f"`{name}:` below an answer is sent as it stands: did you mean `{close[0]}`?"


def _doubts_about_reason(answer: Answer, section: Section) -> Iterator[str]:
    """Anthropic's word for why an answer ended, where clients of another API look for theirs."""
    written = answer.fields.get("stop_reason")
    model = section.settings.get("model")
    is_anthropic = section.options.api.startswith("anthropic") or "claude" in str(model)
    if isinstance(written, str) and not is_anthropic:
        meant = ending_in_chat(written)
        yield (
            f"`stop_reason: {written}` is read by clients of Anthropic, and all others get "
            f"`finish_reason: stop`: write `finish_reason: {meant}`, which every API says in its "
            "own words"
        )


def _no_count(usage: Json) -> str:
    """The first count of tokens that is none; empty if all are."""
    counts = usage.items() if isinstance(usage, dict) else ()
    wrong = (
        name
        for name, count in counts
        if name.endswith("_tokens") and (isinstance(count, bool) or not isinstance(count, int))
    )
    return next(wrong, "")


def _is_of_a_response(name: str) -> bool:
    """Whether a name is one that a response has, or was meant as one."""
    is_known = name in _KNOWN or name in _OF_A_MESSAGE or name in TELLING
    return is_known or bool(get_close_matches(name, _OF_A_RESPONSE, 1, 0.8))


def _doubts_about_text(text: str) -> Iterator[str]:
    if _PLACEHOLDER.fullmatch(text.strip()):
        yield f"{text.strip()!r} is sent as it stands: write the answer in its place"
        return
    left_out = next(filter(None, map(_LEFT_OUT.fullmatch, text.split("\n"))), None)
    if left_out:
        read = left_out[0].strip()[:60]
        yield f"{read!r} is sent as it stands: write what was left out, or record the answer"
