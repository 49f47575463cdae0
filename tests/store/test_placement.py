"""Where a recording goes, and what of a file it changes."""

from dataclasses import replace

import pytest
from conversations import OTHER_PIXEL
from conversations import PIXEL
from conversations import answer
from conversations import ask
from conversations import hit
from conversations import index_of
from conversations import read
from conversations import said
from hypothesis import given
from hypothesis import strategies as st

from rechat.format.reader import parse
from rechat.index.index import Index
from rechat.store import placement
from rechat.store.placement import Append
from rechat.store.placement import NewFile
from rechat.store.placement import Put
from rechat.store.placement import Recording
from rechat.store.placement import place
from rechat.store.placement import says_the_same
from rechat.values.conversation import Answer
from rechat.values.conversation import AnyAnswer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Fault
from rechat.values.conversation import Given
from rechat.values.conversation import Message
from rechat.values.conversation import RawAnswer
from rechat.values.conversation import Request

USAGE = {
    "prompt_tokens": 1000,
    "completion_tokens": 200,
    "total_tokens": 1200,
    "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
}


class Folder:
    """Files in memory that grow by recordings."""

    def __init__(self, **sources: str) -> None:
        self.sources = {f"{name}.md": source for name, source in sources.items()}
        self.index = index_of(**sources)
        self.stored: dict[str, bytes] = {}

    def record(
        self,
        request: Request,
        said: AnyAnswer,
        *,
        replaces: bool = False,
        takes: int = 1,
        day: str = "",
        renews: float = 0.0,
    ) -> placement.Place | None:
        recorded = Recording(request, said, day=day, renews=renews)
        at = place(self.index, recorded, replaces=replaces, takes=takes)
        if at:
            edit = placement.edit(self.sources.get(at.path, ""), at, recorded)
            self.sources[at.path] = edit.source
            self.stored |= edit.stored
            self.index.put(at.path, parse(edit.source, self.stored.__getitem__))
        return at


def test_where_all_goes_into_one_file_a_new_conversation_is_a_section_of_it() -> None:
    source = "### user\n\n> Hi\n\n### assistant\n\n> Ho\n"
    index = index_of(one=source)
    for number, title in enumerate(("Make a plan for 日本", "Make a plan for 日本 (2)")):
        recording = Recording(ask("Make a *plan*: for 日本", model=f"m{number}"), answer("A plan"))
        at = place(index, recording, replaces=False, takes=1, file="one.md")
        assert at == placement.NewSection("one.md", title)
        edit = placement.edit(source, at, recording)
        assert edit.source.startswith(f"{source}\n## ")
        index.put("one.md", parse(edit.source))
        assert said(index, recording.request) == "A plan"
        source = edit.source


def test_a_new_conversation_is_a_new_file() -> None:
    folder = Folder()
    assert isinstance(folder.record(ask("Hi", model="m"), answer("Ho")), NewFile)
    [source] = folder.sources.values()
    assert source.startswith("---\nmodel: m\nrechat: {match: exact}\n---\n\n### user\n")


def test_what_never_counts_is_not_written() -> None:
    folder = Folder()
    folder.record(ask("Hi", model="m", user="me", metadata={"a": 1}, stream=True), answer("Ho"))
    [source] = folder.sources.values()
    assert not any(word in source for word in ("user:", "metadata", "stream"))


def test_sixty_turns_are_one_file_that_answers_each() -> None:
    folder, history, texts = Folder(), list[str](), 0
    for turn in range(60):
        question, reply = f"{turn} question " + "word " * 40, f"{turn} answer " + "word " * 110
        fields = {"created": 1_700_000_000 + turn, "model": "m-1", "object": "chat.completion"}
        said_ = answer(reply, 10**23 + turn, usage=USAGE | {"prompt_tokens": turn}, **fields)
        folder.record(ask(*history, question, model="m"), said_)
        history += [question, reply]
        texts += len(question) + len(reply)
    [source] = folder.sources.values()
    assert len(source) <= 1.5 * texts
    for turn in range(60):
        assert said(folder.index, ask(*history[: 2 * turn + 1], model="m")) == history[2 * turn + 1]


def test_a_turn_is_appended_and_nothing_before_it_changes() -> None:
    folder = Folder()
    folder.record(ask("a"), answer("b"))
    [before] = folder.sources.values()
    assert isinstance(folder.record(ask("a", "b", "c"), answer("d", 2)), Append)
    [after] = folder.sources.values()
    assert after.startswith(before)
    assert "\n\n### user\n\n<blockquote>\n\nc\n" in after


