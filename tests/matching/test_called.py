"""What may differ in results because of their calls."""

import json

import pytest

from rechat.matching.called import kinds_in
from rechat.matching.normalise import RULES
from rechat.matching.normalise import Noise
from rechat.matching.scheme import Scheme
from rechat.values.conversation import Call
from rechat.values.conversation import Message
from rechat.values.conversation import Request


def call(command: str) -> Call:
    return Call("bash", "c1", json.dumps({"command": command, "description": "Look"}))


def result(text: str, call: int = 1) -> Message:
    return Message("tool", text, (), {"tool_call_id": str(call)})


def quiet(*messages: Message) -> list[str | None]:
    return [message.body for message in Noise(RULES)(messages)]


def after(command: str, text: str) -> str | None:
    """What counts of the result of a command."""
    return quiet(Message("assistant", None, (call(command),)), result(text))[1]


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-26T18:21:23-12:00",
        "2026-11-26T18:21:23.123Z",
        "2026-11-26 18:21:23.123456",
        "2026-11-26",
        "26.11.2026",
        "11/26/26",
        "20261126",
        "20261126_182123",
        "20261126T182123Z",
        "2026-11-26_18-21-23",
        "18:21",
        "6:21:23 PM",
        "18:21:23 CET",
        "1795715283",
        "1795715283.123",
        "1795715283123",
        "Thursday",
        "Thursday, November 26, 2026",
        "26 November 2026",
        "2026",
    ],
)
def test_a_time_on_a_line_of_its_own_is_what_a_command_printed_that_asks_for_it(text: str) -> None:
    said = f"a.txt\n{text}\n12\n"
    assert after("ls; date +%F; wc -l < a.txt", said) == "a.txt\n<date>\n12\n"
    assert after("ls; cat a.txt; wc -l < a.txt", said) == said
    assert after("date", json.dumps({"output": f"{text}\n"})) == '{"output": "<date>\\n"}'
    assert after("date", f"Output: {text}\nExit: 0") == "Output: <date>\nExit: 0"


@pytest.mark.parametrize(
    "text", ["12", "3.14", "a 2026-11-26", "2026-11-26,5", "v2026", "12345", "1.2.3", "Sunrise"]
)
def test_what_else_stands_on_a_line_counts(text: str) -> None:
    assert after("date +%s", text) == text


def test_what_a_command_says_that_the_date_is_is_noise_too() -> None:
    assert after("echo Today is $(date +%F)", "Today is 2026-11-26") == "Today is <date>"


@pytest.mark.parametrize(
    "command",
    [
        "date",
        "date -u",
        "date -Iseconds",
        "date '+%Y-%m-%d'",
        'date "+%H:%M"',
        "cd /tmp && date +%s",
        "ls;date",
        "echo $(date)",
        "echo `date +%s`",
        "(date; ls)",
        "ls\ndate\n",
        "date | tr a b",
        "python3 -c 'import datetime; print(datetime.datetime.now())'",
        "python3 -c 'import time; print(time.time())'",
        "node -e 'console.log(new Date())'",
        "Get-Date -Format o",
    ],
)
def test_a_command_asks_for_the_time(command: str) -> None:
    shell = ["bash", "-lc", command]
    for said in (command, json.dumps({"command": command}), json.dumps({"command": shell})):
        assert kinds_in(said) == {"clock"}


@pytest.mark.parametrize(
    "arguments",
    [
        '{"command": "cat dates.txt"}',
        '{"command": "update --all"}',
        '{"command": "ls date"}',
        '{"command": "ls", "description": "Show the date of the file"}',
        '{"date": "2026-11-26"}',
        '{"query": "date of birth"}',
        '{"command": "git commit --date=now"}',
    ],
)
def test_others_do_not(arguments: str) -> None:
    assert not kinds_in(arguments)


def test_a_number_or_a_word_is_a_commit_where_a_command_asks_for_commits() -> None:
    said = "1234567 Add a file\nfeedbee\n* main   1234567 Add\n12 a\n1234567.5\na 1234567 b\n"
    quiet_said = (
        "<commit> Add a file\n<commit>\n* main   <commit> Add\n12 a\n1234567.5\na 1234567 b\n"
    )
    for command in (
        "git branch -v",
        "git log --oneline -1",
        "cd /a && git -C b rev-parse --short HEAD",
    ):
        assert after(command, said) == quiet_said
    for command in ("wc -c *", "git add log", "cat git-log"):
        assert after(command, said) == said


