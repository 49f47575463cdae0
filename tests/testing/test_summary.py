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
    done = pytester.runpytest_inprocess("-n2", "--rechat-unused=fail")
    done.assert_outcomes(passed=3)
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    assert [line for line in done.outlines if "no test" in line] == unused
    done = pytester.runpytest_inprocess("-k", "one")
    assert done.ret == pytest.ExitCode.OK
    assert [line for line in done.outlines if "no test" in line] == unused[1:]
    done = pytester.runpytest_inprocess("test_it.py::test_shared[A]", "--rechat-unused=fail")
    assert done.ret == pytest.ExitCode.OK


def test_a_run_that_uses_all_its_files_needs_nothing_of_the_store(
    pytester: pytest.Pytester,
) -> None:
    pytester.makeini("[pytest]\n")
    folder = pytester.mkdir("transcripts") / "test_it"
    folder.mkdir()
    (folder / "test_one.md").write_text(PAGE.format("One"))
    pytester.makepyfile(test_it=TESTS.partition("@pytest.mark.rechat")[0])
    pytester.makeconftest(
        "import sys\ndef pytest_unconfigure():\n    print('rechat.store' in sys.modules)\n"
    )
    done = pytester.runpytest_subprocess("--rechat-unused=fail")
    done.assert_outcomes(passed=1)
    assert done.outlines[-1] == "False"


def test_an_unused_file_behind_a_link_is_found(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\n")
    folder = pytester.mkdir("transcripts") / "test_it"
    folder.mkdir()
    (folder / "test_one.md").write_text(PAGE.format("One"))
    other = pytester.mkdir("elsewhere")
    (other / "old.md").write_text(PAGE.format("Old"))
    (pytester.path / "transcripts" / "linked").symlink_to(other)
    pytester.makepyfile(test_it=TESTS.partition("@pytest.mark.rechat")[0])
    done = pytester.runpytest_inprocess()
    assert "transcripts/linked/old.md: no test uses this file" in done.outlines