def test_other_settings_are_another_file() -> None:
    folder = Folder()
    folder.record(ask("a", seed=1), answer("b"))
    folder.record(ask("a", "b", "c", seed=2), answer("d"))
    assert len(folder.sources) == 2


def test_a_fork_is_a_new_file_in_which_nobody_answered_the_past() -> None:
    folder = Folder()
    folder.record(ask("a"), answer("b"))
    folder.record(ask("a", "b", "c"), answer("d"))
    at = folder.record(ask("a", "b", "another way"), answer("e"))
    assert isinstance(at, NewFile)
    assert "### assistant, given" in folder.sources[at.path]
    assert len(list(folder.index.exchanges())) == 3


def test_a_conversation_is_appended_to_whatever_take_it_holds() -> None:
    folder = Folder()
    folder.record(ask("a"), answer("b"), takes=2)
    assert isinstance(folder.record(ask("a"), answer("B"), takes=2), Put)
    assert folder.record(ask("a"), answer("x"), takes=2) is None
    assert isinstance(folder.record(ask("a", "B", "c"), answer("d")), Append)
    assert said(folder.index, ask("a", "b", "c")) == "d"


def test_results_that_come_later_begin_a_file_with_the_rules_they_need() -> None:
    folder = Folder()
    folder.record(ask("a"), answer("Observe."))
    turns = ["a", "Observe.", "Observation: 1 passed in 0.01s"]
    assert isinstance(folder.record(ask(*turns), answer("Good.")), NewFile)
    assert isinstance(folder.record(ask(*turns, "Good.", "b"), answer("c")), Append)
    later = [*turns[:2], "Observation: 1 passed in 0.02s", "Good.", "b"]
    assert said(folder.index, ask(*later)) == "c"


def test_an_sdk_that_sends_more_back_still_goes_on() -> None:
    folder = Folder()
    folder.record(ask("a"), answer("b"))
    more = Message("assistant", "b", fields={"refusal": None, "annotations": []})
    asked = Request({}, (Message("user", "a"), more, Message("user", "c")))
    assert isinstance(folder.record(asked, answer("d")), Append)


def test_a_hand_written_file_is_not_appended_to() -> None:
    folder = Folder(mine="### user\n\n> a\n\n### assistant\n\n> b\n")
    assert isinstance(folder.record(ask("a", "b", "c"), answer("d")), NewFile)


def test_a_blank_is_filled_where_it_stands() -> None:
    source = "# T\n\n### user\n\n> a\n\n### assistant\n\nA note.\n\n### user\n\n> b\n"
    folder = Folder(mine=source.replace("A note.\n\n", ""))
    folder.record(ask("a"), answer("filled"))
    assert folder.sources["mine.md"].startswith("# T\n\n### user\n\n> a\n\n### assistant\n\n<block")
    assert folder.sources["mine.md"].endswith("\n\n### user\n\n> b\n")


def test_rerecording_the_same_changes_nothing() -> None:
    folder = Folder()
    folder.record(ask("a"), answer("b", 1))
    assert folder.record(ask("a"), answer("b", 2, created=5), replaces=True) is None


def test_rerecording_another_answer_changes_only_that() -> None:
    folder = Folder()
    folder.record(ask("a"), answer("first"))
    folder.record(ask("a", "first", "b"), answer("second"))
    [before] = folder.sources.values()
    folder.record(ask("a", "first", "b"), answer("changed"), replaces=True)
    [after] = folder.sources.values()
    changed = [
        (old, new)
        for old, new in zip(before.splitlines(), after.splitlines(), strict=True)
        if old != new
    ]
    assert changed[0] == ("second", "changed")
    assert [(old[:8], new[:8]) for old, new in changed[1:]] == [("digest: ", "digest: ")]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (answer("a", 1), answer("a", 2, created=1), True),
        (answer("a"), answer("b"), False),
        (
            answer("a"),
            Answer((Choice(Message("assistant", "a"), {"finish_reason": "length"}),)),
            False,
        ),
        (ErrorAnswer(400, {}), ErrorAnswer(400, {}), True),
        (ErrorAnswer(400, {}), answer("a"), False),
        (None, answer("a"), False),
    ],
)
def test_what_says_the_same(one: Answer, other: Answer, same: bool) -> None:
    assert says_the_same(one, other) is same


