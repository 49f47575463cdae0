"""What a program says in other words each time, and what only looks like it."""

import subprocess
import sys

import pytest

from rechat.matching.normalise import RULES
from rechat.matching.normalise import Noise
from rechat.matching.output_rules import FILE_ORDER
from rechat.matching.output_rules import OF_RESULTS
from rechat.values.conversation import Message

BESIDE = (
    "Process Group PGID: {0}\nBackground PIDs: {1}\n.\n"
    "Command moved to background (PID: {0}). Output hidden.\n"
    "Command is running in background. PID: {0}. Initial output:\n"
    "- [PID {0}] RUNNING: `sleep 3`\n- [PID {0}] EXITED: `make` (Exit Code: 2)\n"
    "Background process ID {0} not found. No output log found for process ID {0}."
)
SAME = {
    "dates": [
        "Today's date is 2026-11-23.",
        "Today's date is 2027-01-02.",
        "Today's date is Monday, January 2, 2028.",
        "Today's date is Wed Nov 25 2026 15:05:00 GMT+0000 (Coordinated Universal Time).",
        "Today's date is 25.11.2026.",
        "Today's date is 2026年11月25日.",
        "Today's date is 11/25/2026, 3:05:00 PM.",
        "Today's date is Wed Nov 25 15:05:00 UTC 2026.",
        "Today's date is 3rd of May 2026.",
    ],
    "skill-order": [
        "<available_skills>\n <skill>a\n</skill>\n <skill>b</skill>\n</available_skills> "
        "(Available: 'a', 'b', 'c:d')",
        "<available_skills>\n <skill>b</skill>\n <skill>a\n</skill>\n</available_skills> "
        "(Available: 'c:d', 'b', 'a')",
    ],
    "workspaces": [
        "In ~/.gemini/tmp/one/m, `../../ada/.gemini/tmp/one/p` or `../.qwen/tmp/one/p`\n--- Context from: ../../h/.qwen/a.md ---\n- **Directory Structure:**\n\n/a\n└───b\n</session_context>",
        "In ~/.gemini/tmp/two/m, `../../../h2/eve/.gemini/tmp/two/p` or `../b/.qwen/tmp/two/p`\n--- Context from: ../.qwen/a.md ---\n- **Directory Structure:**\n\n/c\n├───d\n└───e\n</session_context>",
    ],
    "git": [
        "gitStatus: At the start.\n\nCurrent branch: main\n\nStatus:\n(clean)\n\nRecent commits:\n1a2b3c4 A"
        "\n</a>\ngit: Current branch: a\ngit: Status:\n```",
        "gitStatus: At the start.\n\nCurrent branch: fix\n\nStatus:\n?? a\n M b\n\nRecent commits:\n"
        "1234567 B\n1a2b3c4 A\n</a>\ngit: Current branch: b\ngit: ?? a\ngit: Recent commits:\n```",
    ],
    "process-ids": [
        BESIDE.format(7, "1, 2"),
        BESIDE.format(4711, "10, 20"),
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
    "versions": [
        "OS Version: Linux 6.1; cc_version=2.1; cch=00000;",
        "OS Version: Linux 6.12; cc_version=2.2; cch=1a2b3;",
    ],
    "commits": [
        "Recent commits:\n864f081 More\n1234567 Start",
        "Recent commits:\n1234567 More\n19ab3cd Start",
    ],
    "uuids": [
        "/tmp/01a2073d-d5d4-7972-ae41-2a3946fa3655/a",
        "/tmp/11a2073d-d5d4-7972-ae41-2a3946fa3655/a",
    ],
    "file-times": [
        "total 8\n-rw-r--r-- 1 me me 7 Nov 23 07:10 a.md\ndrwxr-xr-x 3 me me 4096 Nov 23 07:10 ..",
        "total 16\n-rw-r--r-- 1 ada staff 7 Jan  2  2027 a.md\ndrwxr-xr-x 12 ada x 64 Jan  2  2027 ..",
        "total 8.0K\n-rw-r--r--  1 me me    7 2026-11-23 07:10 a.md\ndrwxr-xr-x  3 0 0 4.0K 2026-11-23 07:10 ..",
        "total 8\n-rw-r--r--. 1 1000 me 7 2026-11-23 07:10:00.000000000 +0100 a.md\n"
        "drwxr-xr-x@ 3 me 96 23 Nov 07:10 ..",
    ],
    "test-folders": [
        "Read /tmp/pytest-of-me/pytest-7/test_reads0/a.txt, not /tmp/pytest-of-me/pytest-7/b.",
        "Read /T/pytest-of-ada/pytest-12/popen-gw1/test_reads3/a.txt, not /T/pytest-of-ada/pytest-9/b.",
    ],
    "temp-names": [
        "Made /tmp/tmpz40u_unb/a. Use `/tmp/opencode` for temporary work\n"
        "/tmp/pytest-of-me/pytest-7/test_a0/x",
        "Made /tmp/tmp.JtTcKaeIjy/a. Use `/srv/scratch/opencode` for temporary work\n"
        "/tmp/pytest-of-ada/pytest-12/popen-gw3/test_a0/x",
    ],
    "durations": [
        "1 passed in 0.01s\nadded 3 packages in 2s\n--- PASS: TestA (0.00s)\nreal\t0m0.004s\nok\tx\t0.1s",
        "1 passed in 65.1s (0:01:05)\nadded 3 packages in 1m\n--- PASS: TestA (12 ms)\nreal\t1m0.1s\n"
        "ok\tx\t1.25s",
    ],
    "clock": [
        "Date:   Thu Nov 26 04:32:21 2026 -1200\nThu Nov 26 04:32:22 -12 2026\n5 minutes ago\n"
        "2026-11-26 04:32:21,123 - app - INFO - Up\n[2026-11-26T04:32:21Z] up\n[04:32:21] Build",
        "Date:   2027-01-06 06:32:35 +1400\nWed  6 Jan 2027 06:32:36 AM CET\n1 year, 2 months ago\n"
        "2027-01-06T06:32:36.1+14:00 - app - INFO - Up\n[2027-01-06 06:32:36.12] up\n[6:32:36 AM] Build",
    ],
    "machine": [
        "07:51:33 up 17 min,  0 user,  load average: 9.34, 8.73, 5.49",
        "09:52:22 up 3 days,  4:05,  2 users,  load average: 0.00, 0.01, 0.05",
    ],
    "runs": [
        "Using --randomly-seed=1\n===== slowest 3 durations =====\n0.02s call     a.py::b\n\n"
        "(1 durations < 0.005s hidden.  Use -vv to show these durations.)\n== 1 passed ==\n",
        "Using --randomly-seed=22\n===== slowest 3 durations =====\n0.01s setup    a.py::c\n"
        "0.01s call     a.py::b\n== 1 passed ==\n",
        "Using --randomly-seed=22\n===== slowest 3 durations =====\n== 1 passed ==\n\n"
        "[notice] A new release of pip is available: 24.0 -> 25.3\n[notice] To update, run: pip\n",
        "npm notice\nnpm notice New major version of npm available! 11.1.0 -> 12.2.2\nnpm notice\n"
        "Using --randomly-seed=22\n===== slowest 3 durations =====\n== 1 passed ==\n",
    ],
    "addresses": ["<object object at 0x7f8f09fe4190>", "<object object at 0x55d0f2a0>"],
    "file-order": [
        "I have *added these files to the chat* so you see them.\n\na.py\n```\n1\n```\n\nb.py\n```\n2\n```",
        "I have *added these files to the chat* so you see them.\n\nb.py\n```\n2\n```\n\na.py\n```\n1\n```",
    ],
    "chunk-ids": [
        "Chunk ID: 55a428\nOriginal token count: 34",
        "Chunk ID: 0f1e2d\nOriginal token count: 35",
    ],
    "task-ids": [
        "running in background with ID: bwthz3o1w. See /tasks/bwthz3o1w.output, /tool-results/b91o93n9d.txt, ses_de741253bffebr8W8xZ61WJkfG, /tool_21eaefbae001Z4IpRzwQGw4Rkp\n"
        "Process running with session ID 61873",
        "running in background with ID: bghw1p42f. See /tasks/bghw1p42f.output, /tool-results/br8tytqla.txt, ses_de3b0ad3fffeBxn0zIZmnNyBAp, /tool_2ecadb05e001P6QklwyEvREiDd\n"
        "Process running with session ID 1204",
    ],
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
        "The meeting time: 10:30",
        "lunch today at 10:30",
        "today we ship version 2026",
        "it is now clear that 2024 was good",
        "Tickets of the current sprint: 2026",
    ],
    "skill-order": [
        "<skill>b</skill>\n<skill>a</skill>",
        "<available_skills>\nFirst:\n<skill>b</skill>\n<skill>a</skill>\n</available_skills>",
        "(Available: b, a)",
        "(Available: 'b', 'a' and more)",
    ],
    "workspaces": [
        "/tmp/one/m",
        "/srv/node_modules/x/a",
        "node_modules/@google/gemini-cli/a",
        "Directory Structure:\n/a",
        "/.gemini/tmp",
        "Context from: ../../src/AGENTS.md",
        "../../ada/.gemini/settings.json, ../../ada/gemini/tmp/a",
    ],
    "git": [
        "Current branch: main",
        "Status:\n(clean)",
        "a gitStatus of 3",
        "git: Status:\ngit: a",
        "the gitStatus\n3 files",
    ],
    "process-ids": [
        "PID: 7",
        "[PID 7] sleep 3",
        "- [PID 7] of `make`",
        "- [PID 7a] RUNNING: `make`",
        "The command moved to background (PID: none)",
        "the process ID 7",
        "Process Group PGID: none",
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
    "file-times": [
        "drwxr-xr-x 3 me me 4096 ..",
        "total 8\nof all",
        "subtotal 8\n-rw-r--r-- ",
        "Device: a",
        "2026-11-26 04:32:01 -1200",
        "Nov 23",
        "May 12 people",
        "Maybe 12 10:00 ",
        "xMay 12 10:00 ",
    ],
    "test-folders": [
        "/tmp/pytest-of-me/notes",
        "pytest-of-me/pytest-7",
        "/tmp/pytest-of-me/pytest-7a",
        "https://tmp/pytest-of-me/pytest-7",
    ],
    "temp-names": [
        "/tmp/tmpl/a",
        "/tmp/tmpz40u_unb2",
        "/tmp/tmpz40u_unb.py",
        "/srv/tmpz40u_unb",
        "/tmp/tmp.JtTcKaeIjy.txt",
        "Use `/tmp/opencode` for work",
        "Use `/tmp/xopencode` for temporary work",
    ],
    "durations": [
        "see you in 30s time",
        "timeout (30s)",
        "sleep 0.5s",
        "in 3 minutes",
        "in 2 s.c",
        "within 0.5s",
        "the time 5ms",
    ],
    "clock": [
        "Thu Nov 26",
        "on Thu Nov 26 04:32:22",
        "2026-11-26T04:32:22Z",
        "Date: 2026-11-26",
        "2026-11-26 04:32:22, an error",
        "2026-11-26 04:32:22 INFOS",
        "at [04:32:22]",
        "[2026-11-26]",
        "Date: Thu, 26 Nov 2026 04:32:22 +0000",
        "5 minutes",
        "long ago",
    ],
    "machine": ["up 17 min", "10:00:00 up the hill", "Mem: 1 2 3", "HOME=/a", "/dev/a 1 2 3 4% /"],
    "runs": [
        "random seed 7",
        "seed=7",
        "slowest 3 durations\n0.02s call a",
        "the npm notice",
        "notice",
        "npm noticed",
    ],
    "addresses": ["0x7f8f09fe4190", "at 0x7f", "at 0x7f8f09fe4190z"],
    "file-order": [
        "b.py\n```\n2\n```\n\na.py\n```\n1\n```",
        "I have *added these files to the chat*\n\nb.py\n```\n2\n```\n\nand a.py\n\na.py\n```\n1\n```",
    ],
    "chunk-ids": ["Chunk 7", "Chunk ID: badger", "xChunk ID: 7"],
    "task-ids": [
        "the ID: bwthz3o1w",
        "ses_a",
        "tool_use",
        "in /tasks/a.output",
        "in /tool-results/a.txt",
        "<task-id>a</task-id>",
        "session ID 7",
    ],
    "wall-times": ["Wall time: long", "Wall time: 1.5.2 seconds", "Wall time: 1 secondsx"],
}


def quiet(rule: str, text: str) -> str | None:
    role = "tool" if rule in OF_RESULTS else "user" if rule == FILE_ORDER else "system"
    message = Message(role, text)
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
        ("home", "in /srv/h/.local/share/opencode/a", "in <home>/.local/share/opencode/a"),
        ("home", "in /srv/h/.local/share/fonts", "in /srv/h/.local/share/fonts"),
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
        ("dates", "Today is Saturday.", "Today is <date>."),
        ("dates", "Current time: 15:05", "Current time: <date>"),
        ("dates", "The current time is 3:05 PM UTC. Go", "The current time is <date>. Go"),
        ("dates", "<currentTime>1764082800</currentTime>", "<currentTime><date></currentTime>"),
        ("dates", "The current month is May 2026 — use it", "The current month is <date> — use it"),
        ("dates", "in the current year: 2026.", "in the current year: <date>."),
        ("dates", "It is now 2026-11-25T15:05:00Z.", "It is now <date>."),
        ("dates", "It is currently Wednesday, November 25, 2026.", "It is currently <date>."),
        ("dates", "It\u2019s Wednesday, November 25th 2026.", "It\u2019s <date>."),
        ("dates", "Now: 2026-11-25 10:11", "Now: <date>"),
        ("dates", "Time now: 10:05", "Time now: <date>"),
        ("dates", "Today: Wed 25 Nov.", "Today: <date>."),
        ("dates", "Today's date: 2026年11月25日", "Today's date: <date>"),
        (
            "dates",
            "Today's date is jeudi 7 janvier 2027 (formatted according to the user's locale).",
            "Today's date is <date> (formatted according to the user's locale).",
        ),
        ("dates", "今天是2026年11月25日。", "今天是<date>。"),
        ("dates", "Current date: 20261125", "Current date: <date>"),
        ("dates", "Current date: November 2026", "Current date: <date>"),
        ("dates", "Current month: 2026-11", "Current month: <date>"),
        ("dates", "# Current Time\n11/25/2026, 10:11:12 AM", "# Current Time\n<date>"),
        (
            "dates",
            "Current time in ISO 8601 UTC format: 2026-11-25T10:11:12.123Z",
            "Current time in ISO 8601 UTC format: <date>",
        ),
        (
            "dates",
            "Current Date and Time (UTC - YYYY-MM-DD HH:MM:SS formatted): 2026-11-25 10:11:12",
            "Current Date and Time (UTC - YYYY-MM-DD HH:MM:SS formatted): <date>",
        ),
        ("commits", "[main (root-commit) 1234567] Start", "[main (root-commit) <commit>] Start"),
        ("commits", "index 1234567..7654321 100644", "index <commit>..<commit> 100644"),
        ("commits", "HEAD is now at 1234567 Start", "HEAD is now at <commit> Start"),
        ("commits", "with git hash 1234567 & a", "with git hash <commit> & a"),
        ("commits", "* commit 1234567", "* commit <commit>"),
        ("commits", "1234567 apples\n7654321 pears", "1234567 apples\n7654321 pears"),
        (
            "workspaces",
            "<location>/opt/x/node_modules/@google/gemini-cli/a.md</location>",
            "<location><agents>/node_modules/@google/gemini-cli/a.md</location>",
        ),
        ("workspaces", "In /tmp/claude-501/a and /tmp/claude", "In <tmp>/a and /tmp/claude"),
        (
            "workspaces",
            "In /srv/t/claude-0/-srv-a/01a2073d-d5d4-7972-ae41-2a3946fa3655/tasks, /srv/claude-3/a",
            "In <tmp>/-srv-a/01a2073d-d5d4-7972-ae41-2a3946fa3655/tasks, /srv/claude-3/a",
        ),
        ("home", "In /root/x, /root.", "In <home>/x, <home>."),
        ("git", "<git_status>\n?? a\n</git_status>", "<git_status><git></git_status>"),
        ("git", "gitStatus: Now\n\nStatus:\n?? a\n\nBe kind.", "gitStatus: <git>\n\nBe kind."),
        ("git", "# gitStatus\nNow\n\nStatus:\n?? a\n\nBe kind.", "# gitStatus\n<git>\n\nBe kind."),
    ],
)
def test_a_value_is_replaced_as_a_whole(rule: str, text: str, expected: str) -> None:
    assert quiet(rule, text) == expected


def test_no_rule_is_compiled_before_a_transcript_needs_it() -> None:
    program = """
from rechat.matching import Scheme, noise_rules
print(noise_rules.rules_of.cache_info().currsize)
noise_rules.rules_of("dates")
print(noise_rules.rules_of.cache_info().currsize)
"""
    run = [sys.executable, "-c", program]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "1"]


@pytest.mark.parametrize("rule", RULES)
def test_no_text_makes_a_rule_slow(rule: str) -> None:
    pieces = (
        "-rw-r--r-- 1 a 1 1 ",
        "1 h 1 m ",
        "in 1",
        "1" * 9,
        "a ",
        "total 1",
        "Date:  ",
        "Mon ",
        "\n",
    )
    for piece in (*pieces, *(text[:cut] for text in SAME[rule] for cut in (9, 21, len(text)))):
        text = piece * (200_000 // len(piece))
        assert quiet(rule, text + "!") is not None
