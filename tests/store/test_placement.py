"""Where a recording goes, and what of a file it changes."""

import pytest
from conversations import OTHER_PIXEL, PIXEL, answer, ask, hit, index_of, read, said

from rechat.format.reader import parse
from rechat.index.index import Index
from rechat.store import placement
from rechat.store.placement import Append, NewFile, Put, Recording, place, says_the_same
from rechat.values.conversation import Answer, Call, Choice, ErrorAnswer, Fault, Message, Request

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
        self, request: Request, said: Answer, *, replaces: bool = False, takes: int = 1
    ) -> placement.Place | None:
        recorded = Recording(request, said)
        at = place(self.index, recorded, replaces=replaces, takes=takes)
        if at:
            edit = placement.edit(self.sources.get(at.path, ""), at, recorded)
            self.sources[at.path] = edit.source
            self.stored |= edit.stored
            self.index.put(at.path, parse(edit.source, self.stored.__getitem__))
        return at


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
    assert after.replace("changed", "second") == before


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
