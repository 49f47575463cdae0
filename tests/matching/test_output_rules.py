"""What commands print, on another day, in another folder, of another user."""

import pytest

from rechat.matching.normalise import RULES
from rechat.matching.normalise import Noise
from rechat.matching.normalise import needed
from rechat.matching.output_rules import OF_RESULTS
from rechat.matching.output_rules import is_result
from rechat.values.conversation import Message

RESULTS = {
    "durations": "Ran 3 tests in 0.002s",
    "clock": "Thu Nov 26 04:32:22 UTC 2026",
    "addresses": "<object object at 0x7f8f09fe4190>",
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
        ("/tmp/pytest-of-ada/pytest-7/test_a0", "/tmp/pytest-of-<name>/test_a0"),
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
