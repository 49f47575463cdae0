"""What differs, in the words of the conversation, the telling thing first."""

import copy
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from conversations import OTHER_PIXEL
from conversations import PIXEL
from conversations import index_of
from conversations import missed
from conversations import read

from rechat.explain.difference import Difference
from rechat.explain.difference import count_differences
from rechat.explain.difference import differences
from rechat.explain.linediff import SIGNS
from rechat.format.reader import parse
from rechat.index.cards import exchanges_in
from rechat.index.index import Index
from rechat.matching.exchanges import scheme_of
from rechat.store import placement
from rechat.store import placement as recording
from rechat.store.placement import NewFile
from rechat.store.placement import Recording
from rechat.values.conversation import Answer
from rechat.values.conversation import Choice
from rechat.values.conversation import Message

CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"city": "Oslo"}'}}
BODY: dict[str, Any] = {
    "model": "gpt-5",
    "temperature": 0.2,
    "tools": [{"type": "function", "function": {"name": "f"}}],
    "messages": [
        {"role": "system", "content": "You are terse.\nAnswer in English."},
        {"role": "user", "content": "first question"},
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "c1", "content": "9 degrees"},
        {"role": "assistant", "content": "It is 9 degrees."},
        {"role": "user", "content": "the quick brown fox\njumps over the dog"},
        {"role": "assistant", "content": "It does."},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "and this?"},
                {"type": "image_url", "image_url": {"url": PIXEL}},
            ],
        },
    ],
}


def recorded() -> Index:
    """An index with the recording of `BODY`."""
    answer = Answer((Choice(Message("assistant", "x")),), {"id": "1"})
    edit = placement.edit("", NewFile("a.md"), Recording(read(BODY), answer))
    index = Index()
    index.put("a.md", parse(edit.source, edit.stored.__getitem__))
    return index


def diff_of(difference: Difference) -> str:
    """The lines as they are shown."""
    return "\n".join(SIGNS[line.kind] + line.text for line in difference.lines())


