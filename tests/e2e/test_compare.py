"""`rechat compare` as a user runs it, after two runs against rechat itself."""

from pathlib import Path

from process import Rechat
from process import run

QUESTION = "---\nmodel: m\n---\n\n### user\n\n> Capital of France?\n\n### assistant\n\n> {}\n"


def test_two_runs_are_compared_with_each_other_and_not_with_the_recording(folder: Path) -> None:
    at = folder.parent
    (at / "other").mkdir()
    (folder / "capital.md").write_text(QUESTION.format("Paris."))
    for name, answer in (("before", "It is Lyon."), ("after", "It is Nice.")):
        (at / "other" / "capital.md").write_text(QUESTION.format(answer))
        with Rechat("replay", "other", folder=at) as server:
            run("resend", "--to", f"{server.url}:m", "--name", name, folder=at)
    compare = ("compare", "before", "after", "--check", "--fail-on")
    found = run(*compare, "words", folder=at)
    assert (found.returncode, "Nice" in found.stdout, "Paris" in found.stdout) == (1, True, False)
    assert run(*compare, "error", folder=at).returncode == 0
    gone = run("compare", "before", "friday", folder=at)
    assert (gone.returncode, "the last ones: after, before" in gone.stderr) == (2, True)
