"""`rechat resend` as a user runs it, against rechat itself."""

import json
from pathlib import Path

import pytest
from process import Rechat
from process import run
from upstream import Upstream

QUESTION = (
    "---\nmodel: m\n---\n\n### user\n\n> What is the capital of France?\n\n### assistant\n\n> {}\n"
)


@pytest.fixture(autouse=True)
def _recorded(folder: Path) -> None:
    (folder / "capital.md").write_text(QUESTION.format("Paris."))
    other = folder.parent / "other"
    other.mkdir()
    (other / "capital.md").write_text(QUESTION.format("It is Lyon."))


def test_the_drift_is_reported_and_written_beside_the_transcripts(folder: Path) -> None:
    at = folder.parent
    with Rechat("replay", "other", folder=at) as server:
        found = run("resend", "transcripts", "--to", f"{server.url}:m", "--name", "one", folder=at)
        assert found.returncode == 0, found.stderr
        assert "other words" in found.stdout
        new = at / ".rechat/runs/one/answers/m/transcripts"
        assert "It is Lyon." in (new / "capital.md").read_text()
        drift = run("diff", "transcripts", str(new), folder=at)
        assert (drift.returncode, "Lyon" in drift.stdout) == (1, True)

        again = run("resend", "--resume", "one", "--json", folder=at)
        assert json.loads(again.stdout)["questions"][0]["targets"]["m"]["verdict"] == "words"
        assert server.output.count("capital.md:9") == 1  # it was asked once


def test_check_fails_for_what_it_is_told(folder: Path) -> None:
    at = folder.parent
    with Rechat("replay", "other", folder=at) as server:
        to = ("resend", "transcripts", "--to", server.url, "--check")
        assert run(*to, folder=at).returncode == 0
        assert run(*to, "--fail-on", "words,error", folder=at).returncode == 1
        unknown = run(*to, "--fail-on", "tone", folder=at)
        assert (unknown.returncode, "--fail-on tone" in unknown.stderr) == (2, True)


def test_a_run_ends_at_its_budget_and_is_gone_on_with(folder: Path) -> None:
    at = folder.parent
    for number in range(4):
        text = QUESTION.replace("France", f"country {number}")
        (folder / f"{number}.md").write_text(text.format("Paris."))
    (at / "rechat.toml").write_text("[prices]\nm = [1e6, 0]\n")
    with Rechat("replay", "transcripts", folder=at) as server:
        to = ("--to", f"{server.url}:m")
        plan = run("resend", *to, "--dry-run", folder=at)
        assert "m (" in plan.stdout
        assert ": 5 requests, about " in plan.stdout
        assert ", $" in plan.stdout
        first = run("resend", *to, "--name", "a", "--budget", "0.01", folder=at)
        assert first.returncode == 0, first.stderr
        assert "the budget of $0.0100 is spent; for the rest: rechat resend --resume a" in (
            first.stderr
        )
        asked = server.output.count("hit")
        assert 1 <= asked < 5
        rest = run("resend", "--resume", "a", "--budget", "1000000", "--json", folder=at)
        assert rest.returncode == 0, rest.stderr
    (target,) = json.loads(rest.stdout)["targets"]
    assert (target["answered"], target["cost"] > 0.01) == (5, True)
    refused = run("resend", "--to", "http://127.0.0.1:1:other", "--budget", "1", folder=at)
    assert (refused.returncode, "what does other cost?" in refused.stderr) == (2, True)


def test_a_fresh_question_is_one_that_no_cache_knows(folder: Path) -> None:
    with Rechat("replay", "other", folder=folder.parent) as server:
        to = ("resend", "--to", f"{server.url}:m", "--retries", "0", "--json")
        found = run(*to, "--fresh", "--name", "b", folder=folder.parent)
    (question,) = json.loads(found.stdout)["questions"]
    assert question["targets"]["m"]["verdict"] == "error"  # no transcript has the mark


def test_a_dry_run_asks_nothing(folder: Path) -> None:
    found = run(
        "resend", "--to", "http://127.0.0.1:1:m", "--dry-run", "--takes", "3", folder=folder.parent
    )
    assert "m (http://127.0.0.1:1): 3 requests" in found.stdout
    assert not (folder.parent / ".rechat").exists()


