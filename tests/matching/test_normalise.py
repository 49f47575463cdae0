"""Conversations without the values that vary, and answers in the folder of the client."""

from collections.abc import Iterator

import pytest

from rechat.matching import normalise
from rechat.matching.folders import TEST_FOLDERS
from rechat.matching.folders import folder_of
from rechat.matching.normalise import RULES
from rechat.matching.normalise import Noise
from rechat.matching.normalise import needed
from rechat.values.conversation import Call
from rechat.values.conversation import Message
from rechat.values.errors import UsageError
from rechat.values.jsontext import Json
from rechat.values.jsontext import JsonObject


@pytest.mark.parametrize(
    "opening",
    [
        "I'm currently working in the directory: /srv/one\n",
        "- **Workspace Directories:**\n  - /srv/one\n- **Directory Structure:**\n",
        "OS Version: linux\nWorkspace Path: /srv/one\n",
        " - Primary working directory: /srv/one\n",
    ],
)
def test_agents_name_their_folder_in_their_own_words(opening: str) -> None:
    assert folder_of([Message("user", opening)]) == "/srv/one"


def test_the_description_of_a_tool_may_name_the_month() -> None:
    tools = {
        "name": "search",
        "description": "The current month is May 2026.",
        "input_schema": {"properties": {"description": {"description": "Today is 2026-05-01."}}},
    }
    assert Noise(["dates"]).described([tools]) == [
        {
            "name": "search",
            "description": "The current month is <date>.",
            "input_schema": {"properties": {"description": {"description": "Today is <date>."}}},
        }
    ]
    assert Noise(()).described([tools]) == [tools]


def test_the_order_of_an_enum_says_nothing_where_that_of_skills_does_not() -> None:
    def schema(*names: str) -> Json:
        return [{"name": "use_skill", "parameters": {"properties": {"name": {"enum": [*names]}}}}]

    found = Noise(["skill-order"])
    assert found.described(schema("b", "a")) == found.described(schema("a", "b"))
    assert found.described(schema("b", "a")) != found.described(schema("b", "c"))
    assert Noise(["dates"]).described(schema("b", "a")) == schema("b", "a")


def test_without_rules_nothing_changes() -> None:
    messages = (Message("user", "Today's date is 2026-11-23."),)
    assert Noise(())(messages) is messages


def test_the_folder_counts_in_the_whole_conversation() -> None:
    before = Message("system", "Notes are in /srv/one/notes.")
    call = Message("assistant", None, (Call("ls", "1", '{"path": "/srv/one/a"}'),))
    noise = Noise(["cwd"], (before, Message("user", "<cwd>/srv/one</cwd>"), call))
    assert noise((before,))[0].body == "Notes are in <cwd>/notes."
    (said,) = noise((call,))
    assert said.parts_of(Call)[0].arguments == '{"path": "<cwd>/a"}'


def test_the_home_that_an_agent_names_counts_in_the_whole_conversation() -> None:
    def said(home: str, file: str) -> tuple[Message, ...]:
        return (
            Message("system", f"Working directory: /srv/one. Memory: {home}/.claude/CLAUDE.md"),
            Message("tool", f"{home}\n{home}/{file}\n{home}2/b.txt"),
            Message("assistant", None, (Call("bash", "c1", f'{{"command": "ls {home}"}}'),)),
        )

    def quiet(home: str, file: str = "a.txt") -> tuple[Message, ...]:
        return Noise(RULES, said(home, file))(said(home, file))

    assert quiet("/tmp/ada")[1].body == "<home>\n<home>/a.txt\n/tmp/ada2/b.txt"
    assert quiet("/tmp/ada")[2] == quiet("/data/grace")[2]
    assert quiet("/tmp/ada", "b.txt")[1] != quiet("/tmp/ada")[1]


def test_what_is_kept_in_the_folder_at_work_is_in_no_home() -> None:
    opening = Message("system", "Working directory: /srv/one\n/srv/one/.claude/a, /srv/b/.claude/c")
    (found,) = Noise(RULES, [opening])((Message("tool", "/srv/one/x /srv/b/x"),))
    assert found.body == "<cwd>/x <home>/x"


