"""Findings as hosts read them."""

import json

import pytest

from rechat.cli.folder.findings import printed
from rechat.store import Finding
from rechat.values import UsageError

FOUND = [
    Finding("a,b.md", 3, "error", "50% of\nthis: wrong", "unknown-role"),
    Finding("b.md", 1, "notice", "look"),
    Finding("b.md", 9, "notice", "look"),
]


def test_text_has_a_line_for_each() -> None:
    assert printed(FOUND[1:], "text") == "b.md:1: notice: look\nb.md:9: notice: look\n"


def test_github_gets_annotations_that_nothing_in_them_ends_early() -> None:
    assert printed(FOUND[:2], "github").splitlines() == [
        "::error file=a%2Cb.md,line=3,title=unknown-role::50%25 of%0Athis: wrong",
        "::notice file=b.md,line=1::look",
    ]


def test_gitlab_gets_a_report_with_fingerprints_of_their_own() -> None:
    rows = json.loads(printed(FOUND, "gitlab"))
    assert len({row["fingerprint"] for row in rows}) == 3
    assert (rows[0]["severity"], rows[0]["location"]) == (
        "major",
        {"path": "a,b.md", "lines": {"begin": 3}},
    )


def test_sarif_names_the_rules_and_the_places() -> None:
    [run] = json.loads(printed(FOUND, "sarif"))["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["notice", "unknown-role"]
    assert [result["level"] for result in run["results"]] == ["error", "note", "note"]


def test_json_has_all_fields() -> None:
    assert json.loads(printed(FOUND, "json"))[0]["code"] == "unknown-role"


def test_another_form_is_a_mistake() -> None:
    with pytest.raises(UsageError, match="expected text, json, github, gitlab, sarif"):
        printed(FOUND, "xml")
