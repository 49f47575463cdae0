"""What commands print, on another day, in another folder, of another user."""

import pytest

from rechat.matching.normalise import RULES
from rechat.matching.normalise import Noise
from rechat.matching.normalise import needed
from rechat.matching.output_rules import OF_RESULTS
from rechat.matching.output_rules import in_results
from rechat.matching.output_rules import is_result
from rechat.matching.output_rules import results_in
from rechat.values.conversation import Message

RESULTS = {
    "durations": "Ran 3 tests in 0.002s",
    "clock": "Thu Nov 26 04:32:22 UTC 2026",
    "addresses": "<object object at 0x7f8f09fe4190>",
    "machine": "07:51:33 up 17 min,  0 user,  load average: 9.34, 8.73, 5.49",
    "runs": "Using --randomly-seed=7",
}


def quiet(text: str, role: str = "tool") -> str | None:
    (found,) = Noise(RULES)((Message(role, text),))
    return found.body


def test_every_rule_of_results_is_shown_here() -> None:
    assert set(RESULTS) == OF_RESULTS


@pytest.mark.parametrize("text", RESULTS.values())
def test_what_a_command_prints_counts_to_the_letter_where_no_tool_says_it(text: str) -> None:
    assert quiet(text) != text
    for role in ("system", "user", "assistant"):
        assert quiet(text, role) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("===== 1 passed in 0.01s =====", "===== 1 passed in <time> ====="),
        ("1 failed, 2 passed in 65.23s (0:01:05)", "1 failed, 2 passed in <time>"),
        ("Ran 1 test in 0.000s\n\nOK", "Ran 1 test in <time>\n\nOK"),
        ("    Finished `dev` profile in 0.52s", "    Finished `dev` profile in <time>"),
        ("ok  \tx/y\t0.003s", "ok  \tx/y\t<time>"),
        ("--- PASS: TestA (0.00s)", "--- PASS: TestA (<time>)"),
        ("  ✓ adds (5 ms)", "  ✓ adds (<time>)"),
        ("Time:        1.2 s", "Time:        <time>"),
        ("real\t0m0.004s\nuser\t0m0.000s", "real\t<time>\nuser\t<time>"),
        ("# duration_ms 45.6", "# duration_ms <time>"),
        ("<duration_ms>5214</duration_ms>", "<duration_ms><time></duration_ms>"),
        ("BUILD SUCCESSFUL in 3s", "BUILD SUCCESSFUL in <time>"),
        ("Total time:  1.234 s", "Total time:  <time>"),
        ('{"output": "1 passed in 0.01s\\n"}', '{"output": "1 passed in <time>\\n"}'),
        ("retry in 5s or so (30s)", "retry in 5s or so (30s)"),
        ("lrwxrwxrwx 1 a b 3 Jan  2 2027 x -> y", "lrwxrwxrwx 3 <time> x -> y"),
        ("crw-rw-rw- 1 root root 1, 3 Nov 23 07:10 null", "crw-rw-rw- 1, 3 <time> null"),
        (
            "Output: total 8\n-rw-r--r-- 1 a b 7 Nov 23 07:10 x",
            "Output: total <size>\n-rw-r--r-- 7 <time> x",
        ),
        (
            "Device: 254,0\tInode: 2639194     Links: 1\n"
            "Modify: 2026-11-26 04:32:01.859139299 -1200",
            "Device: <file>\nModify: <time>",
        ),
        ("AuthorDate: Thu Nov 26 04:32:21 2026 +0100", "AuthorDate: <date>"),
        ("1a2b3c4 2 weeks ago, Ada", "<commit> <time> ago, Ada"),
        ("/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T/tmpz40u_unb", "<tmp>/<name>"),
        ("/tmp/pytest-of-ada/pytest-7/test_a0", "<test-folder>"),
        (r"C:\Temp\tmpz40u_unb\x", r"C:\Temp\<name>\x"),
        ("agentId: a2fcc876b7ebc019e (use", "agentId: <id> (use"),
        ('<task id="ses_de741253bffebr8W8xZ61WJkfG">', '<task id="ses_<id>">'),
    ],
)
def test_a_value_is_replaced_as_a_whole(text: str, expected: str) -> None:
    assert quiet(text) == expected


@pytest.mark.parametrize(
    "lead",
    [
        "Observation:\n",
        "I ran this command:\n\npytest\n\nAnd got this output:\n\n",
        "[execute_command for 'pytest'] Result:\n",
        "[attempt_completion] Result:\n",
        "I committed the changes with git hash 1a2b3c4 & commit msg: Fix\n",
    ],
)
def test_a_result_that_a_client_sends_as_a_users_message_is_a_result(lead: str) -> None:
    assert is_result(lead)
    text = f"{lead}1 passed in 0.01s"
    assert quiet(text, "user") == quiet(text) != text
    assert needed([Message("user", text)]) == RULES


@pytest.mark.parametrize(
    "text", ["My observation: 1 passed", "Observation", "[x] Result", "[a b] Result:"]
)
def test_what_a_person_writes_is_no_result(text: str) -> None:
    assert not is_result(text)
    assert needed([Message("user", text)]) == ()


QUOTED = """# USER
Wait 3.5s please.
# ASSISTANT
Well.
# USER
I ran this command:

pytest

And got this output:

1 passed in 0.01s
# ASSISTANT
It passed in 0.02s
"""


