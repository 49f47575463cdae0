import os
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from asking import questions
from upstream import Bytes
from upstream import Json
from upstream import Upstream
from upstream import failure

from rechat.resend.asking.question import Asked
from rechat.resend.asking.question import ask_in
from rechat.resend.client import Tape
from rechat.resend.client import erase
from rechat.resend.client import tape as module
from rechat.resend.client.tape import tapes
from rechat.resend.results.options import RunOptions
from rechat.resend.results.result import of_line
from rechat.resend.target import parse_target
from rechat.resend.workers.executors import executor_named
from rechat.resend.workers.order import Order
from rechat.resend.workers.order import ask
from rechat.resend.workers.order import order_maker
from rechat.resend.workers.order import recall
from rechat.resend.workers.processes import Killed
from rechat.resend.workers.processes import Processes
from rechat.values.redact import redact_also

OPTIONS = RunOptions((), (), timeout=20.0, retries=0)


@pytest.fixture(autouse=True)
def shelves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for temporary files of the test's own, in its child processes too."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    module._root.cache_clear()
    yield tmp_path
    module._root.cache_clear()


def an_order(upstream: Upstream, options: RunOptions = OPTIONS, take: int = 1) -> Order:
    target = parse_target(upstream.url)
    asked = ask_in(questions()[0], target)
    assert isinstance(asked, Asked)
    return order_maker(target, options, "run", "m")(asked, take)


@pytest.fixture
def own_secrets() -> Iterator[None]:
    """A pattern of the project's own, as the settings have it."""
    redact_also({"ticket": r"ACME-\d+"})
    yield
    redact_also({})


def ask_and_end(order: Order) -> str:
    """Ask, and be killed before anybody has the answer."""
    assert ask(order)
    os.kill(os.getpid(), signal.SIGKILL)
    return ""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal")
def test_what_a_worker_had_heard_when_it_was_killed_is_not_asked_again(upstream: Upstream) -> None:
    order = an_order(upstream)
    with Processes(1, 1) as workers:
        with pytest.raises(Killed):
            workers.submit(ask_and_end, order).result()
        found = of_line(workers.submit(ask, order).result().encode())
    assert found
    assert (found.is_good, found.tries, found.lost, found.waited) == (True, 1, 0, 0.0)
    assert len(upstream.requests) == 1


def test_an_answer_that_was_heard_is_the_one_that_was_read(upstream: Upstream) -> None:
    order = an_order(upstream)
    read, heard = of_line(ask(order).encode()), of_line(recall(order)[0].encode())
    assert read
    assert heard
    assert (heard.answer, len(heard.times)) == (read.answer, len(read.times))
    assert abs(heard.ms - read.ms) < read.ms
    erase([order.tape])
    assert recall(order) == ("", 0)


def test_what_was_not_heard_in_full_is_asked_again_and_counted(upstream: Upstream) -> None:
    order = an_order(upstream)
    with Tape(order.tape) as tape:
        tape.send()
        tape.hear(b"HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\nhalf")
    found = of_line(ask(order).encode())
    assert found
    assert (found.is_good, found.tries, found.lost) == (True, 2, 1)
    assert len(upstream.requests) == 1


def test_a_worker_that_ended_before_it_asked_has_lost_nothing(upstream: Upstream) -> None:
    order = an_order(upstream)
    with Tape(order.tape):
        pass
    found = of_line(ask(order).encode())
    assert found
    assert found.lost == 0


def test_an_error_that_may_pass_is_no_answer_as_long_as_there_are_retries(
    upstream: Upstream,
) -> None:
    upstream.reply(failure(503))
    order = an_order(upstream)
    assert ask(order)
    assert recall(order)[0], "it was asked as often as it may be"
    assert recall(replace(order, retries=1)) == ("", 0)


def test_each_take_and_part_of_a_run_has_a_tape_of_its_own(upstream: Upstream) -> None:
    order = an_order(upstream)
    other = order_maker(order.target, OPTIONS, "run", "m at 8")(order.asked, 1)
    assert len({order.tape, other.tape, an_order(upstream, take=2).tape}) == 3
    assert order_maker(order.target, OPTIONS)(order.asked, 1).tape == ""


def test_a_tape_has_no_key(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "sk-very-secret")
    order = an_order(upstream)
    ask(replace(order, target=replace(order.target, key_env="MY_KEY")))
    assert "sk-very-secret" in str(upstream.requests[0].headers)
    (path,) = tapes(order.tape)
    assert b"very-secret" not in path.read_bytes()


def test_a_worker_keeps_the_secrets_of_the_project(upstream: Upstream, own_secrets: None) -> None:
    del own_secrets
    upstream.reply(Bytes(b"no JSON, but ACME-4711", status=200))
    with executor_named("", 1, 1)() as executor:
        assert "ACME" not in executor.submit(ask, an_order(upstream)).result()
    upstream.reply(Json({"error": {"message": "ACME-4711 has no credit"}}, status=400))
    with executor_named("", 1, 1)() as executor:
        line = executor.submit(ask, an_order(upstream, take=2)).result()
    assert "has no credit" in line
    assert "ACME-4711" not in line


def test_fresh_questions_differ(upstream: Upstream) -> None:
    options = replace(OPTIONS, fresh=True)
    orders = [an_order(upstream, options) for _ in range(3)]
    assert len({order.asked.request.messages[0].text for order in orders}) == 3
    assert len({order.tape for order in orders}) == 1


def test_how_often_a_question_was_lost_is_in_its_result(upstream: Upstream) -> None:
    found = of_line(ask(replace(an_order(upstream), lost=2)).encode())
    assert found
    assert (found.lost, found.tries) == (2, 3)
