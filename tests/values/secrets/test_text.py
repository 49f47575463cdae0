"""No credential survives; all else does. The keys here are put together, so that no scanner takes
them for real ones.
"""

import string
from collections.abc import Iterator

import pytest
from hypothesis import assume
from hypothesis import given
from hypothesis import strategies as st
from planted import planted

from rechat.values import UsageError
from rechat.values.secrets import redact_text
from rechat.values.secrets import secrets_in
from rechat.values.secrets import set_own
from rechat.values.secrets.text import _redacted

R40 = "a1B2c3D4e5" * 4
PEM = f"-----BEGIN RSA PRIVATE KEY-----\n{R40}\n{R40}=\n-----END RSA PRIVATE KEY-----"

SECRETS = {
    f"sk-{R40}": "openai-key",
    "sk-" + "a" * 40: "openai-key",
    "sk-" + "a1" * 10 + "_-": "openai-key",
    f"sk-svcacct-{R40}": "openai-key",
    f"sk-proj-{R40}-_x": "openai-key",
    f"sk-or-v1-{R40}": "openai-key",
    f"sk-ant-api03-{R40}": "anthropic-key",
    f"AIza{R40[:35]}": "google-key",
    f"ghp_{R40[:36]}": "github-token",
    f"github_pat_{R40}{R40}": "github-token",
    f"gho_{R40[:36]}": "github-token",
    f"ghs_{R40[:36]}": "github-token",
    f"xoxb-{R40}": "slack-token",
    f"xoxo-1234-{R40}": "slack-token",
    "AKIA" + "A1B2C3D4E5F6G7H8": "aws-key",
    "ASIA" + "A" * 16: "aws-key",
    f"eyJ{R40}.eyJ{R40}.{R40}": "jwt",
    f"gsk_{R40}": "groq-key",
    f"hf_{R40[:34]}": "huggingface-token",
    f"xai-{R40}{R40}": "xai-key",
    f"ek_{R40}": "client-secret",
    PEM: "private-key",
    PEM.replace("\n", "\\n"): "private-key",
    PEM.replace("RSA PRIVATE KEY", "PGP PRIVATE KEY BLOCK"): "private-key",
    PEM.replace("\n", "\nProc-Type: 4,ENCRYPTED\n\n", 1): "private-key",
}

INNOCENT = [
    "sk-learn and scikit-learn are risk-free",
    "sk-learn-something-very-long-word-here",
    "sk-learn-with-TensorFlow-and-python3-in-2024",
    "sk-toggleable__label-arrow, sk-ant-colony-optimization-library",
    "xoxo-hugs-from-grandma",
    "Bearer process.env.OPENAI_API_KEY, Bearer YOUR_ACCESS_TOKEN_GOES_HERE",
    "AKIA" + "A" * 17,
    "a block opens with -----BEGIN PRIVATE KEY----- and then there are lines",
    "eyJ" + "a" * 40 + ".json",
    "eyJ" + "a" * 40 + ".eyJ" + "b" * 40,
    "Bearer of news, bearer of gifts that are longer than usual",
    "task-12345678901234567890123",
    "desk-a1b2c3d4e5f6a7b8c9d0e1f2",
    "eyJust a word. eyJ.",
    "the sha256 is 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "data:image/png;base64,iVBORw0KGgoAAAsk-" + "A1" * 40,
    "hf_hub_download",
]


@pytest.mark.parametrize(("secret", "kind"), SECRETS.items(), ids=list(SECRETS.values()))
def test_a_credential_becomes_a_placeholder_of_its_kind(secret: str, kind: str) -> None:
    assert redact_text(f"before {secret} after") == f"before [redacted {kind}] after"
    assert redact_text(secret) == f"[redacted {kind}]"


@pytest.mark.parametrize("token", [R40, f"ya29.{R40}", f"{R40}==", f"sk-{R40}", "sk-" + "a" * 40])
@pytest.mark.parametrize("word", ["Bearer", "bearer"])
def test_a_bearer_token_keeps_its_word(word: str, token: str) -> None:
    said = f"Authorization: {word} "
    assert redact_text(f"'{said}{token}'") == f"'{said}[redacted bearer-token]'"


@pytest.mark.parametrize(
    "before", ["KEY=", "'", "\n", "\\n", "\\t", "?key%3D", "密钥", "key_", "-"]
)
@pytest.mark.parametrize("secret", [f"hf_{R40[:34]}", f"eyJ{R40}.eyJ{R40}.{R40}"])
def test_a_credential_is_found_after_any_mark_or_escape(before: str, secret: str) -> None:
    redacted = redact_text(before + secret)
    assert redacted.startswith(f"{before}[redacted ")
    assert R40[:10] not in redacted


