"""What a fixture of several tests asks is told, with the way to let them share a file."""

import pytest
from upstream import Upstream

TESTS = """
import pytest
from openai import OpenAI

def ask(text):
    asked = [{"role": "user", "content": text}]
    client = OpenAI(max_retries=0)
    return client.chat.completions.create(model="m", messages=asked).choices[0].message.content

@pytest.fixture(scope="class")
def plan():
    return ask("A plan")

@pytest.fixture(scope="module")
def quiet():
    return "asks nothing"

@pytest.mark.rechat(MARK)
class TestTrip:
    def test_a(self, plan, quiet):
        assert plan

    def test_b(self, plan):
        assert plan
"""
METHOD = """
import unittest
import pytest
from openai import OpenAI

@pytest.mark.rechat
class TestTrip(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        asked = [{"role": "user", "content": "A plan"}]
        OpenAI(max_retries=0).chat.completions.create(model="m", messages=asked)

    def test_a(self):
        pass
"""
FILE = "transcripts/test_it/plan.md"


@pytest.fixture(autouse=True)
def plain(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh project, in which nothing points to a provider."""
    for name in ("CI", "OPENAI_BASE_URL", "PYTEST_ADDOPTS", "RECHAT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    pytester.makeini("[pytest]\n")


def told(done: pytest.RunResult) -> list[str]:
    return [line for line in done.outlines if "kept for the test that ran first" in line]


def test_a_fixture_that_asks_for_several_tests_is_told_until_they_share_a_file(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(test_it=TESTS.replace("MARK", ""))
    with Upstream() as upstream:
        record = ("--rechat=new", f"--rechat-upstream={upstream.url}")
        done = pytester.runpytest_subprocess(*record)
        done.assert_outcomes(passed=2)
        (line,) = told(done)
        assert line.startswith("the fixture 'plan' runs once for a class")
        assert line.endswith(f'@pytest.mark.rechat("{FILE}")')
        files = sorted((pytester.path / "transcripts").rglob("*.md"))
        other = {"test_a": "test_b", "test_b": "test_a"}[files[0].stem.partition(".")[2]]
        alone = pytester.runpytest_subprocess(f"test_it.py::TestTrip::{other}")
        alone.assert_outcomes(errors=1)
        assert told(alone) == [line]
        # A file of its own has an answer, but it is not that of the fixture: accept would take it.
        own = "### user\n\n> A plan for two\n\n### assistant\n\n> Go.\n"
        files[0].with_name(f"TestTrip.{other}.md").write_text(own)
        alone = pytester.runpytest_subprocess(f"test_it.py::TestTrip::{other}")
        assert told(alone) == [line]
        assert "--rechat=accept" not in str(alone.stdout)
        pytester.makepyfile(test_it=TESTS.replace("MARK", repr(FILE)))
        shared = pytester.runpytest_subprocess(*record)
    shared.assert_outcomes(passed=2)
    assert told(shared) == []
    assert (pytester.path / FILE).exists()


def test_a_method_that_sets_a_class_up_is_called_by_its_name(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_it=METHOD)
    done = pytester.runpytest_subprocess()
    done.assert_outcomes(errors=1)
    (line,) = told(done)
    assert line.startswith("setUpClass runs once for a class")
