from pathlib import Path

import pytest
from asking import questions
from asking import result
from upstream import Upstream

from rechat.resend.questions.selection import Selection
from rechat.resend.results import run_folder
from rechat.resend.results.options import RunOptions
from rechat.resend.results.run_folder import RunFolder
from rechat.resend.running import ask_all
from rechat.resend.running import job_maker
from rechat.resend.running import jobs_of
from rechat.resend.sending.driving import Progress
from rechat.resend.sending.parts import latest
from rechat.resend.sending.parts import parts_of
from rechat.resend.target import parse_target
from rechat.values.conversation import ErrorAnswer
from rechat.values.errors import UsageError

FIRST, SECOND = questions()
SELECTION = Selection((FIRST, SECOND), ())
MAKE = job_maker(parse_target("http://a:m"), "")


def test_only_what_has_no_answer_is_asked_again() -> None:
    (part,) = parts_of(SELECTION, [parse_target("http://a:m")])
    done = [result(FIRST), result(SECOND, answer=ErrorAnswer(503))]
    left = [
        (job.asked.question.name, job.take)
        for job in jobs_of(part, range(1, 3), latest(done), MAKE)
    ]
    assert left == [(SECOND.name, 1), (FIRST.name, 2), (SECOND.name, 2)]


def test_an_edited_question_is_asked_again() -> None:
    (part,) = parts_of(SELECTION, [parse_target("http://a:m")])
    done = [result(FIRST), result(SECOND, key="another")]
    left = [job.asked.question.name for job in jobs_of(part, [1], latest(done), MAKE)]
    assert left == [SECOND.name]


def test_the_proxy_of_the_environment_is_asked(
    upstream: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", upstream.url.removesuffix("/v1"))
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    parts = parts_of(SELECTION, [parse_target("http://server.test/v1:m")])
    ask_all(parts, RunOptions((), ()), RunFolder(tmp_path), lambda _progress, _total: None)
    asked = {one.path for one in upstream.requests}
    assert asked == {"http://server.test:80/v1/chat/completions"}


@pytest.mark.parametrize("workers", [0, 1], ids=["one at a time", "workers"])
def test_a_run_is_asked_by_one_process_at_a_time(
    upstream: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    monkeypatch.setattr(run_folder, "_PATIENCE", 0.0)
    run = RunFolder(tmp_path)
    parts = parts_of(SELECTION, [parse_target(f"{upstream.url}:m")])

    def another(progress: Progress, total: int | None) -> None:
        del progress, total
        with pytest.raises(UsageError, match="is being asked by another process"):
            run.settle()

    ask_all(parts, RunOptions((), (), workers=workers), run, another)
    run.settle()
    assert len(upstream.requests) == 2