def test_nobody_to_ask_is_told(folder: Path) -> None:
    found = run("resend", folder=folder.parent)
    assert found.returncode == 2
    assert "--to URL[:MODEL]" in found.stderr


TALK = """\
### system

> Be brief.

### user

> What is the weather in Lisbon?

### assistant

#### call get_weather, call_lisbon

```json
{"city": "Lisbon"}
```

### tool, call_lisbon

> 24 °C, sunny

### assistant

> It is sunny.
"""


def test_a_conversation_with_tools_is_asked_in_every_api(folder: Path) -> None:
    (folder / "capital.md").write_text(TALK)
    apis = ["chat", "responses", "anthropic", "gemini", "ollama"]
    with Rechat("replay", folder, folder=folder.parent) as server:
        to = [f"--to={server.root}:m,api={api},name={api}" for api in apis]
        found = run("resend", folder, *to, "--json", "--at", "2", folder=folder.parent)
    assert found.returncode == 0, found.stderr
    told = json.loads(found.stdout)
    assert [(one["name"], one["verdicts"]["same"]) for one in told["targets"]] == [
        (api, 2) for api in apis
    ]
    assert all(one["ms"]["TTFT"]["n"] == 2 for one in told["targets"])


def test_a_target_may_be_asked_with_its_own_answers(folder: Path) -> None:
    at = folder.parent
    turns = "\n### user\n\n> And of Spain?\n\n### assistant\n\n> {}\n"
    (folder / "capital.md").write_text(QUESTION.format("Paris.") + turns.format("Madrid."))
    other = QUESTION.format("It is Lyon.") + turns.format("Toledo.")
    (at / "other" / "capital.md").write_text(other)
    with Rechat("replay", "other", folder=at) as server:
        to = ("resend", "--to", f"{server.url}:m", "--json", "--retries", "0")
        live = run(*to, "--history", "live", "--name", "live", folder=at)
        recorded = run(*to, "--name", "recorded", folder=at)
    verdicts = [
        {
            row["question"]: row["targets"]["m"]["verdict"]
            for row in json.loads(one.stdout)["questions"]
        }
        for one in (live, recorded)
    ]
    first, second = "transcripts/capital.md:1", "transcripts/capital.md:2"
    assert verdicts == [{first: "words", second: "words"}, {first: "words", second: "error"}]


def test_the_limit_of_a_target_is_searched(folder: Path) -> None:
    at = folder.parent
    with Rechat("replay", folder, folder=at) as server:
        to = ("resend", "--to", f"{server.url}:m", "--find-limit")
        found = run(*to, "--slo", "e2el=0.001", folder=at)
        assert found.returncode == 0, found.stderr
        assert (
            "## Limits\n\n- m: 1 at once is too much for the goals, and less was not tried\n"
            in found.stdout
        )
        refused = run(*to, folder=at)
    assert (refused.returncode, "--find-limit: say which goals" in refused.stderr) == (2, True)


MADE = "\n<details>\n\n```yaml\ncreated: {}\nid: c{}\n```\n\n</details>\n"


def dated(number: int, seconds: float) -> str:
    """A question that was recorded so many seconds after the first one."""
    text = QUESTION.replace("France", f"country {number}").format("Paris.")
    return text + MADE.format(1_750_000_000 + int(seconds), number)


def test_questions_are_asked_when_they_were_recorded(folder: Path, upstream: Upstream) -> None:
    at = folder.parent
    for number, seconds in enumerate((0, 300, 100)):
        (folder / f"{number}.md").write_text(dated(number, seconds))
    to = ("resend", "--to", f"{upstream.url}:m", "--as-recorded*1000", "--json")
    plan = run(*to[:-1], "--dry-run", folder=at)
    assert ": 3 requests, about " in plan.stdout
    assert ", within 0:00:00\n" in plan.stdout
    assert "not asked: transcripts/capital.md: the answer does not say when it was made" in (
        plan.stdout
    )
    found = run(*to, folder=at)
    assert found.returncode == 0, found.stderr
    asked = [one.json["messages"][-1]["content"] for one in upstream.requests]
    assert asked == [f"What is the capital of country {number}?" for number in (0, 2, 1)]
    report = json.loads(found.stdout)
    (target,) = report["targets"]
    assert [one["question"] for one in target["unasked"]] == ["transcripts/capital.md"]
    lines = (next((at / ".rechat/runs").glob("*/m.jsonl"))).read_text().splitlines()
    dues = sorted(json.loads(line)["due"] for line in lines)
    assert dues == pytest.approx([0.0, 0.1, 0.3])