def first(change: Callable[[dict[str, Any]], object]) -> Difference:
    body = copy.deepcopy(BODY)
    change(body)
    near = missed(recorded(), read(body)).nearest
    assert near
    return near.differences[0]


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], object], str, str]] = {
    "the system prompt": (
        lambda b: b["messages"][0].update(content="You are terse.\nAnswer in French."),
        'the system message (message 1 of 8) differs in line 2: transcript "English" ≠ request "French"',
        "-Answer in English.\n+Answer in French.",
    ),
    "one word in a turn of many": (
        lambda b: b["messages"][5].update(content="the quick red fox\njumps over the dog"),
        'the user message (message 6 of 8) differs in line 1: transcript "brown" ≠ request "red"',
        "-the quick brown fox\n+the quick red fox",
    ),
    "an extra tool": (
        lambda b: b["tools"].append({"type": "function", "function": {"name": "get_time"}}),
        "one more tool: get_time",
        '+    "type": "function"',
    ),
    "a setting": (
        lambda b: b.update(temperature=0.7),
        "temperature: transcript 0.2 ≠ request 0.7",
        "",
    ),
    "a setting that was not there": (
        lambda b: b.update(seed=7),
        "seed: transcript nothing ≠ request 7",
        "",
    ),
    "a trailing space": (
        lambda b: b["messages"][1].update(content="first question "),
        'the user message (message 2 of 8) differs only in white space: transcript "question" ≠ request "question·"',
        "-first·question\n+first·question·",
    ),
    "an invisible character": (
        lambda b: b["messages"][1].update(content="first\u200b question"),
        "the user message (message 2 of 8) looks the same and has other characters: transcript nothing ≠ request U+200B",
        "",
    ),
    "one argument of a call": (
        lambda b: b["messages"][2]["tool_calls"][0]["function"].update(
            arguments='{"city": "Rome"}'
        ),
        'the call f (message 3 of 8) differs in city: transcript "Oslo" ≠ request "Rome"',
        '-call f {"city": "Oslo"}\n+call f {"city": "Rome"}',
    ),
    "a picture": (
        lambda b: b["messages"][7]["content"][1]["image_url"].update(url=OTHER_PIXEL),
        "the image of the user message (message 8 of 8) is another one: "
        "transcript image/png, 8 bytes ≠ request data:image/png;base64,iVBORw0KGgp=",
        "[image ",
    ),
    "how closely to look at a picture": (
        lambda b: b["messages"][7]["content"][1]["image_url"].update(detail="high"),
        'the image of the user message (message 8 of 8) differs in detail: transcript nothing ≠ request "high"',
        "",
    ),
    "no picture": (
        lambda b: b["messages"][7]["content"].pop(),
        "the image of the user message (message 8 of 8) is missing",
        "[image ",
    ),
    "another call": (
        lambda b: b["messages"][2]["tool_calls"][0]["function"].update(name="g"),
        "a call of g, not f (message 3 of 8)",
        "+call g ",
    ),
    "a call that is no JSON": (
        lambda b: b["messages"][2]["tool_calls"][0]["function"].update(arguments="{"),
        'the call f (message 3 of 8) differs: transcript "{\\"city\\": \\"Oslo\\"}" ≠ request "{"',
        "+call f {",
    ),
    "one call more": (
        lambda b: b["messages"][2]["tool_calls"].append(CALL | {"id": "c2"}),
        "one more call, f (message 3 of 8)",
        "+call f ",
    ),
    "the result of a tool": (
        lambda b: b["messages"][3].update(content="7 degrees"),
        'the tool message (message 4 of 8) differs: transcript "9" ≠ request "7"',
        "+7 degrees",
    ),
    "a tool that says more": (
        lambda b: b["tools"][0]["function"].update(description="It is f."),
        'the tool f differs in function.description: transcript nothing ≠ request "It is f."',
        '+      "description": "It is f."',
    ),
    "no tool": (
        lambda b: b.pop("tools"),
        "the tool f is missing",
        '-      "name": "f"',
    ),
    "part of a setting": (
        lambda b: b.update(response_format={"type": "json_object", "note": "x" * 80}),
        'response_format: transcript nothing ≠ request {"type": "json_object", "note": "xxxxxx…',
        '+  "type": "json_object"',
    ),
    "the end of a line": (
        lambda b: b["messages"][0].update(content="You are terse.\r\nAnswer in English."),
        "the system message (message 1 of 8) differs only in white space in line 1: "
        'transcript "terse." ≠ request "terse.␍"',
        "+You·are·terse.␍⏎",
    ),
    "a space that does not break": (
        lambda b: b["messages"][1].update(content="first\u00a0question"),
        "the user message (message 2 of 8) differs only in white space: "
        'transcript "first·question" ≠ request "first⍽question"',
        "+first⍽question",
    ),
    "a name": (
        lambda b: b["messages"][1].update(name="ada"),
        'the user message (message 2 of 8) differs in name: transcript nothing ≠ request "ada"',
        "+name: ada",
    ),
    "one message more": (
        lambda b: b["messages"].append({"role": "user", "content": "hello?"}),
        "one more user message, 'hello?'",
        "+hello?",
    ),
    "one message less": (
        lambda b: b["messages"].pop(0),
        "the system message 'You are terse. Answer in English.' is missing",
        "-You are terse.",
    ),
}


@pytest.mark.parametrize("case", CHANGES)
def test_the_first_difference_names_exactly_what_differs(case: str) -> None:
    change, reason, diff = CHANGES[case]
    found = first(change)
    assert found.reason == reason
    assert diff in diff_of(found)


@pytest.mark.parametrize("case", CHANGES)
def test_nothing_else_is_named(case: str) -> None:
    body = copy.deepcopy(BODY)
    CHANGES[case][0](body)
    near = missed(recorded(), read(body)).nearest
    assert near
    assert len(near.differences) == 1


def test_a_hand_written_file_is_only_held_to_what_it_says() -> None:
    index = index_of(a="---\nmodel: m\n---\n\n### user\n\n> Hi\n\n### assistant\n\n> Ho\n")
    asked = {"model": "m", "seed": 1, "messages": [{"role": "user", "content": "Hi!"}]}
    near = missed(index, read(asked)).nearest
    assert near
    assert [difference.reason for difference in near.differences] == [
        'the user message (message 1 of 1) differs: "!" is new'
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "reason"),
    [
        ("1", "1", 'seed: transcript 1 ≠ request "1"'),
        ('"1"', 1, 'seed: transcript "1" ≠ request 1'),
        ("nothing", None, "seed: transcript nothing ≠ request nothing"),
        ("1", "", 'seed: transcript 1 ≠ request ""'),
        ("1", True, "seed: transcript 1 ≠ request true"),
        ('"a"', 'say "a"', 'seed: transcript a ≠ request say \\"a\\"'),
        ("[1, 2]", [1], "seed: transcript [1, 2] ≠ request [1]"),
    ],
)
def test_two_values_never_look_the_same(ours: str, theirs: object, reason: str) -> None:
    index = index_of(a=f"---\nseed: {ours}\n---\n\n### user\n\n> Hi\n\n### assistant\n\n> Ho\n")
    asked = {"seed": theirs, "messages": [{"role": "user", "content": "Hi"}]}
    near = missed(index, read(asked)).nearest
    assert near
    if theirs is None:
        reason = 'seed: transcript "nothing" ≠ request null'
    assert near.differences[0].reason == reason