def test_a_credential_is_found_after_base64_that_is_no_token() -> None:
    secret = "eyJ" + "a" * 20 + f" eyJ{R40}-sk-{R40}"
    assert redact_text(secret) == "eyJ" + "a" * 20 + f" eyJ{R40}-[redacted openai-key]"


def test_a_private_key_that_was_cut_off_is_a_credential() -> None:
    begun = PEM[: PEM.index("=")]
    assert redact_text(f"$ head key\n{begun}\n$ ls") == "$ head key\n[redacted private-key]\n$ ls"


def test_a_beginning_in_a_text_takes_nothing_of_the_block_after_it() -> None:
    once = redact_text(f"-----BEGIN PRIVATE KEY----- opens {PEM} or so {PEM[-30:]}")
    assert once == f"-----BEGIN PRIVATE KEY----- opens [redacted private-key] or so {PEM[-30:]}"
    assert redact_text(once) is once


def test_texts_between_credentials_stay() -> None:
    text = f"{PEM} and {PEM}, sk-{R40} or gsk_{R40}!"
    assert redact_text(text) == (
        "[redacted private-key] and [redacted private-key], "
        "[redacted openai-key] or [redacted groq-key]!"
    )


@pytest.mark.parametrize("text", INNOCENT)
def test_ordinary_text_stays(text: str) -> None:
    assert redact_text(text) == text


# What is hard on the patterns: credentials, parts of them and what stands around them.
FRAGMENTS = [
    *SECRETS, *INNOCENT, PEM[:40], PEM[-40:], "sk-", "eyJ", "Bearer ", "AKIA", "xox", "-", "_", ".",
    "=", " ", "\n", "\\n", "%3D", "/", "a", R40, "[redacted ", "[redacted jwt]", "]", "A" * 256,
    "data:image/png;base64,",
]  # fmt: skip
hard_texts = st.lists(st.sampled_from(FRAGMENTS), max_size=8).map("".join) | st.text()
words = st.text(string.ascii_lowercase, min_size=1, max_size=19)


@given(hard_texts)
def test_redacting_a_text_twice_changes_nothing_more(text: str) -> None:
    once = redact_text(text)
    assert redact_text(once) is once


@given(words, st.lists(words | words.map(str.title), min_size=1), st.sampled_from("-_. "))
def test_ordinary_words_stay_whatever_joins_them(first: str, others: list[str], mark: str) -> None:
    for opening in ("", "sk-", "sk-ant-", "Bearer "):
        text = f"{opening}{first}{mark}{mark.join(others)}"
        assert redact_text(text) is text


@given(words)
def test_a_text_around_a_credential_stays(word: str) -> None:
    assume("pass" not in word.lower())  # "requirepass" makes a password of all that follows
    assert redact_text(f"{word} sk-{R40}, {word}") == f"{word} [redacted openai-key], {word}"


@pytest.mark.parametrize("prefix", ["sk-", "sk-ant-", "gsk_", "xoxb-", "Bearer "])
def test_two_keys_of_a_kind_are_redacted_alike(prefix: str) -> None:
    assert redact_text(f"{prefix}{R40}") == redact_text(f"{prefix}{R40[::-1]}")