def test_as_recorded_says_alone_when_questions_are_asked(folder: Path) -> None:
    to = ("resend", "--to", "http://127.0.0.1:1:m", "--as-recorded")
    found = run(*to, folder=folder.parent)
    assert found.returncode == 2
    assert "nothing to ask: transcripts/capital.md: the answer does not say when" in found.stderr
    (folder / "dated.md").write_text(dated(1, 0))
    for more, told in (("--takes=2", "leave out --takes"), ("--rate=5", "leave out one")):
        found = run(*to, more, folder=folder.parent)
        assert (found.returncode, told in found.stderr) == (2, True), found.stderr
    assert not (folder.parent / ".rechat").exists()


def test_new_answers_may_become_takes(folder: Path) -> None:
    at = folder.parent
    with Rechat("replay", "other", folder=at) as server:
        to = ("resend", "--to", f"{server.url}:m", "--into", "takes")
        found = run(*to, "--name", "a", folder=at)
        assert found.returncode == 0, found.stderr
        assert "other words" in found.stdout
        assert "m: takes added to the transcripts: 1" in found.stderr
        text = (folder / "capital.md").read_text()
        assert text.startswith(QUESTION.format("Paris.").rstrip("\n"))
        assert "### assistant, take 2" in text
        assert run("lint", folder=at).returncode == 0
        again = run("resend", "--resume", "a", folder=at)
        assert "m: takes added to the transcripts: 0" in again.stderr
        assert (folder / "capital.md").read_text() == text
        refused = run(*to, "--history", "live", folder=at)
    assert (refused.returncode, "--into takes" in refused.stderr) == (2, True)
    assert not (at / ".rechat/runs/a/answers").exists()


def test_a_run_whose_time_is_over_is_printed_again_and_asks_nothing(
    folder: Path, upstream: Upstream
) -> None:
    to = ("--to", f"{upstream.url}:m", "--for", "0.2", "--at", "2", "--name", "short")
    first = run("resend", "transcripts", *to, folder=folder.parent)
    assert first.returncode == 0, first.stderr
    asked = len(upstream.requests)
    again = run("resend", "--resume", "short", "--json", folder=folder.parent)
    assert json.loads(again.stdout)["targets"][0]["answered"] == asked == len(upstream.requests)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["--resume", "last", "--to", "http://a:m", "--at=2", "b"], "leave out PATH, --to, --at,"),
        (["--resume", "last", "--retries", "2"], "leave out --retries,"),
        (["--to", "http://a:m", "--rate", "5", "--at", "1"], "--rate and --at both say when"),
        (["--to", "http://a:m", "--at", "2", "--as-recorded"], "--as-recorded and --at both say"),
    ],
)
def test_options_that_would_be_ignored_are_refused(
    folder: Path, typed: list[str], told: str
) -> None:
    refused = run("resend", *typed, folder=folder.parent)
    assert (refused.returncode, told in refused.stderr) == (2, True), refused.stderr


def test_what_cannot_be_asked_leaves_no_run(folder: Path) -> None:
    (folder / "broken.md").write_text("---\nmodel: [\n---\n")
    for options, told in (
        (("--to", "http://127.0.0.1:1:m,key_env=NO_SUCH_KEY"), "set NO_SUCH_KEY to its key"),
        (("--to", "http://127.0.0.1:1:m", "--budget", "1"), "what does m cost?"),
        (("--to", "http://127.0.0.1:1:m", "--html", "none/a.html"), "there is no folder none"),
        (("--to", "http://127.0.0.1:1:m", "--only", "model:x"), "--only 'model:x' finds no"),
        (("--to", "http://127.0.0.1:1:m", "--for", "soon"), "'soon' is no time"),
    ):
        found = run("resend", *options, folder=folder.parent)
        assert (found.returncode, told in " ".join(found.stderr.split())) == (2, True), found.stderr
    assert not (folder.parent / ".rechat").exists()