def test_two_long_pictures_are_told_apart() -> None:
    def shown(end: str) -> dict[str, Any]:
        picture = {"url": "data:image/png;base64," + "A" * 4000 + end}
        parts = [{"type": "text", "text": "x"}, {"type": "image_url", "image_url": picture}]
        return {"messages": [{"role": "user", "content": parts}]}

    answer = Answer((Choice(Message("assistant", "x")),), {"id": "1"})
    edit = placement.edit("", NewFile("a.md"), Recording(read(shown("AAAA")), answer))
    index = Index()
    index.put("a.md", parse(edit.source, edit.stored.__getitem__))
    near = missed(index, read(shown("AAAB"))).nearest
    assert near
    [only] = near.differences
    assert only.reason == (
        "the image of the user message (message 1 of 1) is another one: image/png, 3,003 bytes"
    )
    assert len(diff_of(only)) < 500
    assert len({line[1:] for line in diff_of(only).split("\n") if "[image " in line}) == 2


def turns(**changed: str) -> dict[str, Any]:
    texts = {f"q{n}": f"question {n} about things" for n in range(1, 9)} | changed
    messages: list[dict[str, Any]] = [{"role": "system", "content": "s"}]
    for number in range(1, 9):
        messages.append({"role": "user", "content": texts[f"q{number}"]})
        messages.append({"role": "assistant", "content": f"answer {number}"})
    return {"model": "m", "messages": messages[:-1]}


def test_one_word_in_turn_three_of_eight_is_the_only_difference() -> None:
    answer = Answer((Choice(Message("assistant", "x")),), {"id": "1"})
    edit = placement.edit("", NewFile("a.md"), Recording(read(turns()), answer))
    near = missed(index_of(a=edit.source), read(turns(q3="question 3 about nothing"))).nearest
    assert near
    [only] = near.differences
    assert only.reason == (
        'the user message (message 6 of 16) differs: transcript "things" ≠ request "nothing"'
    )
    assert "-question 3 about things\n+question 3 about nothing" in diff_of(only)


def test_a_reason_is_one_line() -> None:
    body = copy.deepcopy(BODY)
    body["messages"].append({"role": "user", "content": "one\ntwo\r\nthree\u2028four"})
    body["stop"] = "\n\n"
    assert len(missed(recorded(), read(body)).reason.splitlines()) == 1


def told(recorded: dict[str, Any], asked: dict[str, Any]) -> list[str]:
    """The reasons why one request is not the other."""
    answer = Answer((Choice(Message("assistant", "x")),), {"id": "1"})
    edit = recording.edit("", NewFile("a.md"), Recording(read(recorded), answer))
    [exchange] = exchanges_in("a.md", parse(edit.source, edit.stored.__getitem__).sections)
    found = differences(exchange, scheme_of(exchange.section), read(asked))
    reasons = [difference.reason for difference in found]
    unlisted = re.fullmatch(r"… and (?:at least )?(\d+) more messages that differ", reasons[-1])
    count = len(found) - 1 + int(unlisted[1]) if unlisted else len(found)
    assert count_differences(exchange, scheme_of(exchange.section), read(asked)) == count
    assert [diff_of(difference) for difference in found]
    return reasons


LINES = "".join(f"    step {number % 5}\n}}\n" for number in range(160))


def agent(task: str = "fix it", last: str = "ok") -> dict[str, Any]:
    """A request of 60 messages and 150 KB, in which lines repeat."""
    messages: list[dict[str, Any]] = [{"role": "user", "content": f"{LINES}{task}\n{LINES}"}]
    for number in range(29):
        call = {"name": "run", "arguments": f'{{"command": "make {number}"}}'}
        calls = [{"id": f"c{number}", "type": "function", "function": call}]
        messages.append({"role": "assistant", "content": None, "tool_calls": calls})
        result = f"{LINES}{LINES}{number}"
        messages.append({"role": "tool", "tool_call_id": f"c{number}", "content": result})
    messages.append({"role": "user", "content": f"{LINES}{last}\n{LINES}"})
    return {"model": "m", "messages": messages}


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (
            {"task": "fix that"},
            'the user message (message 1 of 60) differs in line 321: "it" ≠ "that"',
        ),
        (
            {"last": "not ok"},
            'the user message (message 60 of 60) differs in line 321: "not" is new',
        ),
    ],
)
def test_one_word_is_found_in_a_large_request_with_lines_that_repeat(
    changed: dict[str, str], reason: str
) -> None:
    assert told(agent(), agent(**changed)) == [reason]


