import multiprocessing
from pathlib import Path

import pytest
from asking import questions

from rechat.resend.results.raw import Raw
from rechat.resend.results.run_folder import RunFolder
from rechat.resend.sending.saver import Saver
from rechat.values import UsageError

FIRST, _ = questions()
BODY = (
    b'{"choices": [{"index": 0, "message": {"role": "assistant", "content": "Paris."}}], '
    b'"usage": {"prompt_tokens": 7, "completion_tokens": 2}}'
)
RAW = Raw(
    *(FIRST.name, FIRST.key, 1, "openai.chat", "small", 0.5, 30.0, None, 1, 0.0),
    *(200, (("content-type", "application/json"),), ((30.0, BODY),), ""),
)


def test_results_are_kept_by_another_process(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    with Saver(run.lock) as saver:
        spent = [*saver.keep(run.file_of("m"), [RAW, RAW])]
        spent += saver.keep(run.file_of("m"), [RAW])
        spent += saver.flush()
        assert spent == [("small", (7, 2))] * 3
        assert len([*run.results("m")]) == 3  # the moment that it is told
        with pytest.raises(OSError, match="No such file"):  # now or later
            saver.keep(tmp_path / "nowhere" / "m.jsonl", [RAW])
            saver.flush()
    run.settle()


def test_while_it_keeps_the_run_is_asked_by_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rechat.resend.results.run_folder._PATIENCE", 0.01)
    run = RunFolder(tmp_path)
    with Saver(run.lock) as saver:
        with pytest.raises(UsageError, match="is being asked by another process"):
            run.settle()
        (process,) = multiprocessing.active_children()
        process.terminate()
        with pytest.raises(ChildProcessError, match="the process that keeps the results has ended"):
            saver.keep(run.file_of("m"), [RAW])
            saver.flush()