def test_a_temporary_file_may_lie_anywhere_where_a_command_asks_for_one() -> None:
    said = "/srv/a/tmp.JtTcKaeIjy\n/tmp/tmpz40u_unb/a, /tmp/tmp.JtTcKaeIjy.txt\n/srv/tmpl/b\n"
    found = "<tmp>/<name>\n<tmp>/<name>/a, /tmp/tmp.JtTcKaeIjy.txt\n/srv/tmpl/b\n"
    for command in (
        "mktemp -d",
        "python3 -c 'import tempfile; print(tempfile.mkdtemp())'",
        "node -e 'console.log(fs.mkdtempSync(os.tmpdir()))'",
    ):
        assert after(command, said) == found
    for command in ("ls /srv", "cat tempfile", "attempt"):
        assert after(command, said) == said.replace("/tmpz40u_unb", "/<name>")


def test_the_host_and_the_version_count_nowhere_where_a_command_asks_for_the_machine() -> None:
    one = "Linux vm 6.18.44 #1 SMP Fri Nov 27 10:00:00 UTC 2026 x86_64 GNU/Linux\nLinux is 6 x86_64"
    other = "Linux zebra 6.1.0-9-amd64 #2 SMP PREEMPT 1 x86_64 GNU/Linux\nLinux is 6 x86_64"
    told = "Linux <version> x86_64 GNU/Linux\nLinux is 6 x86_64"
    assert after("uname -a", one) == after("uname -a", other) == told
    assert after("uname -a", one.replace("x86_64", "arm64")) == told.replace("x86_64", "arm64")
    assert after("cat a", other) == other


GLOB = "Found 3 files, newest first:\n/a/b.py\n/a/a.py\n/a/c.py\n(end)"
GREP = "Found 2 matches\n/a/b.py:\n  Line 1: z\n  Line 2: y\n\n/a/a.py:\n  Line 3: x\n"


@pytest.mark.parametrize("tool", ["glob", "Glob", "grep", "search_files", "fs.glob"])
def test_the_order_of_files_that_a_tool_lists_does_not_count(tool: str) -> None:
    said = Message("assistant", None, (Call(tool, "c1", '{"pattern": "*.py"}'),))
    ordered = "Found 3 files, newest first:\n/a/a.py\n/a/b.py\n/a/c.py\n(end)"
    assert quiet(said, result(GLOB))[1] == ordered
    blocks = "Found 2 matches\n/a/a.py:\n  Line 3: x\n\n/a/b.py:\n  Line 1: z\n  Line 2: y\n"
    assert quiet(said, result(GREP))[1] == blocks
    assert after("ls -t", GLOB) == GLOB


WALKED = "./src/b.py:2:    return 1\n./src/b.py-3-x: y\n--\n./Makefile:1:all:\nREADME.md\n./src/a.py:10:a"
SORTED = (
    "./Makefile:1:all:\n./src/a.py:10:a\n./src/b.py:2:    return 1\n./src/b.py-3-x: y\nREADME.md"
)


@pytest.mark.parametrize(
    "command",
    [
        "find . -type f",
        "cd src && find .. | xargs wc",
        "find src -name '*.py'",
        "grep -rn return",
        "grep --color=never -n -R return src",
        "ls; egrep -lr x .",
        "rg -n return",
        "python3 -c 'import os; print(*os.walk(chr(46)))'",
        "node -e 'fs.readdirSync(1)'",
        "pwd; ls -la; git status; find . -type f | head -5",
        "find . -type f | grep -v x | sed s/x/y/",
        "grep -rn return | cat",
        "rg -n return && grep -rn --include='*.py' return .",
    ],
)
def test_the_order_in_which_a_command_walks_through_folders_does_not_count(command: str) -> None:
    assert after(command, f"{WALKED}\n12 a\nb/c\n") == f"{SORTED}\n12 a\nb/c\n"
    assert after(command, f"Output: {WALKED}\nb c") == f"Output: {SORTED}\nb c"


