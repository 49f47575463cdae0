"""The specification's cases (docs/spec/tests) do what they say, and cover all codes of errors."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

import rechat
from rechat.format import meaning
from rechat.format import parse
from rechat.format import render
from rechat.store import handwritten
from rechat.values import ReadAsset
from rechat.values import Transcript
from rechat.values import TranscriptError
from rechat.values import jsontext

SPEC = Path(__file__).parents[2] / "docs" / "spec"
VALID = sorted((SPEC / "tests" / "valid").glob("*.md"))
INVALID = sorted((SPEC / "tests" / "invalid").glob("*.md"))
PAGES = sorted(SPEC.glob("*.md"))
# What no single file can show: several errors at once, a folder, what writers do.
NO_CASES = {"4", "5", "56", "57", "58", "59"}
MODULES = [
    tree
    for path in Path(rechat.__file__).parent.rglob("*.py")
    if "TranscriptError" in (text := path.read_text("utf-8"))
    for tree in [ast.parse(text)]
]


def assets_beside(path: Path) -> ReadAsset:
    root = path.parent.resolve()

    def read_asset(link: str) -> bytes:
        target = (root / link).resolve()
        if root not in target.parents:
            raise FileNotFoundError(link)
        return target.read_bytes()

    return read_asset


def read(path: Path) -> Transcript:
    return parse(path.read_bytes(), assets_beside(path))


def documented_codes() -> list[str]:
    page = (SPEC / "README.md").read_text("utf-8")
    _, _, table = page.partition("\n## Error codes\n")
    table, _, _ = table.partition("\n## ")
    return re.findall(r"^\| `([a-z0-9-]+)` \|", table, re.MULTILINE)


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_valid_file_means_its_json(path: Path) -> None:
    expected = jsontext.parse(path.with_suffix(".json").read_bytes())
    assert jsontext.dump(meaning.as_json(read(path))) == jsontext.dump(expected)


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_an_invalid_file_has_its_error(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_bytes())
    with pytest.raises(TranscriptError) as caught:
        handwritten.check(read(path))
    assert (caught.value.code, caught.value.line) == (expected["code"], expected["line"])
    assert expected.get("says", "") in caught.value.message


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_valid_file_written_again_keeps_its_meaning(path: Path) -> None:
    assert_comes_back(read(path))


def assert_comes_back(transcript: Transcript) -> None:
    stored: dict[str, bytes] = {}
    text = render(transcript, stored.__setitem__)
    assert meant(parse(text, stored.__getitem__)) == meant(transcript)


def meant(transcript: Transcript) -> Any:
    """The JSON of a transcript but for the lines."""
    return _without_lines(meaning.as_json(transcript)["sections"])


def _without_lines(value: Any) -> Any:
    match value:
        case {"line": _, **others}:
            return {key: _without_lines(item) for key, item in others.items()}
        case list():
            return [_without_lines(item) for item in value]
    return value


SOURCES = [path.read_bytes() for path in (*VALID, *INVALID)]
PIECES = sorted({line for source in SOURCES for line in source.split(b"\n")})
CODES = documented_codes()
CHANGES = st.tuples(
    st.sampled_from(("insert", "replace", "delete", "double", "join")),
    st.integers(0, 60),
    st.integers(0, 60),
    st.sampled_from(PIECES),
)


def changed(source: bytes, changes: list[tuple[str, int, int, bytes]]) -> bytes:
    """The source with some of its lines changed."""
    lines = source.split(b"\n")
    for how, number, column, piece in changes:
        position = number % len(lines)
        line = lines[position]
        match how:
            case "insert":
                lines.insert(position, piece)
            case "replace":
                lines[position] = piece
            case "delete":
                lines[position : position + 1] = [] if len(lines) > 1 else [b""]
            case "double":
                lines.insert(position, line)
            case _:
                lines[position] = line[:column] + piece + line[column:]
    return b"\n".join(lines)


@settings(max_examples=400)
@given(st.sampled_from(SOURCES), st.lists(CHANGES, min_size=1, max_size=4))
def test_a_changed_file_is_refused_with_a_code_or_comes_back(
    source: bytes, changes: list[tuple[str, int, int, bytes]]
) -> None:
    raw = changed(source, changes)
    match read_or_refused(raw):
        case TranscriptError(code=code, line=line):
            assert code in CODES
            assert 1 <= line <= raw.count(b"\n") + 1
        case Transcript() as transcript:
            assert_comes_back(transcript)


def read_or_refused(raw: bytes) -> Transcript | TranscriptError:
    try:
        return parse(raw, assets_beside(VALID[0]))
    except TranscriptError as error:
        return error


def test_each_case_has_its_json_and_each_json_its_case() -> None:
    for folder in ("valid", "invalid"):
        paths = (SPEC / "tests" / folder).iterdir()
        names = {kind: set[str]() for kind in (".md", ".json", "")}
        for path in paths:
            names[path.suffix].add(path.stem)
        assert names[".md"] == names[".json"]
        assert names[""] == {"assets"}


def test_each_error_in_the_source_has_a_code_that_the_specification_lists() -> None:
    calls = [node for tree in MODULES for node in ast.walk(tree) if isinstance(node, ast.Call)]
    raised = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "TranscriptError"]  # fmt: skip
    assert raised
    for call in raised:
        assert "code" in {keyword.arg for keyword in call.keywords}, ast.unparse(call)
    named = {
        keyword.value.value
        for call in calls
        for keyword in call.keywords
        if keyword.arg == "code" and isinstance(keyword.value, ast.Constant)
    }
    codes = documented_codes()
    assert codes == sorted(set(codes))
    assert set(codes) == named


def rules() -> list[str]:
    """The numbers of the rules, which count from 1 through the whole page."""
    page = (SPEC / "README.md").read_text("utf-8")
    return re.findall(r"^(\d+)\. ", page, re.MULTILINE)


def test_each_rule_has_cases_and_each_case_is_of_a_rule() -> None:
    claimed = json.loads((SPEC / "tests" / "rules.json").read_bytes())
    assert list(claimed) == rules() == [str(number + 1) for number in range(len(claimed))]
    assert {rule for rule, beginnings in claimed.items() if not beginnings} == NO_CASES
    names = {path.stem for path in (*VALID, *INVALID)}
    for beginnings in claimed.values():
        for beginning in beginnings:
            found = {name for name in names if name.startswith(beginning)}
            assert found, beginning
    begun = tuple(beginning for beginnings in claimed.values() for beginning in beginnings)
    assert [name for name in sorted(names) if not name.startswith(begun)] == []


def test_each_code_has_an_invalid_file_that_begins_with_its_name() -> None:
    covered = set[str]()
    for path in INVALID:
        code = json.loads(path.with_suffix(".json").read_bytes())["code"]
        assert path.stem.startswith(code)
        covered.add(code)
    assert covered == set(documented_codes())


def test_the_specification_is_short() -> None:
    assert sum(len(page.read_text("utf-8").splitlines()) for page in PAGES) <= 500
