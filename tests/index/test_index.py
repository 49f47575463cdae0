"""From a request to the exchange that answers it, or the nearest and why not."""

import json
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from conversations import ask
from conversations import hit
from conversations import index_of
from conversations import missed
from conversations import read
from conversations import said
from shared import SHARED

from rechat.dialects.openai_chat.dialect import Chat
from rechat.format.reader import parse
from rechat.index.found import Hit
from rechat.index.index import Index
from rechat.store import placement
from rechat.store.placement import NewFile
from rechat.store.placement import Recording
from rechat.values.conversation import Answer
from rechat.values.conversation import Choice
from rechat.values.conversation import Message
from rechat.values.conversation import Request
from rechat.values.http import HttpRequest

QA = "### user\n\n> {}\n\n### assistant\n\n> {}\n"
CAPTURES = SHARED / "captures"
CHATS = sorted(CAPTURES.glob("*/*chat_completions*.req.http"))


def file(question: str = "Hi", answer: str = "Ho", front: str = "", system: str = "") -> str:
    head = f"---\n{front}\n---\n\n" if front else ""
    prompt = f"### system\n\n> {system}\n\n" if system else ""
    return head + prompt + QA.format(question, answer)


def test_a_hand_written_file_answers_under_any_settings_and_system_prompt() -> None:
    index = index_of(a=file())
    assert hit(index, ask("Hi", model="x", temperature=1, system="s")).rule == "listed"


def test_what_a_file_lists_has_to_match() -> None:
    index = index_of(a=file(front="model: m", system="Be brief."))
    assert said(index, ask("Hi", model="m", system="Be brief.")) == "Ho"
    assert said(index, ask("Hi", model="x", system="Be brief.")) is None
    assert said(index, ask("Hi", model="m")) is None


def prompt(*texts: str) -> Request:
    messages = tuple(Message("user", text) for text in texts)
    return Request({"model": "m"}, messages, api="openai.completions", has_roles=False)


def test_where_there_are_no_roles_a_file_answers_without_its_system_message() -> None:
    index = index_of(a=file(system="Be brief.", front="model: m"))
    assert said(index, prompt("Hi")) == "Ho"
    assert said(index, ask("Hi", model="m")) is None
    assert said(index, prompt("Hi", "Hi")) is None
    index.put("b.md", parse(file(answer="plain")))
    index.put("c.md", parse(file(answer="best", front="model: m")))
    assert said(index, prompt("Hi")) == "best"
    index.drop("c.md")
    index.drop("a.md")
    assert said(index, prompt("Hi")) == "plain"


def test_what_an_api_without_roles_cannot_say_it_cannot_ask() -> None:
    later = QA.format("More", "no")
    index = index_of(
        a=file(system="s") + "\n" + later,
        b="---\nrechat: {match: exact}\n---\n\n" + file("exact", system="s"),
        c="---\napi: openai.chat\n---\n\n" + file("chat", system="s"),
        d="### system\n\n> s\n\n### user, like\n\n> tell {{what}}\n\n### assistant\n\n> {{what}}!\n",
    )
    assert said(index, prompt("Hi")) == "Ho"
    assert said(index, prompt("Hi", "More")) is None
    assert said(index, prompt("exact")) is None
    assert said(index, prompt("chat")) is None
    assert said(index, prompt("tell me")) is not None
    assert said(index, ask("tell me")) is None


def test_the_nearest_to_a_request_without_roles_misses_no_system_message() -> None:
    nearest = missed(index_of(a=file("Hi you", system="Be brief.")), prompt("Hi me")).nearest
    assert nearest
    assert len(nearest.differences) == 1
    assert "system" not in nearest.differences[0].reason


def test_a_recording_answers_only_the_very_same() -> None:
    index = index_of(a=file(front="model: m\nrechat: {match: exact}"))
    assert hit(index, ask("Hi", model="m")).rule == "exact"
    assert said(index, ask("Hi", model="m", seed=1)) is None
    assert said(index, ask("Hi", model="m", system="s")) is None