@pytest.mark.parametrize(
    "command",
    [
        "cat find",
        "git grep -n x",
        "ls -R",
        "grep x a | sort -r",
        "find the file",
        "echo rg",
        "ls -t",
    ],
)
def test_of_other_commands_the_order_of_lines_counts(command: str) -> None:
    assert after(command, WALKED) == WALKED


@pytest.mark.parametrize(
    "command",
    [
        "cat order.txt; find .",
        "find . -type f && cat order.txt",
        "rg -l x || head -20 order.txt",
        "find .\nsed -n 1,9p order.txt",
        "(tail order.txt); grep -rn return",
        "grep / order.txt; rg return",
        "find . -type f; ls -lt src",
        "find . -name order.txt -exec sh -c 'cat {}' +",
    ],
)
def test_beside_what_shows_a_file_the_order_of_a_walk_counts(command: str) -> None:
    assert after(command, WALKED) == WALKED


def test_only_the_result_of_the_call_that_asks_tells_the_time() -> None:
    said = Message("assistant", None, (call("cat a"), call("date +%F")))
    stamp = "2026-11-26"
    asked = [said, result(stamp, 1), result(stamp, 2), Message("user", stamp)]
    assert quiet(*asked)[1:] == [stamp, "<date>", stamp]
    assert quiet(said, Message("assistant", "Fine."), result(stamp, 2))[2] == stamp


def test_who_goes_on_from_one_place_hears_for_himself() -> None:
    noise = Noise(RULES)
    noise((Message("assistant", None, (call("date"),)),))
    other = noise.fork()
    noise((Message("assistant", None, (call("ls"),)),))
    assert [one((result("2026"),))[0].body for one in (noise, other)] == ["2026", "<date>"]


def test_a_command_that_a_user_ran_may_ask_too() -> None:
    ran = "I ran this command:\n\n{}\n\nAnd got this output:\n\n2026-11-26\n"
    (said,) = quiet(Message("user", ran.format("date +%F")))
    assert said == ran.format("date +%F").replace("2026-11-26", "<date>")
    assert quiet(Message("user", ran.format("cat a"))) == [ran.format("cat a")]


def test_the_text_of_an_answer_may_ask_for_what_a_user_sends() -> None:
    asks = "Calling tools: [{'name': 'run', 'arguments': {'command': 'date +%F; ls'}}]"
    observed = Message("user", "Observation:\n2026-11-26\na.txt")
    said = quiet(Message("assistant", asks), observed)
    assert said[1] == "Observation:\n<date>\na.txt"
    assert quiet(Message("assistant", "I look."), observed)[1] == observed.body
    calling = Message("assistant", None, (call("date +%F"),))
    assert quiet(calling, observed)[1] == said[1]
    other = Message("user", "2026-11-26")
    assert quiet(calling, other)[1] == "2026-11-26"


def test_without_the_rule_every_time_counts() -> None:
    asks = (Message("assistant", None, (call("date +%F"),)), result("2026-11-26"))
    assert Noise(["dates", "commits"])(asks)[1].body == "2026-11-26"