def test_a_folder_counts_only_as_a_whole_path() -> None:
    opening = Message("user", "<cwd>/app/</cwd>")
    told = Message("tool", "/app/x /application my-app ~/.x/projects/-app/y ~/.x/-app-2")
    (found,) = Noise(["cwd"], (opening,))((told,))
    assert found.body == "<cwd>/x /application my-app ~/.x/projects/<cwd>/y ~/.x/-app-2"


def test_a_folder_of_windows_counts_in_the_arguments_of_a_call() -> None:
    opening = Message("user", r"<cwd>C:\work</cwd>")
    call = Message("assistant", None, (Call("ls", "1", r'{"path":"C:\\work\\a","q":"C:\\work2"}'),))
    (found,) = Noise(["cwd"], (opening,))((call,))
    assert found.parts_of(Call)[0].arguments == r'{"path":"<cwd>\\a","q":"C:\\work2"}'


def test_a_folder_that_is_named_later_does_not_count() -> None:
    said = Message("assistant", "Which?"), Message("user", "<cwd>/srv/one</cwd>")
    assert folder_of(said) == ""


def test_an_agent_needs_all_rules_and_a_date_its_own() -> None:
    assert needed([Message("user", "<cwd>/srv/one</cwd>")]) == RULES
    assert needed([Message("system", "Current date: 2026-11-23")]) == ("dates",)
    called = Message("assistant", None, (Call("run_shell_command", "1", "{}"),))
    assert needed([called, Message("user", "Is it stuck?")]) == RULES
    assert needed([Message("assistant", None, (Call("add", "1", "{}"),))]) == ()
    assert needed([Message("user", "Hi"), Message("assistant", "<cwd>/srv</cwd>")]) == ()
    assert folder_of([Message("user", "Hi")]) == ""


OF_TESTS = "/tmp/pytest-of-{}/pytest-{}/test_reads0"
OLD, NEW = OF_TESTS.format("ada", 7), OF_TESTS.format("me", 12)


def test_the_folder_of_a_test_counts_in_no_message_and_only_it_needs_its_rule() -> None:
    for role in ("system", "user", "assistant", "tool"):
        one, other = (Message(role, f"Read {folder}/a.txt") for folder in (OLD, NEW))
        noise = Noise([TEST_FOLDERS])
        assert noise((one,)) == noise((other,)) != (one,)
    assert needed([Message("user", f"Read {OLD}/a.txt")]) == (TEST_FOLDERS,)
    assert needed([Message("user", "Read /tmp/a.txt")]) == ()


DATE = "Today's date is 2026-11-23."


@pytest.mark.parametrize(
    ("role", "text", "is_noise"),
    [
        ("system", DATE, True),
        ("developer", DATE, True),
        ("user", DATE, False),
        (
            "user",
            f"<system-reminder>\n{DATE}\n</system-reminder>\nWhat is the date 2026-11-23?",
            True,
        ),
        ("user", f"<env>{DATE}</env> of <b>{DATE}</b>", True),
        (
            "user",
            "Delete 01a2073d-d5d4-7972-ae41-2a3946fa3655 in commit 1a2b3c4 of /home/ada",
            False,
        ),
        ("tool", DATE, False),
        ("tool", "commit 1a2b3c4", True),
        ("assistant", DATE, False),
    ],
)
def test_what_a_person_asks_counts_to_the_letter(role: str, text: str, is_noise: bool) -> None:
    noise = Noise(RULES)
    (found,) = noise((Message(role, text),))
    assert (found.body != text) == is_noise
    assert found.body
    assert found.body.endswith(text[-12:]) or role != "user"


def test_a_question_about_a_date_needs_no_rule() -> None:
    assert needed([Message("user", "Which weekday is the date 2026-01-01?")]) == ()
    assert needed([Message("system", DATE)]) == ("dates",)


