"""Ids that results tell and later calls name."""

import json

import pytest

from rechat.matching.normalise import RULES
from rechat.matching.scheme import Scheme
from rechat.values.conversation import Call
from rechat.values.conversation import Message
from rechat.values.conversation import Request

SCHEME = Scheme(None, normalise=RULES)
CODEX = "Chunk ID: 0a1b2c\nProcess running with session ID {}\nOutput:\n"
CLAUDE = "Command running in background with ID: {}. Output is being written to: /x/tasks/{}.output"
GEMINI = "Command is running in background. PID: {}. Initial output:\n"


def key(*steps: tuple[object, str]) -> bytes:
    """The key of a request after calls with these arguments and results."""
    messages = [Message("user", "<cwd>/srv</cwd> Go.")]
    for number, (arguments, result) in enumerate(steps):
        call = Call("run", f"c{number}", json.dumps(arguments))
        messages += [
            Message("assistant", None, (call,)),
            Message("tool", result, (), {"tool_call_id": f"c{number}"}),
        ]
    return SCHEME.key(Request({}, tuple(messages)))


@pytest.mark.parametrize(
    ("told", "one", "other", "named"),
    [
        (CODEX, 40521, 88563, lambda told: {"session_id": told, "chars": "x"}),
        (CLAUDE, "bv0a2m0e6", "bz1icu1om", lambda told: {"task_id": told, "block": False}),
        (CLAUDE, "bv0a2m0e6", "bz1icu1om", lambda told: {"command": f"cat /x/tasks/{told}.output"}),
        (
            "/tmp/{}\n",
            "tmp.JtTcKaeIjy",
            "tmp.a1B2c3D4e5",
            lambda told: {"command": f"ls /tmp/{told}.x"},
        ),
        (GEMINI, 815, 4711, lambda told: {"pid": told}),
        (GEMINI, 7, 12, lambda told: {"pid": told}),
        (GEMINI, 815, 4711, lambda told: {"command": f"kill {told}"}),
        (GEMINI, 815, 4711, lambda told: {"command": f"kill -9 {told}; wait"}),
    ],
)
def test_a_call_that_names_an_id_is_the_same_with_that_of_another_run(
    told: str, one: object, other: object, named: object
) -> None:
    assert callable(named)

    def run(first: object, second: object, name: object, said: str) -> bytes:
        return key(
            ({"command": "mktemp"}, told.format(first, first)),
            ({"command": "mktemp -d"}, told.format(second, second)),
            (named(name), said),
        )

    third = 5000 if isinstance(one, int) else f"{str(one)[:-3]}0q0"
    same = run(one, third, one, f"{one}: done" if not isinstance(one, int) else "done")
    assert (
        run(other, third, other, f"{other}: done" if not isinstance(other, int) else "done") == same
    )
    # The other one of the two, and one that nothing told.
    assert run(other, third, third, f"{third}: done") != same
    assert (
        run(other, third, f"{str(one)[:-3]}1x1" if isinstance(one, str) else 99999, "done") != same
    )


def test_a_process_that_is_stopped_is_one_even_if_nothing_told_it() -> None:
    """Agents send the last turns alone, to have them judged."""

    def run(*pids: int) -> bytes:
        return key(*(({"command": f"kill -9 {pid}; ls"}, "") for pid in pids))

    assert run(815, 815) == run(4711, 4711) != run(815, 4711)
    assert run(815, 4711) == run(120, 130)
    assert key(({"command": "sleep 815"}, "")) != key(({"command": "sleep 4711"}, ""))


def test_the_result_of_a_call_that_names_one_may_name_it_too() -> None:
    def run(pid: int, said: str) -> bytes:
        return key(
            ({"command": "sleep 9 & echo $!"}, f"{pid}\n"),
            ({"command": f"kill {pid}"}, f"kill: ({pid}) - {said}"),
        )

    assert run(815, "No such process") == run(4711, "No such process")
    assert run(815, "No such process") != run(815, "Not permitted")


def test_a_number_counts_that_is_no_id() -> None:
    def run(pid: int, arguments: object, said: str = "") -> bytes:
        return key(({"command": "sleep 9 & echo $!"}, f"{pid}\n"), (arguments, said))

    for one, other in (
        ({"limit": 4711}, {"limit": 815}),
        ({"command": "head -4711 a"}, {"command": "head -815 a"}),
        ({"command": "echo 1.4711"}, {"command": "echo 1.815"}),
        ({"command": "ls"}, {"command": "ls -a"}),
    ):
        assert run(4711, one) != run(815, other)
    assert run(4711, {"command": "ls"}, "4711") != run(815, {"command": "ls"}, "815")


def test_what_a_model_says_of_a_number_counts() -> None:
    """Only calls are asked again with another one."""
    told = Message("tool", "47110\n", (), {"tool_call_id": "c"})
    call = Message("assistant", None, (Call("run", "c", '{"command": "sleep 9 & echo $!"}'),))

    def said(text: str) -> bytes:
        messages = (Message("user", "<cwd>/srv</cwd>"), call, told, Message("assistant", text))
        return SCHEME.key(Request({}, (*messages, Message("user", "And?"))))

    assert said("It is 47110.") != said("It is 47111.")


def test_a_client_may_send_calls_as_what_the_model_says() -> None:
    def run(pid: int, stopped: int) -> bytes:
        calls = "Calling tools:\n[{'arguments': {'command': '%s'}}]"
        messages = (
            Message("user", "<cwd>/srv</cwd>"),
            Message("assistant", calls % "sleep 9 & echo $!"),
            Message("user", f"Observation:\n{pid}"),
            Message("assistant", calls % f"kill -9 {stopped}; ls"),
        )
        return SCHEME.key(Request({}, messages))

    assert run(815, 815) == run(4711, 4711) != run(4711, 815)


def test_arguments_with_an_id_are_the_same_in_any_order_and_spacing() -> None:
    def run(number: int, arguments: str) -> bytes:
        messages = (
            Message("user", "<cwd>/srv</cwd>"),
            Message("assistant", None, (Call("run", "c", "{}"),)),
            Message("tool", CODEX.format(number), (), {"tool_call_id": "c"}),
            Message("assistant", None, (Call("run", "d", arguments),)),
        )
        return SCHEME.key(Request({}, messages))

    assert run(40521, '{"session_id":40521,"chars":""}') == run(
        88563, '{"chars": "", "session_id" : 88563}'
    )
