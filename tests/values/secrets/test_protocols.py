"""Logins in what clients and servers said to each other."""

import base64
import json

import pytest

from rechat.values.secrets import redact_text

PASSWORD = "Sup3r" + "S3cret"
WORD = "raincoat"
PLAIN = base64.b64encode(f"\0me\0{PASSWORD}".encode()).decode()
BASE64 = base64.b64encode(PASSWORD.encode()).decode()


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("a1 LOGIN me@example.com {}\na1 OK done", PASSWORD),
        ('A001 LOGIN "me" "{}"', PASSWORD),
        (". LOGIN me {}\n. OK", WORD),
        ("C: a2 LOGIN me {}", PASSWORD),
        ("a1 AUTHENTICATE PLAIN {}", PLAIN),
        ("a1 AUTHENTICATE PLAIN\r\n+ \r\n{}\r\na1 OK", PLAIN),
        ("C: AUTH PLAIN {}\nS: 235 ok", PLAIN),
        ("AUTH PLAIN\n334 \n{}\n235 ok", PLAIN),
        ("AUTH LOGIN\n334 VXNlcm5hbWU6\nbWU=\n334 UGFzc3dvcmQ6\n{}\n235 ok", BASE64),
        ("AUTH CRAM-MD5\n334 PDE4OTYu\n{}\n235 ok", BASE64),
        ("AUTH XOAUTH2 {}", "a1B2c3D4e5" * 4),
        ("USER me\n331 Please.\nPASS {}\n230 Login successful.", PASSWORD),
        ("---> USER me\n<--- 331 Required\n---> PASS {}\n<--- 230 ok", PASSWORD),
        ("+OK\r\nUSER me\r\n+OK\r\nPASS {}\r\n+OK", WORD),
        ("PASS {}\nNICK me\n", PASSWORD),
        ("User me\nPass {}\n", PASSWORD),
        ("AUTH {}\n+OK", PASSWORD),
        ("redis:6379> AUTH me {}\nOK", PASSWORD),
        ("HELLO 3 AUTH default {}", PASSWORD),
        ("*2\r\n$4\r\nAUTH\r\n$11\r\n{}\r\n", PASSWORD),
        ("ACL SETUSER me on >{} ~* +@all", PASSWORD),
    ],
)  # fmt: skip
def test_the_password_of_a_login_is_redacted(text: str, secret: str) -> None:
    planted = text.format(secret)
    for said in (planted, f"I typed:\n{planted}\nand", json.dumps({"output": planted})):
        redacted = redact_text(said)
        assert secret not in redacted
        assert redact_text(redacted) is redacted
    assert redact_text(planted).partition("[redacted ")[0] == text.partition("{}")[0] or (
        "bWU=" in text
    )


@pytest.mark.parametrize(
    "text",
    [
        "A client sends LOGIN, a user and a password.", "LOGIN FAILED for user root", "250-AUTH PLAIN LOGIN CRAM-MD5",
        "in step 2 LOGIN with your browser\n", "* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=LOGIN", "AUTH PLAIN mechanism",
        "PASS src/app.test.ts (5.2 s)", "--- PASS: TestUserLogin (0.00s)", "USER node\nRUN make bypass1x2y\n",
        "PASS tests/login1x2.test.js\nUSER me logged in", "AUTH is required2x first", "AUTH username password\n",
        "redis> AUTH <password>", "ACL SETUSER me on >pw", "USER and PASS are commands of FTP.",
    ],
)  # fmt: skip
def test_other_commands_stay(text: str) -> None:
    assert redact_text(text) is text


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece",
    [
        "a1 LOGIN a b\n", "a1 LOGIN \"", "AUTH PLAIN\n334 \nabcd\n", "AUTH LOGIN abcdefgh ", "PASS abcd\n",
        "USER a\nPASS b1cdefg\n", "> AUTH a b\n", "AUTH\r\n$1\r\n", "SETUSER >", "SETUSER >abcde",
    ],
)  # fmt: skip
def test_a_megabyte_of_logins_is_read_in_linear_time(piece: str) -> None:
    text = piece * (1_000_000 // len(piece)) + "\na1 LOGIN me " + PASSWORD
    assert redact_text(text).endswith("a1 LOGIN me [redacted password]")