@pytest.mark.parametrize("piece", ["date ", "\n", "Mon ", "2026-11-26 ", "12:", '"date"', "1" * 9])
def test_no_text_is_slow(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    assert kinds_in(f"{text}; date; ls")
    assert after("date", text + "!")


OF_MACHINES = (
    *("1 ", "a 1 ", " ", "1\n", "a ", "A_", "Mem: 1 ", "/a 1 2 3 4%", "[1] ", "10:00:00 up "),
    *("a 1 1.0 1.0 1 1 a a a 1:00 ", "1 1 1 a a 10:00:00 ", "tmp.", "A_URL=http://localhost:1"),
)


@pytest.mark.parametrize("piece", OF_MACHINES)
def test_no_text_of_the_machine_is_slow(piece: str) -> None:
    command = "ps; df; env; free; mktemp; uname -a; pgrep a; git log; echo $!"
    said = after(command, piece * (1_000_000 // len(piece)) + "!")
    assert said
    calls = "&& ".join([piece] * (1_000_000 // (len(piece) + 3)))
    assert kinds_in(calls) <= {"clock"}


def test_a_request_on_another_day_is_the_same() -> None:
    def key(stamp: str, call_id: str) -> bytes:
        asks = Call("bash", call_id, '{"command": "cat a; date +%F"}')
        given = {"tool_call_id": call_id}
        said = (Message("assistant", None, (asks,)), Message("tool", stamp, (), given))
        return Scheme(None, normalise=RULES).key(Request({}, (Message("user", "Look."), *said)))

    assert key("2026-11-26", "call_1") == key("2027-01-06", "call_x")
    assert key("2026-11-26", "call_1") != key("a", "call_1")


@pytest.mark.parametrize("piece", ["\n", "grep ", "grep a\n", "ls a ", "ls\n", ";ls -", "cat"])
def test_no_command_that_walks_is_slow(piece: str) -> None:
    assert kinds_in(f"find . ; {piece * (1_000_000 // len(piece))}!") <= {"file-order"}


@pytest.mark.parametrize("piece", ["/a\n", "/a:\n b\n", "/a:\n b\n\n", "/a:\n", "\n", "/"])
def test_no_list_of_files_is_slow(piece: str) -> None:
    said = Message("assistant", None, (Call("glob", "c1", "{}"),))
    assert quiet(said, result(piece * (1_000_000 // len(piece)) + "!"))[1]


DF = "Filesystem      Size  Used Avail Use% Mounted on\n{} {}\n"


@pytest.mark.parametrize(
    ("command", "one", "other"),
    [
        (
            "df -h .",
            DF.format("/dev/vda  252G   29G   74G  28%", "/"),
            DF.format("o 1T 2.5G 9 1%", "/"),
        ),
        ("free -m; ls", "Mem:  24105  3859  0\nSwap:  0  0  0", "Mem:  2 3 1\nSwap:  1  1  0"),
        (
            "env",
            "HOME=/a\nSHLVL=1\nX_PID=7\nA_BASE_URL=http://127.0.0.1:8080/v1\nTZ=UTC\n"
            'A={"a":{"baseURL": "http://localhost:8080/v1"}}',
            "HOME=/b\nSHLVL=2\nX_PID=77\nA_BASE_URL=http://127.0.0.1:44321/v1\nTZ=CET\n"
            'A={"a":{"baseURL": "http://localhost:44321/v1"}}',
        ),
        (
            "ps aux | grep node",
            "root       806  0.0  0.0   2920  1740 ?        S    07:52   0:00 node a.js",
            "me       12170  1.5 20.0  29200 11800 pts/0    Ssl   2026  13:07 node a.js",
        ),
        (
            "ps -ef",
            "root         1     0  0 19:40 ?        00:00:02 /init",
            "me         815   700  2 Nov27 pts/1    10:00:02 /init",
        ),
        ("ps", "   806 pts/0    00:00:00 bash", " 12170 pts/1    00:10:00 bash"),
        ("ps -o pid,ppid,cmd", "    806     1 node a.js", "  12170   815 node a.js"),
        ("pgrep -f a.js", "806\n", "12170\n"),
        ("node a.js & echo PID: $!", "up\nPID: 806", "up\nPID: 12170"),
        ("node a.js & echo $!", "[1] 806\n806", "[1] 12170\n12170"),
    ],
)
def test_what_a_call_asks_of_the_machine_and_of_processes_is_noise(
    command: str, one: str, other: str
) -> None:
    assert after(command, one) == after(command, other) != one
    assert after("cat a.txt", one) == one
    assert after(command, f"{one}x") != after(command, f"{other}y")


@pytest.mark.parametrize(
    ("command", "one", "other"),
    [
        ("df", DF.format("/dev/vda 1 2 3 4%", "/"), DF.format("/dev/vda 1 2 3 4%", "/home")),
        (
            "env",
            "PORT=3000\nDATABASE_URL=http://localhost:1",
            "PORT=80\nDATABASE_URL=http://localhost:1",
        ),
        ("env", "DATABASE_URL=http://localhost:1", "DATABASE_URL=http://localhost:2"),
        ("ps aux | wc -l", "9 processes", "8 processes"),
        ("a & echo $!", "PID: 806\ncount: 12", "PID: 806\ncount: 13"),
        ("ls -t", "b.py\na.py", "a.py\nb.py"),
        ("ls -lat", "-rw-r--r-- 1 a b 3 May  1 10:00 b", "-rw-r--r-- 1 a b 3 May  1 10:00 c"),
    ],
)
def test_what_else_it_says_counts(command: str, one: str, other: str) -> None:
    assert after(command, one) != after(command, other)
