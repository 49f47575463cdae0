"""The marks of pytest-recording in a module of tests."""

import pytest

from rechat.convert import Mark
from rechat.convert import marked
from rechat.convert import marks_of

MODULE = """
import pytest

pytestmark = [pytest.mark.asyncio, pytest.mark.vcr]
NAME = "Zoë"; extra = pytest.mark.vcr()

@pytest.mark.vcr
def test_a(vcr): "pytest.mark.vcr"

@pytest.mark.skipif(False, reason="é")
@pytest.mark.vcr(
    record_mode="none", match_on=["method", ("uri")],
)
async def test_b(): ...

@pytest.mark.vcr()
class TestC:
    @pytest.mark.vcr(record_mode="none")
    def test_d(self): ...

    class TestE:
        @pytest.mark.vcr
        def test_f(self): ...
"""


def test_each_mark_has_the_test_that_it_is_for() -> None:
    found = [mark.test for mark in marks_of(MODULE.encode())]
    assert found == ["", "", "test_a", "test_b", "TestC", "TestC.test_d", "TestC.TestE.test_f"]


def test_all_become_marks_of_rechat_and_nothing_else_changes() -> None:
    module = MODULE.encode()
    changed = marked(module, marks_of(module)).decode()
    assert changed.count("pytest.mark.rechat") == 7
    assert "record_mode" not in changed
    assert 'def test_a(vcr): "pytest.mark.vcr"' in changed
    assert '@pytest.mark.skipif(False, reason="é")\n@pytest.mark.rechat\nasync def' in changed
    assert marks_of(changed.encode()) == []


def test_only_the_marks_that_are_named_change() -> None:
    module = MODULE.replace("\n", "\r\n").encode()
    [mark] = [mark for mark in marks_of(module) if mark.test == "test_b"]
    changed = marked(module, [mark])
    assert changed.count(b"mark.rechat") == 1
    assert b"@pytest.mark.rechat\r\nasync def test_b" in changed


@pytest.mark.parametrize(
    "module",
    [
        '@pytest.mark.vcr("shared.yaml")\ndef test_a(): ...',
        '@pytest.mark.vcr\n@pytest.mark.default_cassette("b.yaml")\ndef test_a(): ...',
        "@mark.vcr\ndef test_a(): ...",
        "@pytest.mark.vcrs\ndef test_a(): ...",
    ],
)
def test_a_test_with_a_cassette_of_another_name_keeps_its_mark(module: str) -> None:
    assert marks_of(module.encode()) == []


def test_a_mark_is_for_its_test_with_any_parameters_and_for_all_of_its_class() -> None:
    assert Mark("test_a", 0, 0).is_for("test_a[gpt-4.1]")
    assert not Mark("test_a", 0, 0).is_for("test_ab")
    assert Mark("TestC", 0, 0).is_for("TestC.test_d[x]")
    assert Mark("", 0, 0).is_for("TestC.test_d")


def test_what_is_no_python_is_an_error() -> None:
    with pytest.raises(SyntaxError):
        marks_of(b"def (")
    with pytest.raises(ValueError, match="utf-8"):
        marks_of(b"x = '\xe9'")
