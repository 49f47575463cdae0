"""The text of one transcript is checked before it is saved."""

from pathlib import Path

from rechat.store.tidying.checking import check_text


def test_a_mistake_has_its_line_and_a_doubt_is_found_too() -> None:
    checked = check_text(Path("a.md"), "### user\n\n> a\n\n### usr\n")
    [wrong] = checked.findings
    assert (wrong.line, wrong.level, wrong.code) == (5, "error", "unknown-role")
    assert not checked.exchanges
    checked = check_text(Path("a.md"), "### user\n\n> a\n\n### assistant\n")
    assert [one.level for one in checked.findings] == ["warning"]
    assert len(checked.exchanges) == 1