@pytest.mark.timeout(20)
def test_two_large_requests_with_nothing_in_common_are_told_apart() -> None:
    other = agent()
    for message in other["messages"]:
        said = message.get("content") or ""
        message["content"] = said.replace("step", "walk").replace("}", "]") + "."
    reasons = told(agent(), other)
    assert len(reasons) == 21
    assert reasons[-1] == "… and 40 more messages that differ"


def chatter(count: int, text: str = "Hi") -> dict[str, Any]:
    turn = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}]
    return {"messages": [*turn * (count // 2), {"role": "user", "content": text}]}


@pytest.mark.timeout(20)
def test_messages_that_repeat_very_often_are_told_apart() -> None:
    reasons = told(chatter(10_000), chatter(10_000, "Hi!"))
    assert reasons == ['the user message (message 10001 of 10001) differs: "!" is new']
    more = {"messages": [{"role": "user", "content": "Why?"}, *chatter(9_000)["messages"][1:]]}
    assert "the user message (message 1 of 9001) differs" in told(chatter(10_000), more)[0]


def test_of_many_messages_that_differ_the_first_are_told_and_the_others_counted() -> None:
    def numbers(start: int) -> dict[str, Any]:
        texts = map(str, range(start, start + 200))
        return {"messages": [{"role": "user", "content": text} for text in texts]}

    reasons = told(numbers(0), numbers(1000))
    assert len(reasons) == 21
    assert reasons[-1] == "… and at least 80 more messages that differ"


@pytest.mark.timeout(20)
def test_one_value_is_found_in_very_large_arguments_of_a_call() -> None:
    def calling(city: str) -> dict[str, Any]:
        values = {f"key {number}": {"text": "some words", "n": 1} for number in range(4000)}
        arguments = json.dumps(values | {"city": city})
        function = {"name": "f", "arguments": arguments}
        call = {"id": "c1", "type": "function", "function": function}
        said = {"role": "assistant", "content": None, "tool_calls": [call]}
        return {
            "messages": [{"role": "user", "content": "Go"}, said, {"role": "user", "content": "?"}]
        }

    assert told(calling("Oslo"), calling("Rome")) == [
        'the call f (message 2 of 3) differs in city "Oslo" ≠ "Rome"'
    ]


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("a" * 250_000, "a" * 249_999 + "b", f'"…{"a" * 12}a" ≠ "…{"a" * 12}b"'),
        ("word " * 200_000 + "Rome", "word " * 200_000 + "Paris", 'Rome" ≠ "…word'),
        ("a b\n" * 50_000 + "x", "a b\n" * 50_000 + "y", 'in line 50001: "x" ≠ "y"'),
        ("a b" * 80_000, "a  b" * 80_000, 'only in white space: "a·ba·b'),
    ],
    ids=["one character", "one line", "many lines", "spaces"],
)
def test_what_differs_in_a_very_long_text_is_told(old: str, new: str, reason: str) -> None:
    def saying(text: str) -> dict[str, Any]:
        return {"messages": [{"role": "user", "content": text}]}

    [only] = told(saying(old), saying(new))
    assert reason in only
    assert len(only) < 200


def test_the_same_messages_in_another_order_are_one_difference() -> None:
    first, second = ({"role": "user", "content": text} for text in ("Hello", "Bye"))
    assert told({"messages": [first, second]}, {"messages": [second, first]}) == [
        "the messages come in another order from message 1 on: user 'Hello' ≠ user 'Bye'"
    ]


def test_the_same_parts_in_another_order_are_told_so() -> None:
    text = {"type": "text", "text": "and this?"}
    picture = {"type": "image_url", "image_url": {"url": PIXEL}}

    def asked(*parts: dict[str, Any]) -> dict[str, Any]:
        return {"messages": [{"role": "user", "content": [*parts]}]}

    assert told(asked(text, picture), asked(picture, text)) == [
        "the user message (message 1 of 1) has its parts in another order: text, image ≠ image, text"
    ]