@pytest.mark.parametrize(
    ("said_", "expected"),
    [
        (answer("a"), True),
        (ErrorAnswer(400), True),
        (ErrorAnswer(404), True),
        (ErrorAnswer(401), False),
        (ErrorAnswer(429), False),
        (ErrorAnswer(500), False),
        (Fault("reset"), True),
    ],
)
def test_what_is_worth_saving(said_: Answer, expected: bool) -> None:
    assert placement.is_worth_saving(said_) is expected


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("What is the capital of France?", "what-is-the-capital-of-france"),
        ("\n\n  Grüße, Welt!\nmore", "grue-welt"),
        ("日本語", "conversation"),
        ("../../etc/passwd", "etc-passwd"),
        ("word " * 30, "word-word-word-word-word-word-word-word"),
    ],
)
def test_a_file_is_named_after_the_first_line(text: str, slug: str) -> None:
    name = placement.file_name(ask(text))
    stem, _, digest = name.removesuffix(".md").rpartition("-")
    assert (stem.replace("gru-e", "grue"), len(digest)) == (slug, 6)


def test_the_same_line_under_other_settings_has_another_name() -> None:
    assert placement.file_name(ask("Hi", n=1)) != placement.file_name(ask("Hi", n=2))


def test_six_requests_that_differ_in_one_thing_get_a_recording_each() -> None:
    folder = Folder()
    asked = [
        ask("yes"),
        ask("yes", system="s"),
        ask("Rome?", "Book?", "yes"),
        ask("yes", temperature=1),
        ask("yes", tools=[{"type": "function", "function": {"name": "f"}}]),
        ask("yes", n=2),
    ]
    for number, request in enumerate(asked):
        folder.record(request, answer(str(number)))
    assert [said(folder.index, request) for request in asked] == list("012345")
    assert {hit(folder.index, request).rule for request in asked} == {"exact"}


def test_long_prompts_and_tools_are_stored_once() -> None:
    folder = Folder()
    tools = [{"type": "function", "function": {"name": "f", "description": "x" * 5000}}]
    for question in ("a", "b"):
        folder.record(ask(question, system="s" * 5000, tools=tools), answer("c"))
    assert len(folder.stored) == 2
    assert all(len(source) < 1000 for source in folder.sources.values())
    assert said(folder.index, ask("b", system="s" * 5000, tools=tools)) == "c"


def test_an_index_without_files_has_no_place_for_more_than_a_new_file() -> None:
    assert isinstance(
        place(Index(), Recording(ask("a"), answer("b")), replaces=True, takes=3), NewFile
    )


def call(call_id: str, arguments: str = "{}") -> Answer:
    message = Message("assistant", None, (Call("f", call_id, arguments),))
    return Answer((Choice(message, {"finish_reason": "tool_calls"}),), {"id": call_id})


def test_a_call_says_the_same_whatever_id_it_got() -> None:
    assert says_the_same(call("call_1"), call("D681PevKs"))
    assert not says_the_same(call("call_1", '{"a": "call_1"}'), call("call_1", '{"a": "call_2"}'))


def test_a_text_that_looks_like_an_id_is_a_text() -> None:
    assert not says_the_same(answer("call_home"), answer("call_office"))


def test_one_more_take_leaves_the_rest_of_the_file_alone() -> None:
    source = (
        "---\nrechat: {match: exact}\n---\n\nIntro.\n\n### user\n\n> a\n\n### assistant\n\n> b\n\n"
        "A remark.\n\n### user\n\n> c\n\n### assistant\n\n> d\n"
    )
    folder = Folder(mine=source)
    assert isinstance(folder.record(ask("a"), answer("B"), takes=2), Put)
    grown = folder.sources["mine.md"]
    start = grown.index("\n### assistant, take 2")
    assert source.startswith(grown[:start])
    assert grown.endswith(source[-len("### user\n\n> c\n\n### assistant\n\n> d\n") :])
    assert said(folder.index, ask("a", "B", "c")) == "d"


def test_takes_of_a_conversation_are_recorded_run_by_run() -> None:
    folder = Folder()
    for run in "xyz":
        history: list[str] = []
        for turn in range(10):
            history.append(f"q{turn}")
            folder.record(ask(*history), answer(f"{run}{turn}"), takes=3)
            history.append(f"{run}{turn}")
    assert len(folder.sources) == 1
    for run in "xyz":
        history = [text for turn in range(9) for text in (f"q{turn}", f"{run}{turn}")]
        replies = hit(folder.index, ask(*history, "q9")).exchange.answered
        assert len(replies) == 3