def test_exact_comes_before_listed_and_more_fields_before_fewer() -> None:
    index = index_of(
        a=file(answer="any"),
        b=file(answer="model", front="model: m"),
        c=file(answer="two", front="model: m\nn: 1"),
        d=file(answer="exact", front="model: m\nn: 1\nseed: 1\nrechat: {match: exact}"),
    )
    assert said(index, ask("Hi", model="m", n=1, seed=1)) == "exact"
    assert said(index, ask("Hi", model="m", n=1)) == "two"
    assert said(index, ask("Hi", model="m")) == "model"
    assert said(index, ask("Hi", model="x")) == "any"


def test_more_literal_characters_come_first_and_any_last() -> None:
    pattern = "### user, {}\n\n### assistant\n\n> {}\n"
    index = index_of(
        a=pattern.format("any", "anything"),
        b=pattern.format("like\n\n> [..]name[..]", "a name"),
        c=pattern.format("like\n\n> My name is {{n}}", "hello {{n}}"),
        d=file("My name is Bo", "Bo himself"),
    )
    assert said(index, ask("My name is Bo")) == "Bo himself"
    found = hit(index, ask("My name is Al"))
    assert (found.exchange.path, found.rule, found.holes) == ("c.md", "like", {"n": "Al"})
    assert said(index, ask("No name?")) == "a name"
    assert hit(index, ask("Hello")).rule == "any"


@pytest.mark.parametrize("pattern", ["any", "like\n\n> [..]name[..]"])
def test_of_equal_patterns_the_one_with_more_settings_comes_first(pattern: str) -> None:
    asked = f"### user, {pattern}\n\n### assistant\n\n> {{}}\n"
    index = index_of(
        a=asked.format("any model"),
        b=f"---\nmodel: m\n---\n\n{asked.format('a model')}",
        c=f"---\nmodel: m\nn: 1\n---\n\n{asked.format('two')}",
    )
    assert said(index, ask("My name is Al", model="m", n=1)) == "two"
    assert said(index, ask("My name is Al", model="m")) == "a model"
    assert said(index, ask("My name is Al", model="x")) == "any model"


def test_ties_go_by_path_then_line() -> None:
    index = index_of(
        b=file(answer="b"), a=f"## x\n\n{file(answer='1')}\n## y\n\n{file(answer='2')}"
    )
    assert said(index, ask("Hi")) == "1"
    places = [(found.exchange.path, found.exchange.line) for found in index.candidates(ask("Hi"))]
    assert places == sorted(places)
    assert len(places) == 3


def test_every_turn_of_a_section_is_answered() -> None:
    turns = [(f"q{n}", f"a{n}") for n in range(60)]
    index = index_of(a="\n".join(QA.format(*turn) for turn in turns))
    history: list[str] = []
    for question, reply in turns:
        history.append(question)
        assert said(index, ask(*history)) == reply
        history.append(reply)


def test_a_turn_under_another_history_is_a_miss() -> None:
    index = index_of(a=file("trip?", "book it?") + QA.format("yes", "booked"))
    assert said(index, ask("trip?", "book it?", "yes")) == "booked"
    assert said(index, ask("delete all?", "really?", "yes")) is None
    assert said(index, ask("yes")) is None


def test_marks_of_patterns_in_plain_messages_are_plain() -> None:
    index = index_of(a=file("Fill {{name}} and [..]", "{{name}}"))
    assert said(index, ask("Fill {{name}} and [..]")) == "{{name}}"
    assert said(index, ask("Fill Ada and all")) is None


def test_a_hole_catches_the_same_in_all_messages() -> None:
    source = (
        "### user, like\n\n> I am {{n}}\n\n### assistant, given\n\n> Hm\n\n"
        "### user, like\n\n> Who is {{n}}?\n\n### assistant\n\n> You.\n"
    )
    index = index_of(a=source)
    assert said(index, ask("I am Ada", "Hm", "Who is Ada?")) == "You."
    assert said(index, ask("I am Ada", "Hm", "Who is Bo?")) is None