@pytest.mark.parametrize("text", [QUOTED, QUOTED.replace("# USER\n", "USER: ")])
def test_results_in_a_conversation_that_is_quoted_are_results(text: str) -> None:
    [result] = results_in(text)
    assert result.endswith("1 passed in 0.01s")
    assert in_results(text, lambda part: part.upper()) == text.replace(result, result.upper())
    assert quiet(text, "user") == text.replace("0.01s", "<time>")
    assert needed([Message("user", text)]) == RULES


NOTICE = """Wait 3.5s: Ran 1 test in 0.002s.

<task-notification>
<task-id>{id}</task-id>
<result>Ran 1 test in {took}</result>
<usage><tool_uses>1</tool_uses><duration_ms>{milliseconds}</duration_ms></usage>
</task-notification>

<duration_ms>52</duration_ms>
"""


@pytest.mark.parametrize("role", ["system", "developer", "user"])
@pytest.mark.parametrize("around", ["{}", "<system-reminder>\n{}</system-reminder>"])
def test_what_a_task_that_ran_beside_reports_is_a_result(role: str, around: str) -> None:
    said = NOTICE.format(id="ae142222a25c9c077", took="0.002s", milliseconds=5214)
    told = NOTICE.format(id="<id>", took="<time>", milliseconds="<time>")
    assert quiet(around.format(said), role) == around.format(told)


@pytest.mark.parametrize("role", ["system", "user", "assistant"])
def test_what_is_in_no_whole_notification_is_no_result(role: str) -> None:
    for text in ("<task-notification>\nin 0.002s", "<notification>in 0.002s</notification>"):
        assert quiet(text, role) == text


def test_a_word_on_what_was_run_is_no_result() -> None:
    text = "USER: I asked. I ran this command:\n1 passed in 0.01s"
    assert results_in(text) == []
    assert in_results(text, str.upper) == text


SHOWS = "I have *added these files to the chat* so you can go ahead and edit them.\n\nTrust it.\n\n"
ONE = "main.py\n```\nprint(1)\n\n# lib.py\n```"
OTHER = "lib.py\n```\nprint(2)\n```"


@pytest.mark.parametrize("lead", [SHOWS, "Here are some READ ONLY files, for reference.\n\n"])
@pytest.mark.parametrize("more", ["", "\n", "\nEdit them."])
def test_the_files_that_aider_shows_may_come_in_any_order(lead: str, more: str) -> None:
    shown = [f"{lead}{ONE}\n\n{OTHER}{more}", f"{lead}{OTHER}\n\n{ONE}{more}"]
    assert {quiet(text, "user") for text in shown} == {shown[1]}
    tagged = [text.replace("\n```\n", "\n<source>\n", 1) for text in shown]
    assert quiet(tagged[0], "user") == tagged[0]
    assert needed([Message("user", shown[0])]) == RULES


def test_files_that_a_person_shows_stay_as_they_are() -> None:
    text = f"These are my files:\n\n{ONE}\n\n{OTHER}"
    assert quiet(text, "user") == text
    assert needed([Message("user", text)]) == ()


def test_where_long_output_is_cut_does_not_count() -> None:
    cut = "1\n{}\n\n... [{} characters omitted] ...\n\n{}\n9\n"
    one, other = cut.format(12, "128,968", "675"), cut.format(1, "128,966", "24675")
    assert quiet(one) == quiet(other) == "1\n<omitted>\n9\n"
    assert quiet(one) != quiet(one.replace("9\n", "8\n"))
    said = "a\n3 characters omitted the word\nb"
    assert quiet(said) == said


def test_what_time_prints_may_stand_before_or_after_the_rest() -> None:
    spent = "\nreal\t0m0.036s\nuser\t0m0.007s\nsys\t0m0.006s\n"
    assert quiet(f"a\n{spent}b\n") == quiet(f"a\nb\n{spent}") == quiet("a\nb\n")
    assert quiet(f"a\n{spent}b") == quiet(f"a\nb\n{spent.rstrip()}") == quiet("a\nb")
    assert quiet(f"a\n{spent}b\n") != quiet(f"b\n{spent}a\n")
    spent = "0.00user 0.01system 0:00.02elapsed 47%CPU (0avgtext+0avgdata 9240maxresident)k\n"
    spent += "0inputs+0outputs (0major+904minor)pagefaults 0swaps\n"
    assert quiet(f"a\n{spent}b\n") == quiet(f"a\nb\n{spent}") == quiet("a\nb\n")
    assert quiet("a\nreal 0.01\nuser 0.01\nsys 0.00\n") == quiet("a\n")


def test_a_notice_that_npm_gives_once_a_day_does_not_count_where_output_is_trimmed_too() -> None:
    notice = (
        "npm notice\nnpm notice New major version of npm available! 11.1.0 -> 12.2.2\nnpm notice"
    )
    assert quiet(f"a@1.0.0\n(empty)\n\n{notice}") == quiet("a@1.0.0\n(empty)")
    assert quiet(f"a@1.0.0\n(empty)\n\n{notice}\n") == quiet("a@1.0.0\n(empty)\n\n")
    assert quiet(f"{notice}\na@1.0.0") == quiet("a@1.0.0")
    assert quiet(f"(empty)\n\n{notice}\nExit: 0") == quiet("(empty)\nExit: 0")
    assert quiet("a\n\n") != quiet("a")