def test_a_blank_among_the_turns_is_filled_and_the_rest_stays() -> None:
    source = (
        "### user\n\n> a\n\n### assistant\n\n> b\n\n### user\n\n> c\n\n### assistant\n\n"
        "### user\n\n> e\n\n### assistant\n\n> f\n"
    )
    folder = Folder(mine=source)
    assert isinstance(folder.record(ask("a", "b", "c"), answer("d")), Put)
    filled = folder.sources["mine.md"]
    blank = source.index("### assistant\n\n### user")
    assert filled.startswith(source[:blank])
    assert filled.endswith(source[blank + len("### assistant") :])
    assert said(folder.index, ask("a", "b", "c", "d", "e")) == "f"


def test_an_answer_may_go_on_from_an_answer() -> None:
    """A client that sends the last answer back as the end of its request asks for more of it."""
    folder = Folder()
    folder.record(ask("a"), answer("b"))
    assert isinstance(folder.record(ask("a", "b"), answer("c")), Append)
    assert [said(folder.index, ask("a")), said(folder.index, ask("a", "b"))] == ["b", "c"]


def test_a_pattern_that_matches_is_not_written_to() -> None:
    folder = Folder(mine="### user, any\n\n### assistant\n\n> b\n")
    assert isinstance(folder.record(ask("a"), answer("c"), replaces=True), NewFile)


def test_the_same_pictures_are_one_asset() -> None:
    folder = Folder()
    for text in ("one", "two"):
        parts = [{"type": "text", "text": text}, {"type": "image_url", "image_url": {"url": PIXEL}}]
        asked = read({"messages": [{"role": "user", "content": parts}]})
        folder.record(asked, answer(text))
        assert said(folder.index, asked) == text
    assert len(folder.stored) == 1


def test_requests_that_differ_in_a_picture_get_a_recording_each() -> None:
    folder = Folder()
    asked = [
        read(
            {
                "messages": [
                    {"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]}
                ]
            }
        )
        for url in (PIXEL, OTHER_PIXEL)
    ]
    for number, request in enumerate(asked):
        folder.record(request, answer(str(number)))
    assert [said(folder.index, request) for request in asked] == ["0", "1"]


def test_a_query_is_kept_and_counts() -> None:
    folder = Folder()
    folder.record(ask("a", query="v=1"), answer("1"))
    folder.record(ask("a", query="v=2"), answer("2"))
    assert [said(folder.index, ask("a", query=f"v={n}")) for n in "123"] == ["1", "2", None]


def test_an_error_that_lasts_is_recorded_and_served() -> None:
    folder = Folder()
    recorded = Recording(ask("a"), ErrorAnswer(400, {"error": {"message": "no"}}))
    at = place(folder.index, recorded, replaces=False, takes=1)
    assert isinstance(at, NewFile)
    folder.index.put(at.path, parse(placement.edit("", at, recorded).source))
    assert hit(folder.index, ask("a")).exchange.answered[0].answer == recorded.answer


def polled(method: str = "GET", path: str = "/v1/batches/b") -> Request:
    return Request({"method": method, "path": path}, (), api="raw")


@pytest.mark.parametrize("status", [400, 404, 413, 415, 422])
def test_an_error_about_the_request_is_worth_saving(status: int) -> None:
    assert placement.is_worth_saving(ErrorAnswer(status))


@pytest.mark.parametrize("status", [401, 402, 403, 408, 409, 429, 500, 503, 529])
def test_an_error_that_passes_is_not_worth_saving(status: int) -> None:
    assert not placement.is_worth_saving(ErrorAnswer(status))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (polled(), True),
        (polled("POST"), False),
        (polled("DELETE"), False),
        (ask("a", method="GET"), False),
    ],
)
def test_only_a_raw_get_is_a_poll(asked: Request, expected: bool) -> None:
    assert placement.is_poll(asked) is expected


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        (("system", "user", "assistant", "tool"), True),
        (("user", "input"), False),
        (("input",), False),
        ((), True),
    ],
)
def test_a_blank_needs_roles_of_a_conversation_throughout(
    roles: tuple[str, ...], expected: bool
) -> None:
    assert placement.can_ask(Request({}, tuple(Message(role, "a") for role in roles))) is expected