@pytest.mark.parametrize(
    "piece",
    [
        "sk-", "sk-learn-", "eyJ", "eyJ-", "eyJ0123456789-", ".eyJ", "Bearer ", "Bearer word.", "AKIA",
        "ghp_", "github_pat_", "xoxb", "-", "A ", "A", "密钥", "word and another, ",
        "-----BEGIN ", "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\n", "PRIVATE KEY",
    ],
)  # fmt: skip
@pytest.mark.parametrize("start", ["", "-----BEGIN PRIVATE KEY-----", "Bearer ", "x sk-"])
def test_a_megabyte_of_beginnings_is_read_in_linear_time(start: str, piece: str) -> None:
    text = start + piece * (1_000_000 // len(piece)) + f" gsk_{R40}"
    assert redact_text(text).endswith(" [redacted groq-key]")


@pytest.mark.parametrize("piece", ["sk-", "sk-learn-", "eyJ", "-----BEGIN PRIVATE KEY-----", "é "])
def test_a_megabyte_without_credentials_stays(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    assert redact_text(text) is text


def test_a_megabyte_of_credentials_is_redacted() -> None:
    assert redact_text(f"{PEM} sk-{R40}\n" * 6_000) == (
        "[redacted private-key] [redacted openai-key]\n" * 6_000
    )


@pytest.mark.parametrize("kind", planted(0))
def test_a_secret_of_each_kind_is_found_in_a_sentence(kind: str) -> None:
    for seed in range(5):
        each = planted(seed)[kind]
        assert each.secret not in redact_text(f"Use {each.text} for it.")


@pytest.mark.parametrize("kind", planted(0))
def test_two_secrets_of_a_kind_leave_the_same_text(kind: str) -> None:
    one, other = planted(1)[kind], planted(2)[kind]
    assert redact_text(f"Use {one.text} for it.") == redact_text(f"Use {other.text} for it.")


def test_secrets_come_with_their_places_and_kinds() -> None:
    text = f"a sk-{R40}, Bearer {R40}"
    assert [(text[each.start : each.end], each.kind) for each in secrets_in(text)] == [
        (f"sk-{R40}", "openai-key"),
        (R40, "bearer-token"),
    ]


def test_secrets_that_overlap_are_one() -> None:
    assert redact_text(f"https://me:sk-{R40}@host") == "https://me:[redacted password]@host"


@pytest.mark.parametrize(
    "text",
    [
        "commit 3f786850e387550fdab836ed7e6dc881de23001b",
        "3f786850e387550fdab836ed7e6dc881de23001b",
        "01a2073d-d5d4-7972-ae41-2a3946fa3655",
        '{"id": "01a2073d-d5d4-7972-ae41-2a3946fa3655", "session_id": "3936dc7d-5ed4-4561-8b2f"}',
        f"call_{R40[:24]}",
        f"toolu_01{R40[:22]}",
        f"msg_{R40[:24]}",
        f"resp_{R40}{R40[:8]}",
        f'{{"id": "call_{R40[:24]}", "name": "f"}}',
        "claude-sonnet-4-5-20250929, gpt-4.1-mini-2025-04-14, gemini-2.5-flash-preview-09-2025",
        "sha512-" + R40 * 2 + "==",
        '"integrity": "sha512-' + R40 * 2 + '=="',
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "sk-test, sk-..., sk-xxxx, YOUR_API_KEY, <your-api-key>, $OPENAI_API_KEY",
        "api_key=os.environ['OPENAI_API_KEY2'], token = get_token_2(request), password: str",
        "max_tokens: 4096, prompt_tokens=31, next_page_token=abc123",
        "postgres://user:password@localhost/db, https://user:$PASSWORD@host, https://me@host/",
        "https://github.com/nodejs/node/pull/34572/files#diff-3f786850e387550fdab836ed7e6dc881de23001b",
        "/home/me/.cache/pypoetry/virtualenvs/app-Xk2p9QzL-py3.12/lib/python3.12/site-packages",
        "Basic understanding of Bearer tokens, and Basic authentication",
        "Set the cookie: theme=dark; path=/; max-age=3600",
        "the secret: be kind; password: the one you chose",
        "gAAAAAB" + R40 * 8 + "-sk-" + R40,
        "the keyboard-key-of-monkeys and the pat-a-cake",
        "PASS: tests/e2e/test_3x5y7.py::test_a1, OLDPWD=/home/me/proj/a1b2c3x",
        f"h1:{R40}= go.sum, sha1-{R40[:27]}=, etag: {R40[:32]}, trace_id={R40[:32]}",
        "arn:aws:iam::123456789012:role/app1x2y, 2001:db8:85a3:8d3:1319:8a2e:370:7348",
        f"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ{R40}{R40}{R40} me@host",
        f"-----BEGIN CERTIFICATE-----\\nMIIB{R40}\\n-----END CERTIFICATE-----",
        f'<input name="q1" value="{R40}"> cache_key={R40}',
        "password reset for user2x3y@example.com; forgot password? see /reset/page2x3",
        '{"properties": {"password": {"type": "string", "description": "min 8"}}}',
        "def login(password: str | None = None, token=None): ...",
        "kubectl get secret db -o jsonpath={.data.password} | base64 -d",
        "git@github.com:me/repo1x2y.git, https://me@github.com/x/y, me@example.com",
        "TOKEN_PATH=/tmp/a1b2c3d4e5f6g7h8/token, --token-count 123456789012345678",
        "2026-11-25T10:00:00.000Z tsid=AC-12 SK-17",
        "-rw-r--r-- 1 me me 1203456789012345 Jan 1 00:00 a-very-long-name-of-a-file_2026.txt",
        "use the token counter, the token budget_of_2048_tokens and the token tokenizer_v2_cl100k_base",
        '{"name": "login", "parameters": {"properties": {"api_key": {"type": "string"}, "token": {}}}}',
        "SyntaxError: Unexpected token 'a', \"a1b2c3d4e5f6a7b8\" is not valid JSON",
        "the next page token CAUQAAx1y2z3a4b5c6, a cursor token eyJvZmZzZXQiOjEwMH0 and a sync token 1x2y3z4a5b6c7d8e",
        "the key 3f786850e387550fdab836ed7e6dc881de23001b of the cache, and the primary key 01a2073d-d5d4-7972",
        "if password != expected_password_2: raise WrongPassword2('no password')",
        "hash_password(password, salt=salt_1), verify_token(token), compare_digest(a, b), rotate_secret()",
        "tokens = tokenizer.encode(text_1x2y3z4a5b6c7d8e); token_ids[0] = 50256",
        "a secret santa, an open secret 2024, secret ingredient: 100g butter2sugar",
        "git log --format=%H 3f786850e387550fdab836ed7e6dc881de23001b..9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        "index 3f78685..9f86d08 100644, @@ -1,7 +1,7 @@ def token(self):",
        "Merge pull request #12 from me/token-refresh-3x2y, Signed-off-by: Me <me1x2y@example.com>",
        "docker pull ghcr.io/me/app@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "http://localhost:3000/api/users/@me, https://unpkg.com/pkg@1.2.3/dist/a1b2.js, npm i @types/node@20.1.2",
        "key: value, key=1, KEY_ENTER = 13, keydown2, keys: [a1, b2], foreign key (user_id) references users2",
        "curl -H 'Authorization: Bearer $TOKEN' https://api.example.com/v1/x?key=KEY&token=TOKEN",
        "API key not found. Set OPENAI_API_KEY or pass api_key=... to the client (see docs/api_keys_v2.md).",
        "The access token expired at 2026-11-25T10:00:00.000Z after 3600s; token type Bearer, scope read:user2",
        "signature: (a: int, b: str = 'x1y2z3') -> bool; signature=sig1; def sign(self): ...",
        '{"type": "thinking", "thinking": "x", "signature": "EqoBCkgIARABGAIiQL' + R40 * 3 + '=="}',
        "new value: 42; old value: red-500; New value: 3f786850e387550fdab836ed7e6dc881de23001b",
        "win -p:8080 tool -p 8080:80, msbuild -p:Configuration=Release, psexec \\\\host -u me cmd",
        "HTTP/1.1 401 Unauthorized WWW-Authenticate: Digest realm=x, qop=auth, algorithm=SHA-256",
        "the password field, a password of 12 characters, password_hash_algorithm: argon2id_v19",
        '<input type="password" name="password" id="password_2" autocomplete="current-password">',
        "UUIDs: 01a2073d-d5d4-7972-ae41-2a3946fa3655 and {01A2073D-D5D4-7972-AE41-2A3946FA3655}",
        'trace 4bf92f3577b34da6a3ce929d0e0e4736, span 00f067aa0ba902b7, etag W/"3f786850e387550f"',
        "os.environ.get('DB_PASSWORD_2'), process.env.SECRET_KEY_V2, ${{ secrets.NPM_TOKEN_2 }}, $env:TOKEN2",
        "the token `<|endoftext|>`, the token `<|im_start_1|>`, token 'Ġhello2', special token [CLS_1]",
        "const token = await getAccessTokenSilently2({audience}); setToken(tokenResponse2.accessToken)",
    ],
)
def test_what_only_looks_random_stays(text: str) -> None:
    assert redact_text(text) is text


def test_the_beginning_of_long_base64_is_looked_at_and_its_middle_is_not() -> None:
    blob = "ab/" + R40 * 8
    assert redact_text(f"data {blob}/AIza{R40}") == f"data {blob}/AIza{R40}"
    assert redact_text(f"data AIza{R40}{R40 * 8}") == "data [redacted google-key]"


@pytest.fixture
def own_patterns() -> Iterator[None]:
    set_own({"ticket": r"ACME-\d+"})
    yield
    set_own({})


@pytest.mark.usefixtures("own_patterns")
def test_own_patterns_are_secrets_too() -> None:
    assert redact_text("see ACME-1 and ACME-22") == "see [redacted ticket] and [redacted ticket]"
    assert redact_text(f"ACME-1 sk-{R40}") == "[redacted ticket] [redacted openai-key]"


def test_own_patterns_are_forgotten() -> None:
    set_own({"ticket": r"ACME-\d+"})
    assert redact_text("see ACME-1 please") == "see [redacted ticket] please"
    set_own({})
    assert redact_text("see ACME-1 please") == "see ACME-1 please"


@pytest.mark.parametrize("pattern", ["(", "a*", "redacted", r"\w+"])
def test_an_own_pattern_that_would_match_everywhere_is_refused(pattern: str) -> None:
    with pytest.raises(UsageError, match="redact: mine"):
        set_own({"mine": pattern})
    set_own({})


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_where_pieces_of_a_long_text_meet_is_found(
    secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "so many words "
    lead, rest = words * 120, words * 200
    texts = [f"{lead[: 1400 + at]}\n{secret}\n{rest}" for at in range(0, 140, 10)]
    whole = [redact_text(text) for text in texts]
    monkeypatch.setattr("rechat.values.scan.PIECE", 190)
    monkeypatch.setattr("rechat.values.secrets.text._TOGETHER", 400)
    assert [_redacted(text) for text in texts] == whole
    assert not any(secret in text for text in whole)
