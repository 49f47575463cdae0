"""What no test uses is told at the end of a run, and only if that is known."""

import pytest

PAGE = "### user\n\n> {0}\n\n### assistant\n\n> Hi!\n"
TESTS = """
import pytest
from openai import OpenAI

def ask(text):
    OpenAI().chat.completions.create(model="m", messages=[{"role": "user", "content": text}])

def test_one(rechat):
    ask("One")

@pytest.mark.rechat("shared.md")
@pytest.mark.parametrize("text", ["A", "B"])
def test_shared(text):
    ask(text)
"""


def test_unused_answers_and_files_fail_a_run_if_that_is_asked_for(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RECHAT_URL", raising=False)
    pytester.makeini("[pytest]\n")
    folder = pytester.mkdir("transcripts") / "test_it"
    folder.mkdir()
    (folder / "test_one.md").write_text(PAGE.format("One") + "\n## Two\n\n" + PAGE.format("Two"))
    (folder / "test_gone.md").write_text(PAGE.format("Gone"))
    shared = "\n\n".join(f"## {name}\n\n{PAGE.format(name)}" for name in "ABC")
    (pytester.path / "shared.md").write_text(shared)
    pytester.makepyfile(test_it=TESTS)
    unused = [
        "shared.md:29: no test asks for this answer (section 'C')",
        "transcripts/test_it/test_one.md:15: no test asks for this answer (section 'Two')",
        "transcripts/test_it/test_gone.md: no test uses this file",
    ]
    done = pytester.runpytest_subprocess("-n2", "--rechat-unused=fail")
    done.assert_outcomes(passed=3)
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    assert [line for line in done.outlines if "no test" in line] == unused
    done = pytester.runpytest_subprocess("-k", "one")
    assert done.ret == pytest.ExitCode.OK
    assert [line for line in done.outlines if "no test" in line] == unused[1:]
    done = pytester.runpytest_subprocess("test_it.py::test_shared[A]", "--rechat-unused=fail")
    assert done.ret == pytest.ExitCode.OK