@pytest.mark.parametrize("blank", [True, False])
@pytest.mark.parametrize("replaces", [True, False])
def test_a_question_that_stands_there_is_not_asked_again(blank: bool, replaces: bool) -> None:
    said_ = "" if blank else "> b\n"
    folder = Folder(mine=f"### user\n\n> a\n\n### assistant\n\n{said_}")
    question = Recording(ask("a"), None)
    assert place(folder.index, question, replaces=replaces, takes=5) is None


def test_a_poll_gets_a_take_for_each_change_and_none_for_the_same() -> None:
    folder = Folder()
    assert isinstance(folder.record(polled(), RawAnswer("one")), NewFile)
    assert folder.record(polled(), RawAnswer("one")) is None
    assert isinstance(folder.record(polled(), RawAnswer("two")), Put)
    assert folder.record(polled(), RawAnswer("two")) is None
    assert isinstance(folder.record(polled(), RawAnswer("one")), Put)
    replies = hit(folder.index, polled()).exchange.answered
    assert [reply.answer for reply in replies] == [
        RawAnswer("one"),
        RawAnswer("two"),
        RawAnswer("one"),
    ]


def test_a_poll_fills_a_blank_in_its_place() -> None:
    folder = Folder()
    blank = Recording(polled(), None)
    at = place(folder.index, blank, replaces=False, takes=1)
    assert isinstance(at, NewFile)
    folder.sources[at.path] = placement.edit("", at, blank).source
    folder.index.put(at.path, parse(folder.sources[at.path]))
    filled = folder.record(polled(), RawAnswer("one"))
    assert isinstance(filled, Put)
    assert filled.how == "in place"
    assert [reply.answer for reply in hit(folder.index, polled()).exchange.answered] == [
        RawAnswer("one")
    ]


def test_a_poll_that_is_rerecorded_replaces_the_first_take() -> None:
    folder = Folder()
    folder.record(polled(), RawAnswer("one"))
    folder.record(polled(), RawAnswer("two"))
    folder.record(polled(), RawAnswer("new"), replaces=True)
    replies = hit(folder.index, polled()).exchange.answered
    assert [reply.answer for reply in replies] == [RawAnswer("new"), RawAnswer("two")]


def takes_of(folder: Folder, request: Request) -> list[str | None]:
    found = [reply.answer for reply in hit(folder.index, request).exchange.answered]
    return [reply.choices[0].message.body for reply in found if isinstance(reply, Answer)]


def test_rerecording_replaces_the_first_take_and_compares_with_it() -> None:
    folder = Folder()
    for text in ("one", "two"):
        folder.record(ask("a"), answer(text), takes=2)
    assert folder.record(ask("a"), answer("one"), replaces=True, takes=2) is None
    folder.record(ask("a"), answer("two"), replaces=True, takes=2)
    assert takes_of(folder, ask("a")) == ["two", "two"]
    folder.record(ask("a"), answer("new"), replaces=True, takes=2)
    assert takes_of(folder, ask("a")) == ["new", "two"]


def test_takes_are_in_the_order_in_which_they_were_recorded() -> None:
    folder = Folder()
    for text in ("one", "two", "three", "four"):
        folder.record(ask("a"), answer(text), takes=3)
    assert takes_of(folder, ask("a")) == ["one", "two", "three"]


def test_a_remark_is_written_with_a_new_file_a_turn_and_a_take() -> None:
    folder = Folder()
    for number, request in enumerate([ask("a"), ask("a", "b", "c"), ask("a", "b", "c")]):
        recorded = Recording(request, answer("b" * (number + 1)), f"took {number} s")
        at = place(folder.index, recorded, replaces=False, takes=2)
        assert at
        written = placement.edit(folder.sources.get(at.path, ""), at, recorded).source
        assert f"took {number} s" in written
        folder.sources[at.path] = written
        folder.index.put(at.path, parse(written))
    assert len(folder.sources) == 1


def test_what_varies_in_a_conversation_is_named_in_its_file() -> None:
    folder = Folder()
    folder.record(ask("a", system="Working directory: /home/me/app"), answer("b"))
    folder.record(ask("plain"), answer("b"))
    named, plain = folder.sources.values()
    assert "normalise:\n    - cwd\n" in named
    assert "normalise" not in plain
    assert said(folder.index, ask("a", system="Working directory: /srv/other")) == "b"


