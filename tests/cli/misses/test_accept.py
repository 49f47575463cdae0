"""`rechat accept`, as a person types it."""

import json
from pathlib import Path

import httpx
from process import Rechat
from process import run

QA = "### user\n\n> make a plan for {}\n\n### assistant\n\n> 1. Go.\n"


def make(tmp_path: Path, **sources: str) -> Path:
    folder = tmp_path / "transcripts"
    folder.mkdir()
    for name, source in sources.items():
        (folder / f"{name}.md").write_text(source)
    return folder


def test_an_edited_prompt_is_accepted_from_its_json(tmp_path: Path) -> None:
    folder = make(tmp_path, plan=QA.format("Lisbon"))
    body = {"model": "m", "messages": [{"role": "user", "content": "make a plan for Porto"}]}
    (tmp_path / "asked.json").write_text(json.dumps(body))
    result = run("accept", "asked.json", folder=tmp_path)
    assert result.returncode == 0
    assert result.stdout.startswith(
        "transcripts/plan.md:5 takes this question:\n  the user message"
    )
    assert (folder / "plan.md").read_text() == QA.format("Porto")


def test_it_must_be_clear_which_answer_is_meant(tmp_path: Path) -> None:
    folder = make(tmp_path, one=QA.format("Lisbon"), two=QA.format("Madrid"))
    refused = run("accept", "make a plan for Porto", folder=tmp_path)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "transcripts/two.md:5 is as near" in refused.stderr
    assert (folder / "one.md").read_text() == QA.format("Lisbon")
    told = run(
        "accept", "make a plan for Porto", "--into", "transcripts/two.md", "--json", folder=tmp_path
    )
    assert json.loads(told.stdout)["place"] == "transcripts/two.md:5"
    assert (folder / "two.md").read_text() == QA.format("Porto")


def test_a_miss_of_a_server_is_accepted_by_its_number(tmp_path: Path) -> None:
    folder = make(tmp_path, plan=QA.format("Lisbon"))
    body = {"model": "m", "messages": [{"role": "user", "content": "make a plan for Porto"}]}
    with Rechat("replay", folder=tmp_path) as rechat:
        asked = f"{rechat.url}/chat/completions"
        assert httpx.post(asked, json=body).status_code == 400
        result = run("accept", "1", "-p", str(rechat.port), folder=tmp_path)
        assert "transcripts/plan.md:5 takes this question" in result.stdout, result.stderr
        assert httpx.post(asked, json=body).status_code == 200
        again = run("accept", "1", "-p", str(rechat.port), folder=tmp_path)
        assert (again.returncode, "answers this already" in again.stderr) == (1, True)
    assert (folder / "plan.md").read_text() == QA.format("Porto")


def test_without_a_server_a_number_means_nothing(tmp_path: Path) -> None:
    make(tmp_path)
    result = run("accept", "1", "-p", "1", folder=tmp_path)
    assert result.returncode == 2
    assert "no rechat answers at port 1" in result.stderr


def test_a_replay_accepts_and_names_each_file_that_it_changes(tmp_path: Path) -> None:
    folder = make(tmp_path, plan=QA.format("Lisbon"))
    body = {"model": "m", "messages": [{"role": "user", "content": "make a plan for Porto"}]}
    with Rechat("replay", "--accept", "-q", folder=tmp_path) as rechat:
        answer = httpx.post(f"{rechat.url}/chat/completions", json=body)
        assert answer.headers["x-rechat-match"] == "accepted"
        rechat.wait_for_line("plan.md:5 (accepted)")
    assert (folder / "plan.md").read_text() == QA.format("Porto")


def test_accepting_while_recording_is_refused(tmp_path: Path) -> None:
    make(tmp_path)
    result = run("run", "record", "--accept", "--", "true", folder=tmp_path)
    assert result.returncode == 2
    assert "--accept is for replay" in result.stderr
