"""Findings in the formats that people, continuous integration and code hosts read."""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict

from rechat import __version__
from rechat.store import Finding
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import UsageError
from rechat.values import jsontext

_HOME = "https://json.schemastore.org/sarif-2.1.0.json"
_SARIF = {"error": "error", "warning": "warning", "notice": "note"}
_GITLAB = {"error": "major", "warning": "minor", "notice": "info"}


def printed(findings: Sequence[Finding], form: str) -> str:
    """The findings in a format of `--format`. Raises `UsageError` for an unknown one."""
    if form not in _FORMS:
        raise UsageError(f"--format {form}: expected {', '.join(_FORMS)}")
    return _FORMS[form](findings)


def _text(findings: Sequence[Finding]) -> str:
    return "".join(f"{finding}\n" for finding in findings)


def _json(findings: Sequence[Finding]) -> str:
    return _dumped([asdict(finding) for finding in findings])


def _github(findings: Sequence[Finding]) -> str:
    return "".join(f"{_annotation(finding)}\n" for finding in findings)


def _annotation(finding: Finding) -> str:
    """A GitHub workflow command; characters that would end a value early are escaped."""
    place = f"file={_escaped(finding.path, ',:')},line={finding.line}"
    title = f",title={_escaped(finding.code, ',:')}" if finding.code else ""
    return f"::{finding.level} {place}{title}::{_escaped(finding.message)}"


def _escaped(text: str, also: str = "") -> str:
    for mark in f"%\r\n{also}":
        text = text.replace(mark, f"%{ord(mark):02X}")
    return text


def _gitlab(findings: Sequence[Finding]) -> str:
    seen: Counter[str] = Counter()
    rows: list[Json] = []
    for finding in findings:
        # Without the line, so that a finding keeps its fingerprint after an edit above it.
        name = f"{finding.path} {finding.code} {finding.message}"
        seen[name] += 1
        row: JsonObject = {
            "description": finding.message,
            "check_name": finding.code or f"rechat-{finding.level}",
            "fingerprint": hashlib.sha256(f"{name} {seen[name]}".encode()).hexdigest(),
            "severity": _GITLAB[finding.level],
            "location": {"path": finding.path, "lines": {"begin": finding.line}},
        }
        rows.append(row)
    return _dumped(rows)


def _sarif(findings: Sequence[Finding]) -> str:
    rules = sorted({_rule(finding) for finding in findings})
    driver: JsonObject = {
        "name": "rechat",
        "version": __version__,
        "rules": [{"id": rule} for rule in rules],
    }
    results: list[Json] = [_result(finding) for finding in findings]
    run: JsonObject = {"tool": {"driver": driver}, "results": results}
    return _dumped({"$schema": _HOME, "version": "2.1.0", "runs": [run]})


def _rule(finding: Finding) -> str:
    return finding.code or finding.level


def _result(finding: Finding) -> JsonObject:
    location: JsonObject = {
        "artifactLocation": {"uri": finding.path},
        "region": {"startLine": finding.line},
    }
    return {
        "ruleId": _rule(finding),
        "level": _SARIF[finding.level],
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": location}],
    }


def _dumped(value: Json) -> str:
    return jsontext.dump(value, jsontext.INDENTED) + "\n"


_FORMS: dict[str, Callable[[Sequence[Finding]], str]] = {
    "text": _text,
    "json": _json,
    "github": _github,
    "gitlab": _gitlab,
    "sarif": _sarif,
}