def test_a_pattern_does_not_take_a_picture_for_text() -> None:
    index = index_of(a="### user, like\n\n> ...\n\n### assistant\n\n> x\n")
    picture = {"type": "image_url", "image_url": {"url": "http://a/b.png"}}
    body = {"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}, picture]}]}
    asked = Chat().read_request(HttpRequest("POST", "/", body=json.dumps(body).encode()))
    assert said(index, asked) is None


def test_a_blank_is_a_miss_that_knows_where() -> None:
    index = index_of(a="### user\n\n> Hi\n\n### assistant\n")
    miss = missed(index, ask("Hi"))
    assert miss.blank is not None
    assert miss.reason == "the answer in a.md:5 is still empty"


def test_a_blank_does_not_hide_an_answer_elsewhere() -> None:
    index = index_of(a="### user\n\n> Hi\n\n### assistant\n", b=file())
    assert said(index, ask("Hi")) == "Ho"


def test_a_miss_names_the_nearest() -> None:
    index = index_of(a=file("What is the time?"), b=file("How high is the tree?"), c=file("Why?"))
    miss = missed(index, ask("How high is the sea?"))
    assert miss.nearest
    assert miss.nearest.exchange.path in miss.reason
    assert missed(Index(), ask("Hi")).reason == "there is no transcript for this API yet"


def test_an_index_that_explains_nothing_answers_the_same_and_keeps_no_features() -> None:
    index = Index(explains=False)
    index.put("a.md", parse(file()))
    assert hit(index, ask("Hi")).exchange.path == "a.md"
    card, other = index.card("a.md"), index_of(a=file()).card("a.md")
    assert card
    assert other
    assert not card.features
    assert other.features
    assert card.spots == other.spots


def test_what_surrounds_a_request_can_be_looked_through_whatever_happens_to_the_index() -> None:
    index = index_of(a=file("What is the time?"), b=file("How high is the tree?"))
    asked = ask("How high is the sea?")
    surroundings, version = index.surroundings(asked), index.version
    expected = index.nearest(asked)
    assert index.version == version
    index.drop("b.md")
    assert surroundings.nearest() == expected
    assert expected
    assert expected.exchange.path == "b.md"


def test_a_file_can_be_put_again_and_dropped() -> None:
    index = index_of(a=file(answer="one"))
    index.put("a.md", parse(file(answer="two")))
    assert said(index, ask("Hi")) == "two"
    index.drop("a.md")
    assert said(index, ask("Hi")) is None
    assert index.paths == []
    assert not any(vars(index._tables).values())


def read_capture(path: Path) -> Request:
    head, _, body = path.read_bytes().partition(b"\r\n\r\n")
    query = head.split(b" ")[1].decode().partition("?")[2]
    return Chat().read_request(HttpRequest("POST", "/", query, (), body))


@pytest.mark.skipif(not CHATS, reason="the captures of real clients are not beside this checkout")
@pytest.mark.parametrize("path", CHATS, ids=lambda path: f"{path.parent.name}-{path.name[:3]}")
def test_the_request_of_a_real_client_is_recorded_and_found_again(path: Path) -> None:
    asked = read_capture(path)
    answer = Answer((Choice(Message("assistant", "x")),), {"id": "1"})
    edit = placement.edit("", NewFile("a.md"), Recording(asked, answer))
    index = Index()
    index.put("a.md", parse(edit.source, edit.stored.__getitem__))
    assert isinstance(index.find(asked), Hit)
    others = [other for other in CHATS if other.parent == path.parent and other != path]
    matched = [other.name for other in others if isinstance(index.find(read_capture(other)), Hit)]
    same = [other.name for other in others if _meaning(other) == _meaning(path)]
    assert matched == same


def _meaning(path: Path) -> dict[str, object]:
    body = json.loads(path.read_bytes().partition(b"\r\n\r\n")[2])
    return {
        k: v for k, v in body.items() if k not in ("stream", "stream_options", "user", "metadata")
    }


OLD = sorted(CAPTURES.glob("openai-py-1.109/*chat_completions*.req.http"))


@pytest.mark.skipif(not OLD, reason="the captures of real clients are not beside this checkout")
@pytest.mark.parametrize("path", OLD, ids=lambda path: path.name[:3])
def test_two_versions_of_an_sdk_ask_the_same(path: Path) -> None:
    new = CAPTURES / "openai-py-3.54" / path.name.replace("1.109", "3.54")
    answer = Answer((Choice(Message("assistant", "x")),), {"id": "1"})
    edit = placement.edit("", NewFile("a.md"), Recording(read_capture(path), answer))
    index = Index()
    index.put("a.md", parse(edit.source, edit.stored.__getitem__))
    assert isinstance(index.find(read_capture(new)), Hit)


def test_ties_of_different_settings_go_by_path_too() -> None:
    index = index_of(b=file(answer="b", front="model: m"), a=file(answer="a", front="seed: 1"))
    assert said(index, ask("Hi", model="m", seed=1)) == "a"


STUB = "---\nrechat: {options}\n---\n\n{system}### user, any\n\n### assistant\n\n> x\n"


@pytest.mark.parametrize("match", ["exact", "listed"])
@pytest.mark.parametrize("system", ["", "Be brief."])
def test_any_system_message_or_none(match: str, system: str) -> None:
    options = f"{{match: {match}}}"
    index = index_of(a=STUB.format(options=options, system="### system, any\n\n"))
    assert said(index, ask("Hi", system=system)) == "x"


def test_any_system_message_is_no_developer_message_where_all_counts() -> None:
    index = index_of(a=STUB.format(options="{match: exact}", system="### system, any\n\n"))
    assert said(index, read({"messages": [{"role": "developer", "content": "s"}, USER]})) is None


USER = {"role": "user", "content": "Hi"}


@pytest.mark.parametrize("match", ["exact", "listed"])
@pytest.mark.parametrize("source", [file(), "### user, any\n\n### assistant\n\n> Ho\n"])
def test_a_query_that_is_written_is_compared(match: str, source: str) -> None:
    index = index_of(a=f"---\nrechat: {{match: {match}, query: v=1}}\n---\n\n{source}")
    assert said(index, ask("Hi", query="v=1")) == "Ho"
    assert said(index, ask("Hi", query="v=2")) is None
    assert said(index, ask("Hi")) is None
    assert "query: transcript 'v=1' ≠ request 'v=2'" in missed(index, ask("Hi", query="v=2")).reason


def test_an_error_is_an_answer_and_comes_in_turn() -> None:
    source = "### user\n\n> Hi\n\n### error 429\n\n> slow\n\n### assistant\n\n> Ho\n"
    replies = hit(index_of(a=source), ask("Hi")).exchange.answered
    assert [reply.take for reply in replies] == [1, 2]


PLAIN = ["a {{b}} c", "a [..] c", "a\n> ...\n> c", "...", "[..]", "{{b}}"]


@pytest.mark.parametrize("text", PLAIN)
def test_marks_of_patterns_in_a_recording_match_only_themselves(text: str) -> None:
    asked = text.replace("> ", "")
    for front in ("", "rechat: {match: exact}"):
        index = index_of(a=file(text, front=front))
        assert said(index, ask(asked)) == "Ho"
        for other in ("a x c", "a\nx\nc", "x", ""):
            assert said(index, ask(other)) is None


ODD = "### user, like\n\n> {{1st}} and {{²}}\n\n### assistant\n\n> {{²}}, {{1st}}\n"


def test_a_hole_may_have_any_name() -> None:
    assert hit(index_of(a=ODD), ask("x and y")).holes == {"1st": "x", "²": "y"}


def test_ignored_settings_and_roles_do_not_hinder_a_recording() -> None:
    front = "model: m\nseed: 1\nrechat: {match: exact, ignore: [seed, a.b, system]}"
    index = index_of(a=file(front=front + "\na: {b: 1, c: 2}"))
    assert said(index, ask("Hi", model="m", seed=2, system="s", a={"b": 3, "c": 2})) == "Ho"
    assert said(index, ask("Hi", model="m", a={"c": 2})) == "Ho"
    assert said(index, ask("Hi", model="m", a={"c": 3})) is None
    assert said(index, ask("Hi", model="x", a={"c": 2})) is None


SENT_BACK: dict[str, dict[str, Any]] = {
    "parsed": {"parsed": None, "tool_calls": [{"parsed_arguments": {"city": "Oslo"}}]},
    "streamed": {"annotations": None, "audio": None, "tool_calls": [{"index": 0}]},
}


@pytest.mark.parametrize("how", SENT_BACK)
def test_a_call_that_an_sdk_parsed_goes_on(how: str) -> None:
    """What openai-py 3.54 sends back after `.parse()` and `.stream()`."""
    source = (
        "### user\n\n> Weather?\n\n### assistant\n\n#### call f, c1\n\n"
        '```json\n{"city":"Oslo"}\n```\n\n### tool, c1\n\n> 9\n\n### assistant\n\n> Cold.\n'
    )
    function: dict[str, Any] = {"name": "f", "arguments": '{"city":"Oslo"}'}
    call: dict[str, Any] = {"id": "c1", "type": "function", "function": function}
    extra = SENT_BACK[how]
    [more] = extra["tool_calls"]
    (function if how == "parsed" else call).update(more)
    back = {"role": "assistant", "content": None} | extra | {"tool_calls": [call]}
    result = {"role": "tool", "tool_call_id": "c1", "content": "9"}
    messages = [{"role": "user", "content": "Weather?"}, back, result]
    assert said(index_of(a=source), read({"messages": messages})) == "Cold."
    index = index_of(a="---\nrechat: {match: exact}\n---\n\n" + source)
    assert said(index, read({"messages": messages})) == "Cold."


LIKE = "### user, like\n\n> Hi[..]\n\n### assistant\n\n> x\n"


@pytest.mark.parametrize(
    ("front", "body"),
    [
        ("", {"messages": [{"role": "tool", "tool_call_id": "c", "content": "Hi"}]}),
        ("", {"messages": [{"role": "assistant", "content": "Hi"}]}),
        ("---\nmodel: m\n---\n\n", {"model": "x", "messages": [USER]}),
        ("### user\n\n> a\n\n### assistant, given\n\n> b\n\n", {"messages": [USER, USER, USER]}),
    ],
)
def test_a_pattern_holds_for_its_role_settings_and_history(
    front: str, body: dict[str, Any]
) -> None:
    assert said(index_of(a=front + LIKE), read(body)) is None


PARALLEL = (
    "### user\n\n> Go\n\n### assistant\n\n#### call f, c1\n\n```json\n{}\n```\n\n"
    "#### call g, c2\n\n```json\n{}\n```\n\n### tool, c1\n\n> one\n\n### tool, c2\n\n> two\n\n"
    "### assistant\n\n> Done.\n"
)


def results(*found: tuple[str, str]) -> Request:
    calls = [
        {"id": f"c{at}", "type": "function", "function": {"name": name, "arguments": "{}"}}
        for at, name in enumerate("fg", 1)
    ]
    said = {"role": "assistant", "content": None, "tool_calls": calls}
    tools = [{"role": "tool", "tool_call_id": name, "content": text} for name, text in found]
    return read({"messages": [{"role": "user", "content": "Go"}, said, *tools]})


@pytest.mark.parametrize("front", ["", "---\nrechat: {match: exact}\n---\n\n"])
@pytest.mark.parametrize("pattern", ["", ", like"])
def test_results_of_tools_that_ran_side_by_side_may_come_in_any_order(
    front: str, pattern: str
) -> None:
    index = index_of(a=front + PARALLEL.replace("### user", f"### user{pattern}"))
    assert said(index, results(("c1", "one"), ("c2", "two"))) == "Done."
    assert said(index, results(("c2", "two"), ("c1", "one"))) == "Done."
    assert said(index, results(("c2", "one"), ("c1", "two"))) is None


def test_the_order_of_a_query_s_parameters_does_not_count() -> None:
    index = index_of(a=file(front="rechat: {query: a=1&b=2&b=3}"))
    assert said(index, ask("Hi", query="b=2&b=3&a=1")) == "Ho"
    assert said(index, ask("Hi", query="b=3&b=2&a=1")) is None


def test_an_empty_setting_is_none_and_a_written_one_asks_for_none() -> None:
    tool = {"type": "function", "function": {"name": "f"}}
    recorded = index_of(a=file(front="rechat: {match: exact}"))
    assert said(recorded, ask("Hi", tools=[], logit_bias={})) == "Ho"
    written = index_of(a=file(front="tools: []"))
    assert said(written, ask("Hi")) == said(written, ask("Hi", tools=[])) == "Ho"
    assert said(written, ask("Hi", tools=[tool])) is None


def test_a_match_says_whether_something_was_looked_past() -> None:
    front = "rechat: {match: exact, normalise: [dates]}"
    index = index_of(a=file(front=front, system="Today's date is 2026-11-23."))
    same = ask("Hi", system="Today's date is 2026-11-23.")
    other = ask("Hi", system="Today's date is 2027-01-01.")
    assert [hit(index, request).rule for request in (same, other)] == ["exact", "normalised"]
    assert hit(index, other).is_same


def test_a_request_is_looked_for_by_the_rules_that_a_file_has_now() -> None:
    front = "rechat: {match: exact, normalise: [dates]}"
    text = file("Go on", system="Today's date: 2026-11-23")
    same, other = (ask("Go on", system=f"Today's date: 2026-11-2{day}") for day in (3, 4))
    index = index_of(a=f"---\n{front}\n---\n\n{text}")
    assert [hit(index, request).rule for request in (same, other)] == ["exact", "normalised"]
    index.put("a.md", parse(f"---\nrechat: {{match: exact}}\n---\n\n{text}"))
    assert hit(index, same).rule == "exact"
    assert missed(index, other)
    index.put("a.md", parse(f"---\n{front}\n---\n\n{text.replace('23', '24')}"))
    assert [hit(index, request).rule for request in (same, other)] == ["normalised", "exact"]


def test_how_closely_to_look_at_a_picture_does_not_count_where_every_api_is_answered() -> None:
    source = "### user\n\n#### image, detail low\n\n![](https://x.test/a.png)\n\n### assistant\n\n> A cat.\n"
    url = {"url": "https://x.test/a.png"}
    asked = [
        read(
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": image}]}]}
        )
        for image in (url, url | {"detail": "high"})
    ]
    for request in asked:
        assert said(index_of(a=source), request) == "A cat."
        exact = "---\nrechat: {match: exact}\n---\n\n" + source
        assert said(index_of(a=exact), request) is None


def test_who_asks_never_sees_a_file_half_changed() -> None:
    """Two versions of a file take turns; both answer, each with its own words."""
    index = Index(lock=threading.RLock())
    asked = Request({"model": "m"}, (Message("user", "Hello"),))
    versions = [
        parse(f"### user\n\n> Hello\n\n### assistant\n\n> {text}\n{more}")
        for text, more in (("a", ""), ("b", "\n### user\n\n> More\n\n### assistant\n\n> c\n"))
    ]
    index.put("x.md", versions[0])
    is_over = threading.Event()
    found: set[str] = set()

    def ask() -> None:
        while not is_over.is_set():
            found.add(type(index.find(asked, explain=False)).__name__)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    asking = threading.Thread(target=ask)
    asking.start()
    try:
        for number in range(2_000):
            index.put("x.md", versions[number % 2])
    finally:
        is_over.set()
        asking.join()
        sys.setswitchinterval(interval)
    assert found == {"Hit"}
