"""Answers moved to who asks."""

import json

import pytest

from rechat.matching.named.moved import at_home
from rechat.matching.normalise import RULES
from rechat.values.conversation import Answer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import Message


def answer(arguments: object, text: str = "I look.") -> Answer:
    call = Call("run", "c9", json.dumps(arguments))
    return Answer((Choice(Message("assistant", text, (call,))),))


def conversation(folder: str, *results: tuple[str, str]) -> list[Message]:
    """An agent in a folder whose commands printed these results."""
    messages = [Message("user", f"<cwd>{folder}</cwd>"), Message("user", "Go.")]
    for number, (command, result) in enumerate(results):
        call = Call("run", f"c{number}", json.dumps({"command": command}))
        messages += [
            Message("assistant", "I look.", (call,)),
            Message("tool", result, (), {"tool_call_id": f"c{number}"}),
        ]
    return messages


@pytest.mark.parametrize(
    ("command", "old", "new", "arguments"),
    [
        ("mktemp -d", "/tmp/tmp.JtTcKaeIjy\n", "/tmp/tmp.a1B2c3D4e5\n", "ls {}/x"),
        ("mkdir", "/tmp/tmpz40u_unb", "/tmp/tmpa1b2c3d4", "ls {}"),
        ("git log -1", "commit " + "1a2b" * 10, "commit " + "5c6d" * 10, "git show {}"),
        ("git log", "<cwd>: 1a2b3c4 A", "<cwd>: 7f8e9d0 A", "git diff {}~1"),
        (
            "id",
            "id 01a2073d-d5d4-7972-ae41-2a3946fa3655",
            "id 11a2073d-d5d4-7972-ae41-2a3946fa3656",
            "cat /x/{}.log",
        ),
        (
            "seq 9999",
            "see /a/session-01a2073d-d5d4-7972-ae41-2a3946fa3655/a.txt",
            "see /a/session-11a2073d-d5d4-7972-ae41-2a3946fa3656/a.txt",
            "tail /a/session-{}/a.txt",
        ),
        (
            "seq 9999",
            "saved to: /home/ada/.local/share/opencode/tool_21eaefbae001Z4IpRzwQGw4Rkp",
            "saved to: /home/ada/.local/share/opencode/tool_2ecadb05e001P6QklwyEvREiDd",
            "tail {}",
        ),
        ("serve", "background with ID: bv0a2m0e6.", "background with ID: bz1icu1om.", "cat {}.out"),
        ("serve", "background with ID: brwixsvny.", "background with ID: bzaicuxom.", "cat {}.out"),
        ("seq 9", "in /a/tool-results/brwixsvny", "in /a/tool-results/bzaicuxom", "tail /a/{}.txt"),
        ("sleep 9 & echo PID: $!", "PID: 4711", "PID: 815", "kill {}"),
        ("sleep 9 & echo $!", "4711\n", "815\n", "kill -9 {}; wait {}"),
    ],
)
def test_an_answer_names_what_the_results_of_those_who_ask_told(
    command: str, old: str, new: str, arguments: str
) -> None:
    before = conversation("/a/one", (command, old.replace("<cwd>", "/a/one")))
    now = conversation("/b/two/deep", (command, new.replace("<cwd>", "/b/two/deep")))
    names = [text.split()[-1].rstrip(".").split("/")[-1] for text in (old, new)]
    if "session-" in old:
        names = [text.split("/")[2].removeprefix("session-") for text in (old, new)]
    if "<cwd>" in old:
        names = [text.split()[1] for text in (old, new)]
    said, meant = (answer({"command": arguments.replace("{}", name)}) for name in names)
    assert at_home(said, RULES, before, now) == meant
    assert at_home(said, RULES, before, before) is said
    assert at_home(said, (), before, now) is said