def test_empty_fields_of_a_message_are_not_written() -> None:
    folder = Folder()
    fields: dict[str, object] = {
        "refusal": None,
        "annotations": [],
        "name": "me",
        "weight": 0,
        "flag": False,
    }
    asked = Request({}, (Message("user", "a", fields=fields, without=("content",)),))
    at = folder.record(asked, answer("b"))
    assert isinstance(at, NewFile)
    [section] = parse(folder.sources[at.path]).sections
    given = section.entries[0]
    assert isinstance(given, Given)
    assert given.message == Message("user", "a", fields={"name": "me", "weight": 0, "flag": False})


def test_the_model_is_the_first_setting_and_the_others_keep_their_order() -> None:
    asked = ask("a", temperature=1, n=2, model="m", stop="x", user="me", stream=True)
    settings = placement.settings_of(asked)
    assert list(settings.items()) == [("model", "m"), ("temperature", 1), ("n", 2), ("stop", "x")]


@pytest.mark.parametrize(
    ("asked", "slug"),
    [
        (ask("words", system="You help."), "words"),
        (Request({}, (Message("input", "Embed me"),), api="openai.embeddings"), "embed-me"),
        (polled("POST", "/v1/rerank"), "post-v1-rerank"),
        (ask("<environment_context>\nx\n</environment_context>\nFix it"), "fix-it"),
        (ask("<environment_context>\nx y\n</environment_context>"), "environment-context"),
        (ask("", "b", "c"), "c"),
        (ask("Say hi.", "Hi.", "Fix the parser"), "fix-the-parser"),
        (ask("New task:\nFix the parser"), "fix-the-parser"),
        (ask("New task:\nFix the parser", "ls", "Observation:\na.py"), "fix-the-parser"),
        (Request({}, ()), "conversation"),
    ],
)
def test_the_name_of_a_file_begins_with_what_was_asked(asked: Request, slug: str) -> None:
    assert placement.file_name(asked).rpartition("-")[0] == slug


def test_what_makes_another_request_makes_another_name() -> None:
    requests = [
        ask("a"),
        ask("a", "b", "c"),
        ask("a", system="s"),
        ask("a", query="v=1"),
        ask("a", seed=1),
        replace(ask("a"), api="anthropic.messages"),
    ]
    names = {placement.file_name(request) for request in requests}
    assert len(names) == len(requests)
    assert placement.file_name(ask("a", user="me", stream=True)) == placement.file_name(ask("a"))


def test_a_conversation_of_another_api_says_which() -> None:
    folder = Folder()
    folder.record(replace(ask("a"), api="anthropic.messages"), answer("b"))
    folder.record(ask("a"), answer("b"))
    other, chat = folder.sources.values()
    assert "api: anthropic.messages" in other
    assert "api:" not in chat


RECORDED = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.booleans(), st.integers(1, 3)),
    max_size=12,
)


@given(RECORDED)
def test_takes_are_as_many_as_asked_for_and_in_order(
    steps: list[tuple[str, str, bool, int]],
) -> None:
    folder, expected = Folder(), dict[str, list[str]]()
    for question, text, replaces, takes in steps:
        folder.record(ask(question), answer(text), replaces=replaces, takes=takes)
        known = expected.setdefault(question, [])
        if known and replaces:
            known[0] = text
        elif len(known) < takes:
            known.append(text)
    for question, texts in expected.items():
        assert takes_of(folder, ask(question)) == texts
    assert len(folder.sources) == len(expected)


def test_the_day_is_written_where_the_api_does_not_say_when() -> None:
    folder = Folder()
    folder.record(ask("a"), answer("A", created=1), day="2026-11-26")
    folder.record(ask("a", "A", "b"), answer("B"), day="2026-11-27")
    folder.record(ask("a"), answer("C"), takes=2, day="2026-11-28")
    [source] = folder.sources.values()
    days = [line for line in source.split("\n") if line.startswith("recorded: ")]
    assert days == ['recorded: "2026-11-28"', 'recorded: "2026-11-27"']


def test_an_old_answer_is_renewed_by_one_that_says_the_same() -> None:
    folder = Folder()
    folder.record(ask("a"), answer("A", 1), day="1970-01-01")
    before = dict(folder.sources)
    for renews in (0.0, 86400.0):
        again = answer("A", 2)
        assert not folder.record(ask("a"), again, replaces=True, day="1970-01-02", renews=renews)
    assert folder.sources == before
    folder.record(ask("a"), answer("A", 2), replaces=True, day="1970-01-02", renews=86401.0)
    [source] = folder.sources.values()
    assert 'recorded: "1970-01-02"' in source
