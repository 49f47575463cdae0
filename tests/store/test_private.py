"""What people should not commit is found with its line."""

import pytest
from planted import planted

from rechat.store.private import private_in


def test_a_secret_is_reported_with_its_line_and_what_to_write_instead() -> None:
    secrets = planted(3)
    source = f"# A\n\n> {secrets['Stripe secret'].text}\n> or {secrets['npm'].text}, {secrets['npm'].text}\n"
    before = "this line looks as if it held a secret: replace it with"
    assert list(private_in(source)) == [
        (3, "error", f"{before} [redacted stripe-key]"),
        (4, "error", f"{before} [redacted npm-token]"),
    ]


@pytest.mark.parametrize("kind", planted(0))
def test_every_kind_is_reported(kind: str) -> None:
    lines = [line for line, level, _ in private_in(f"a\nb\n{planted(5)[kind].text}\n") if level]
    assert lines[0] == 3


def test_a_private_key_is_reported_once_where_it_begins() -> None:
    source = "\n".join(f"> {line}" for line in planted(0)["RSA key"].text.split("\n"))
    assert [line for line, *_ in private_in(f"# A\n\n{source}\n")] == [3]


def test_email_addresses_and_home_folders_are_notices_at_the_first_one() -> None:
    source = "\n".join(
        ["a", "ann@corp.io, bob@corp.io", "/home/ann/x", "C:\\Users\\bob", "c@corp.io"]
    )
    assert list(private_in(source)) == [
        (2, "notice", "e-mail addresses (3): the first is in this line"),
        (3, "notice", "home folders of people (2): the first is in this line"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "me@example.com, you@mail.example.org, git@github.com:a/b, noreply@anthropic.com",
        "1+me@users.noreply.github.com, @pytest.fixture, a @ b.c, name@1.2.3, left-pad@1.3.0",
        "/home/user/x, /home/runner/work, /Users/me, /home/you, C:\\Users\\username, /home/",
        "[redacted openai-key], postgres://app:[redacted password]@db.internal/x",
    ],
)
def test_what_is_nobodys_stays_silent(text: str) -> None:
    assert list(private_in(text)) == []


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece", ["a@", "@a.", "a@b.", "/home/", "/home/a", "a@b.cc ", "C:\\Users\\"]
)
def test_a_megabyte_is_read_in_linear_time(piece: str) -> None:
    source = piece * (1_000_000 // len(piece)) + "\nann@corp.io\n"
    assert list(private_in(source))


def test_a_secret_of_several_lines_is_found_in_a_quote() -> None:
    token = "aG1l" * 5
    source = f"### user\n\n> AUTH LOGIN\n> 334 VXNlcm5hbWU6\n> {token}\n> 235 ok\n> DB_PASSWORD={token}\n"
    assert list(private_in(source)) == [
        (
            number,
            "error",
            f"this line looks as if it held a secret: replace it with [redacted {kind}]",
        )
        for number, kind in ((5, "basic-auth"), (7, "password"))
    ]