def test_a_hash_is_moved_that_is_said_in_short() -> None:
    before = conversation("/a", ("git log -1", "commit " + "1a2b" * 10))
    now = conversation("/b", ("git log -1", "commit " + "5c6d" * 10))
    said = answer({"command": "git show 1a2b1a2"}, "See 1a2b1a2.")
    assert at_home(said, RULES, before, now) == answer(
        {"command": "git show 5c6d5c6"}, "See 5c6d5c6."
    )


def test_what_those_who_ask_have_too_is_meant_as_it_is() -> None:
    """The file of a hash lies in both folders; beside it a commit of this run."""
    before = conversation("/a", ("ls; git log", "1a2b3c4\n5d6e7f8"))
    now = conversation("/b", ("ls; git log", "9a8b7c6\n1a2b3c4"))
    said = answer({"command": "cat 1a2b3c4"})
    assert at_home(said, RULES, before, now) is said


def test_ids_are_moved_at_once_where_those_of_both_runs_overlap() -> None:
    def told(*ids: int) -> list[Message]:
        said = [("run", f"Process running with session ID {number}") for number in ids]
        return conversation("/a", *said)

    for before, now in ((100, 200), (200, 100)):
        said = answer({"session_id": before, "chars": ""})
        here = told(100, 200) if before == 100 else told(200, 100)
        there = told(200, 300) if before == 100 else told(100, 200)
        assert at_home(said, RULES, here, there) == answer({"session_id": now, "chars": ""})


def test_a_number_that_only_looks_like_an_id_stays() -> None:
    before = conversation("/a", ("sleep 9 & echo $!", "47\n"))
    now = conversation("/b", ("sleep 9 & echo $!", "81\n"))
    for arguments in ({"limit": 47}, {"command": "head -47 a"}, {"lines": [47, 1]}):
        said = answer(arguments, "There are 47.")
        assert at_home(said, RULES, before, now) is said
    assert at_home(answer({"pid": 47}), RULES, before, now) == answer({"pid": 81})


def test_an_answer_moves_to_the_home_of_who_asks() -> None:
    def agent(folder: str, home: str) -> list[Message]:
        text = f"Memory: {home}/.claude/projects/{folder.replace('/', '-')}/memory"
        return [Message("system", f"Working directory: {folder}\n{text}"), Message("user", "Go.")]

    here, there = agent("/srv/one", "/home/ada"), agent("/opt/two", "/var/lib/me")
    said = answer({"file_path": "/home/ada/.claude/projects/-srv-one/memory/a.md"})
    assert at_home(said, RULES, here, there) == answer(
        {"file_path": "/var/lib/me/.claude/projects/-opt-two/memory/a.md"}
    )


def test_an_answer_names_what_was_kept_in_the_home_of_who_asks() -> None:
    kept = "Full output saved to: {}/.local/share/opencode/tool-output/{}"
    one, other = "tool_21eaefbae001Z4IpRzwQGw4Rkp", "tool_2ecadb05e001P6QklwyEvREiDd"
    here = conversation("/srv/one", ("seq 9999", kept.format("/home/ada", one)))
    there = conversation("/srv/two", ("seq 9999", kept.format("/opt/h/me", other)))
    said, meant = (
        answer({"path": f"{home}/.local/share/opencode/tool-output/{name}"})
        for home, name in (("/home/ada", one), ("/opt/h/me", other))
    )
    assert at_home(said, RULES, here, there) == meant
    assert at_home(meant, RULES, there, here) == said


def test_an_answer_names_what_is_kept_for_the_project_of_who_asks() -> None:
    kept = "For full output see: {}/.gemini/tmp/{}/a.txt"
    here = conversation("/srv/one", ("seq 9999", kept.format("/home/ada", "one")))
    there = conversation("/srv/two", ("seq 9999", kept.format("/opt/h/me", "two-1")))
    said = answer({"path": "/home/ada/.gemini/tmp/one/a.txt", "tmp": "/home/ada/.gemini/tmp/on"})
    assert at_home(said, RULES, here, there) == answer(
        {"path": "/opt/h/me/.gemini/tmp/two-1/a.txt", "tmp": "/opt/h/me/.gemini/tmp/on"}
    )
