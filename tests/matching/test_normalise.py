"""What a program says in other words each time, and what only looks like it."""

import pytest

from rechat.matching.normalise import RULES
from rechat.matching.normalise import Noise
from rechat.matching.normalise import folder_of
from rechat.matching.normalise import moved
from rechat.matching.normalise import needed
from rechat.values.conversation import Answer
from rechat.values.conversation import Call
from rechat.values.conversation import Choice
from rechat.values.conversation import ErrorAnswer
from rechat.values.conversation import Message

SAME = {
    "dates": [
        "Today's date is 2026-11-23.",
        "Today's date is 2027-01-02.",
        "Today's date is Monday, January 2, 2028.",
    ],
    "cwd": [
        "Working directory: /srv/one\nSee /srv/one/notes and ~/.x/-srv-one/m",
        "Working directory: /srv/two\nSee /srv/two/notes and ~/.x/-srv-two/m",
    ],
    "home": [
        "In `/home/ada/.claude/m`, too",
        "In `/home/grace/.claude/m`, too",
        "In `/var/lib/ada/.claude/m`, too",
        "In `/tmp/home-1/.claude/m`, too",
        "In `/var/home/ada/.claude/m`, too",
        "In `/mnt/c/Users/ada/.claude/m`, too",
    ],
    "timezones": ["<timezone>Etc/UTC</timezone>", "<timezone>Europe/Berlin</timezone>"],
    "versions": ["OS Version: Linux 6.1", "OS Version: Linux 6.12"],
    "commits": ["Recent commits:\n864f081 Start", "Recent commits:\n19ab3cd Start"],
    "uuids": [
        "/tmp/01a2073d-d5d4-7972-ae41-2a3946fa3655/a",
        "/tmp/11a2073d-d5d4-7972-ae41-2a3946fa3655/a",
    ],
    "file-times": [
        "-rw-r--r-- 1 me me 7 Nov 23 07:10 a.md",
        "-rw-r--r-- 1 me me 7 Jan  2  2027 a.md",
    ],
    "chunk-ids": ["Chunk ID: 55a428", "Chunk ID: 0f1e2d"],
    "wall-times": ["Wall time: 0.0000 seconds", "Wall time: 1.5 seconds"],
}
OTHER = {
    "dates": [
        "It was built on 2026-11-23.",
        "The update 2026-11-23",
        "date: soon",
        "date: 2026-11-234",
        "date 1/2/2026/3",
        "date: 2026-11-23_a",
        "the date Maybe 12, 2026",
        "date xMay 12, 2026",
        "predate 2026-11-23",
    ],
    "cwd": [
        "cd /srv/one",
        "<cwd></cwd>",
        "<cwd>/</cwd> /a",
        "<cwd>/ </cwd> a / b",
        "<cwd>C:\\</cwd>",
    ],
    "home": [
        "/homepage/ada",
        "/var/home",
        "/srv/a/.git",
        "a/b/.claude",
        "https://example.com/home/ada",
        "src/home/ada/index.html",
        "~/home/ada",
        "$ROOT/home/ada",
        "/srv/home/ada",
    ],
    "timezones": ["timezone: Etc/UTC"],
    "versions": ["Version: 2", "BIOS Version: 2", "acc_version=2"],
    "commits": [
        "feedface",
        "deadbeef",
        "1234567",
        "decade",
        "#1a2b3c4d",
        "0x1a2b3c4d",
        "main.1a2b3c4d.js",
        "1a2b3c4.txt",
        "x1a2b3c4",
        "1a2b3c4_x",
        "1a2b3c4-x",
        "01a2073d-d5d4-7972-ae41-2a3946fa3655",
        "1a2b3c4d5e6f7",
    ],
    "uuids": [
        "01a2073d-d5d4-7972-ae41",
        "01a2073d-d5d4-7972-ae41-2a3946fa36551",
        "f01a2073d-d5d4-7972-ae41-2a3946fa3655",
        "01a2073d-d5d4-7972-ae41-2a3946fa3655-ae41",
    ],
    "file-times": ["Nov 23", "May 12 people", "Maybe 12 10:00 ", "xMay 12 10:00 "],
    "chunk-ids": ["Chunk 7", "Chunk ID: badger", "xChunk ID: 7"],
    "wall-times": ["Wall time: long", "Wall time: 1.5.2 seconds", "Wall time: 1 secondsx"],
}


def quiet(rule: str, text: str) -> str | None:
    message = Message("system", text)
    return Noise([rule], [message])((message,))[0].body


def test_every_rule_is_shown_here() -> None:
    assert set(SAME) == set(OTHER) == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_texts_that_differ_in_noise_are_the_same(rule: str) -> None:
    assert len({quiet(rule, text) for text in SAME[rule]}) == 1


@pytest.mark.parametrize("rule", RULES)
def test_everything_else_stays(rule: str) -> None:
    for text in OTHER[rule]:
        assert quiet(rule, text) == text


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        ("home", "(/home/ada), /home/ada.", "(<home>), <home>."),
        ("home", '"C:\\\\Users\\\\ada\\\\x"', '"<home>\\\\x"'),
        (
            "home",
            "file:///home/ada/x PATH=/bin:/home/ada/bin",
            "file://<home>/x PATH=/bin:<home>/bin",
        ),
        ("commits", "index 864f081..19ab3cd 100644", "index <commit>..<commit> 100644"),
        ("commits", "at 864f081.", "at <commit>."),
        ("commits", r'{"a": "\n864f081 x"}', r'{"a": "\n<commit> x"}'),
        ("versions", "cc_version=2.1; and", "cc_version=<version>; and"),
        ("versions", "cc_version=2.1 and", "cc_version=<version> and"),
        ("uuids", "f-01A2073d-d5d4-7972-ae41-2a3946fa3655.txt", "f-<uuid>.txt"),
        ("dates", "date: 2026-11-23T10:00:00.5+01:00.", "date: <date>."),
        ("dates", "date: Thurs, Sept 3, 2026", "date: <date>"),
    ],
)
def test_a_value_is_replaced_as_a_whole(rule: str, text: str, expected: str) -> None:
    assert quiet(rule, text) == expected


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
    assert needed([Message("user", "Hi"), Message("assistant", "<cwd>/srv</cwd>")]) == ()
    assert folder_of([Message("user", "Hi")]) == ""


def test_an_answer_moves_to_the_folder_of_the_client() -> None:
    said = Message("assistant", "In /srv/one.", (Call("ls", "1", '{"path":"/srv/one"}'),))
    answer = Answer((Choice(said),), {"id": "1"})
    there = moved(answer, "/srv/one", 'C:\\new "x"')
    assert isinstance(there, Answer)
    message = there.choices[0].message
    assert message.body == 'In C:\\new "x".'
    assert message.parts_of(Call)[0].arguments == '{"path":"C:\\\\new \\"x\\""}'
    assert moved(answer, "/srv/three", "/srv/two") is answer
    assert moved(answer, "", "/srv/two") is answer
    error = ErrorAnswer(400)
    assert moved(error, "/a", "/b") is error


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