def test_what_was_said_before_is_looked_at_again_by_other_rules_roles_and_folders() -> None:
    text = "See /srv/one/a and /srv/two/a. Today's date: 2026-11-23. Chunk ID: 55a428"
    message = Message("tool", text)

    def said(rules: list[str], role: str, folder: str) -> str | None:
        opening = Message("system", f"<cwd>{folder}</cwd>")
        return Noise(rules, [opening])((Message(role, text),))[0].body

    for _ in range(2):
        assert said([], "tool", "/srv/one") == message.body
        assert said(["cwd"], "tool", "/srv/one") == text.replace("/srv/one", "<cwd>")
        assert said(["cwd"], "tool", "/srv/two") == text.replace("/srv/two", "<cwd>")
        assert said(["chunk-ids"], "tool", "") == text.replace("55a428", "<id>")
        assert said(["dates"], "tool", "") == text
        assert said(["dates"], "system", "") == text.replace("2026-11-23", "<date>")
        assert said(["dates"], "user", "") == text


@pytest.fixture
def own() -> Iterator[None]:
    table = {"ticket": r"ACME-\d+", "host": {"pattern": "node[0-9]{1,3}", "in": ["tool"]}}
    normalise.set_own(table)
    yield
    normalise.set_own({})


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("system", "<ticket> on node1"),
        ("user", "<ticket> on node1"),
        ("assistant", "<ticket> on node1"),
        ("tool", "<ticket> on <host>"),
    ],
)
def test_rules_of_a_project_hold_for_all_and_where_they_are_to_count(
    role: str, expected: str
) -> None:
    rules = normalise.in_force(())
    assert rules == ("ticket", "host")
    assert Noise(rules).of(Message(role, "ACME-12 on node1")).text == expected


@pytest.mark.usefixtures("own")
def test_rules_of_a_project_are_named_once_and_reach_other_processes_as_they_are() -> None:
    assert normalise.in_force(("dates", "host")) == ("dates", "host", "ticket")
    assert {"ticket", "host", "dates"} <= set(normalise.rule_names())
    table = normalise.own_table()
    normalise.set_own(table)
    assert normalise.own_table() == table


def test_no_rule_takes_the_name_of_another() -> None:
    with pytest.raises(UsageError, match="dates is a rule of rechat"):
        normalise.set_own({"dates": "x"})


def test_without_rules_of_a_project_nothing_is_added() -> None:
    assert normalise.in_force(("dates",)) == ("dates",)


def test_a_folder_that_a_result_tells_counts_from_there_on() -> None:
    call = Message("assistant", None, (Call("run", "1", '{"command": "pwd"}'),))
    messages = (
        Message("user", "Look into /srv/one."),
        call,
        Message("tool", "/srv/one\n"),
        Message("assistant", "It is /srv/one."),
    )
    noise = Noise(RULES, messages)
    before = noise.fork()
    assert [noise.of(message).body for message in messages] == [
        "Look into /srv/one.",
        None,
        "<cwd>\n",
        "It is <cwd>.",
    ]
    assert (noise.folder, before.folder) == ("/srv/one", "")
    assert Noise(["dates"], messages)(messages) == messages
    assert needed(messages) == RULES


@pytest.mark.parametrize(
    "tool",
    [
        {"type": "function", "function": {"name": "bash"}},
        {"type": "function", "name": "run_shell_command"},
        {"type": "bash_20250124", "name": "run"},
        {"type": "local_shell"},
        {"functionDeclarations": [{"name": "look"}, {"name": "runInTerminal"}]},
        {"name": "mcp__host__execute_command"},
    ],
)
def test_a_conversation_with_a_shell_needs_all_rules(tool: JsonObject) -> None:
    assert needed([Message("user", "Hi")], [{"name": "look"}, tool]) == RULES


@pytest.mark.parametrize("name", ["publish", "find_shells", "send_command", "bashful", "push_sh1"])
def test_other_tools_need_none(name: str) -> None:
    assert needed([Message("user", "Hi")], [{"function": {"name": name}}]) == ()
    assert needed([Message("user", "Hi")], {"name": [name]}) == ()
