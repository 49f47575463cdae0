"""Passwords in tables."""

import json

import pytest

from rechat.values.secrets.text import redact_text

PASSWORD = "Sup3r" + "S3cret"
OTHER = "N3xt" + "S3cret"
TABLES = [
    "| user | password |\n|---|---|\n| me | {} |\n| you | `{}` |",
    " id | name | password \n----+------+---------\n  1 | me   | {}\n  2 | you  | {}\n",
    "user,password\nme,{}\nyou,{}\n",
    '"user","password","mail"\r\n"me","{}",""\r\n"you","{}",""',
    "user\tdb_password\nme\t{}\nyou\t{}",
]


@pytest.mark.parametrize("table", TABLES)
def test_passwords_below_their_name_are_found(table: str) -> None:
    said = table.format(PASSWORD, OTHER)
    assert redact_text(said) == table.format("[redacted password]", "[redacted password]")


@pytest.mark.parametrize("table", TABLES)
def test_passwords_of_a_table_in_json_are_found(table: str) -> None:
    said = json.dumps({"output": "Shown:\n" + table.format(PASSWORD, OTHER)})
    redacted = redact_text(said)
    assert PASSWORD not in redacted
    assert OTHER not in redacted


def test_a_table_in_json_begins_with_its_text() -> None:
    said = json.dumps({"path": "x", "mode": "w", "content": f"user,password\nme,{PASSWORD}\n"})
    assert PASSWORD not in redact_text(said)
    assert PASSWORD not in redact_text(json.dumps({"arguments": said}))


def test_stars_around_a_value_are_marks_and_within_it_are_not() -> None:
    assert redact_text(f"|user|password|\n|me|**{PASSWORD}**|") == (
        "|user|password|\n|me|**[redacted password]**|"
    )
    assert redact_text("user\tpassword\nme\tKv*31kZQQ") == "user\tpassword\nme\t[redacted password]"


@pytest.mark.parametrize(
    "text",
    [
        "'user', 'password',\n'name', 'read4b',\n", "f(user, password,\n  a, rgb2hsv)",
        "| user | password |\n|---|---|\n| me | required |", "user,password\nno table a1b2c3d4",
        "user, name\nme, a1b2c3d4",
    ],
)  # fmt: skip
def test_what_is_no_password_below_its_name_stays(text: str) -> None:
    assert redact_text(text) == text


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", ["a,password\n", "a,password", "|password|x|\n", "x9,y8\\n"])
def test_a_megabyte_of_tables_is_read_in_linear_time(piece: str) -> None:
    text = "a,password\n" + piece * (1_000_000 // len(piece)) + "\npassword: " + PASSWORD
    assert redact_text(text).endswith("[redacted password]")
