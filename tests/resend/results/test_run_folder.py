import shutil
from pathlib import Path

import pytest
from asking import questions
from asking import result

from rechat.resend.results.run_folder import ResultFile
from rechat.resend.results.run_folder import RunFolder
from rechat.resend.results.run_folder import file_name
from rechat.resend.results.run_folder import find_run
from rechat.resend.results.run_folder import new_run
from rechat.resend.results.run_folder import runs
from rechat.values.errors import UsageError

FIRST, SECOND = questions()


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_what_a_crash_cut_off_is_no_result_and_harms_none() -> None:
    run = new_run({})
    path = run.file_of("m")
    file = ResultFile(path)
    file.add(result(FIRST))
    file.close()
    path.write_bytes(path.read_bytes() + b'{"question": "half')
    file = ResultFile(path)
    file.add(result(SECOND))
    file.close()
    assert [one.name for one in run.results("m")] == [FIRST.name, SECOND.name]


def test_a_run_is_found_by_its_name_and_the_last_one_as_such() -> None:
    made = new_run({"at": 2}, "first")
    assert find_run("first").options() == {"at": 2}
    assert find_run("last") == made
    assert runs() == [made]
    assert list(made.results("nobody")) == []


def test_a_name_is_given_once() -> None:
    new_run({}, "mine")
    with pytest.raises(UsageError, match="--resume mine"):
        new_run({}, "mine")
    assert new_run({}).name != new_run({}).name


def test_no_run_is_told_with_those_that_there_are() -> None:
    new_run({}, "mine")
    with pytest.raises(UsageError, match="the last ones: mine"):
        find_run("yours")


def test_git_does_not_see_runs() -> None:
    new_run({})
    assert Path(".rechat/.gitignore").read_text() == "*\n"


def test_a_target_whose_time_is_over_is_known_by_its_name(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    assert not run.is_over("a at 8")
    run.end("a at 8")
    assert run.is_over("a at 8")
    assert not run.is_over("a at 1")


def test_how_late_the_generator_was_stays_with_the_run(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    assert run.lags("m") == []
    run.add_lags("m", [0.125, 3.0])
    run.add_lags("m", [])
    run.add_lags("m", [1.0])
    assert run.lags("m") == [0.12, 3.0, 1.0]


def test_a_run_is_told_from_another_one_that_had_its_name() -> None:
    first = new_run({}, "a")
    mark = first.mark()
    assert mark == find_run("a").mark()
    shutil.rmtree(first.path)
    assert new_run({}, "a").mark() != mark


def test_names_in_another_script_have_a_file_each() -> None:
    first, second = file_name("نموذج"), file_name("模型")
    assert first != second
    assert first.isascii()
    assert second.startswith("run-")
    assert file_name("gpt-5 <b>") == "gpt-5-b"
    assert file_name("") == ""
    assert new_run({}, "模型").file_of("نموذج").name == f"{first}.jsonl"
