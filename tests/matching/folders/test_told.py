"""Which folder a conversation works in, from what it names or what its commands print."""

import pytest

from rechat.matching.folders.told import Told
from rechat.matching.folders.told import folder_of
from rechat.values.conversation import Call
from rechat.values.conversation import Message

ASKED = Message("user", "Run it; the program is app/main.py.")


def ran(command: str, output: str) -> list[Message]:
    """A conversation in which a model runs a command."""
    call = Call("run", "1", f'{{"command": "{command}"}}')
    return [ASKED, Message("assistant", None, (call,)), Message("tool", output)]


def showed(command: str, output: str) -> list[Message]:
    """The same with a client that tells of commands in the words of a user."""
    told = f"I ran this command:\n\n{command}\n\nAnd got this output:\n\n{output}\n"
    return [ASKED, Message("assistant", "Run it."), Message("user", told)]


RESULTS = {
    "pwd": ("pwd; ls", "/srv/one\nREADME.md\n"),
    "pwd below more": ("git log -1 && pwd", "commit 1a2b3c4\n/srv/one\n"),
    "pwd in JSON": ("pwd", '{"stdout": "/srv/one\\n", "code": 0}'),
    "getcwd": ("python3 -c 'import os; print(os.getcwd())'", "/srv/one"),
    "pytest": ("pytest -q", "====\nplatform linux\nrootdir: /srv/one\ncollected 1 item"),
    "older pytest": ("pytest", "rootdir: /srv/one, configfile: pytest.ini\n"),
    "the environment": ("env | sort", "OLDPWD=/srv/two\nPWD=/srv/one\nA=1"),
    "git init": ("git init", "Initialized empty Git repository in /srv/one/.git/\n"),
    "make": ("make -C .", "make[1]: Entering directory '/srv/one'\ncc x.c"),
    "an error": ("x", 'Traceback:\n  File "/srv/one/app/main.py", line 3, in <module>\nKeyError'),
    "an error in JavaScript": ("x", "at run (/srv/one/app/main.py:3:5)"),
    "an error below others": (
        "x",
        '  File "/usr/lib/python3.12/runpy.py", line 1\n  File "/srv/one/app/main.py", line 3',
    ),
}


@pytest.mark.parametrize(("command", "output"), RESULTS.values(), ids=RESULTS)
def test_the_results_of_commands_tell_the_folder(command: str, output: str) -> None:
    assert folder_of(ran(command, output)) == "/srv/one"
    assert folder_of(showed(command, output)) == "/srv/one"


NOTHING = {
    "a file that was found": ("find / -name a.csv", "/srv/one/a.csv"),
    "a word with pwd in it": ("cat pwd.txt ./pwd", "/srv/one"),
    "a line with more": ("pwd", "/srv/one: no such file"),
    "the root": ("pwd", "/\n"),
    "an error in a file that nobody named": ("x", 'File "/srv/one/b.py", line 3'),
    "an error in a library": ("x", 'File "/v/site-packages/app/main.py", line 3'),
    "a path without a line": ("x", "/srv/one/app/main.py is there"),
}


@pytest.mark.parametrize(("command", "output"), NOTHING.values(), ids=NOTHING)
def test_a_path_that_is_only_mentioned_tells_nothing(command: str, output: str) -> None:
    assert folder_of(ran(command, output)) == ""
    assert folder_of(showed(command, output)) == ""


def test_neither_a_person_nor_a_model_tells_the_folder_later() -> None:
    said = Message("assistant", "pwd\n/srv/one\nrootdir: /srv/one")
    assert folder_of([ASKED, said, Message("user", "rootdir: /srv/one")]) == ""


def test_what_is_named_first_counts_and_a_copy_goes_on_by_itself() -> None:
    told = Told([Message("system", "Working directory: /srv/two")])
    told.hear(ran("pwd", "/srv/one")[-1])
    assert told.folder == "/srv/two"
    told = Told()
    *before, result = ran("x", 'File "/srv/one/app/main.py", line 3')
    for message in before:
        told.hear(message)
    other = told.fork()
    other.hear(result)
    assert (told.folder, other.folder) == ("", "/srv/one")


def test_a_word_in_what_a_tool_printed_is_no_command() -> None:
    assert folder_of(ran("cat notes.txt", "use pwd\n/srv/one\n")) == ""
