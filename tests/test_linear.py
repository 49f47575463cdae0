"""Texts of clients, servers and files that make careless expressions slow: none may take long.

The time limit is the only assertion about time: it is far above what a slow machine needs, and far
below what an expression takes that looks at the text once for each place in it.
"""

from collections.abc import Callable
from contextlib import suppress

import pytest

from rechat.dialects.shared import multipart
from rechat.dialects.shared import sse
from rechat.dialects.shared.tokens import tokens
from rechat.format import body
from rechat.format import parse
from rechat.format import wire
from rechat.format import yaml as fields
from rechat.matching import compile_pattern
from rechat.matching import fill
from rechat.matching import wildcards
from rechat.matching.folders import folder_of
from rechat.matching.folders import folders_of_tests
from rechat.matching.folders import replacer
from rechat.matching.folders.moving import moved
from rechat.matching.normalise import RULES
from rechat.matching.normalise import Noise
from rechat.matching.normalise import needed
from rechat.matching.output_rules import in_results
from rechat.observe import search
from rechat.observe.entry import JournalEntry
from rechat.observe.entry import said
from rechat.proxy.hits.framing import Chunks
from rechat.proxy.hits.framing import read_head
from rechat.proxy.layers.upstream_head import plain_head
from rechat.store.handwritten import check
from rechat.store.placement import file_name
from rechat.values import Answer
from rechat.values import Call
from rechat.values import Choice
from rechat.values import Given
from rechat.values import HttpResponse
from rechat.values import JsonError
from rechat.values import Message
from rechat.values import Piece
from rechat.values import RawAnswer
from rechat.values import RechatError
from rechat.values import Reply
from rechat.values import Request
from rechat.values import Section
from rechat.values import Transcript
from rechat.values import assets
from rechat.values import jsontext
from rechat.values.redact import redact_query
from rechat.values.redact import redact_url
from rechat.values.secrets import redact_text

pytestmark = pytest.mark.timeout(30)

SIZE = 1_000_000
# Of what takes steps of Python for each line or bracket: a tenth says as much in a tenth of the time.
SHORTER = 100_000
UNITS = {
    "letters": "a",
    "digits": "1",
    "hex": "1a",
    "hashes": "1a2b3c4 ",
    "words of base64": "a" * 199 + " ",
    "spaces": " ",
    "tabs": "\t",
    "lines": "\n",
    "carriage returns": "\r",
    "slashes": "/",
    "folders": "/a",
    "folders in brackets": "(/a",
    "folders after colons": ":/a",
    "windows folders": "C:\\Users\\",
    "homes": "/home/",
    "claudes": "/.claude",
    "backslashes": "\\",
    "escapes": "\\n",
    "quotes": '"',
    "escaped quotes": '\\"',
    "single quotes": "'",
    "dashes": "-",
    "dots": ".",
    "words with lines below": "a_",
    "dates": "date ",
    "dates that do not end": "date January 1",
    "days": "date Mon, ",
    "months": "Jan ",
    "ids": "01a2073d-",
    "chunks": "Chunk ID: ",
    "times": "Wall time: 1.",
    "zones": "<timezone>",
    "versions": "OS Version: ",
    "folders named": "Working directory: /",
    "a folder named": "<cwd>/a",
    "tags": "<a>",
    "closings": "</a>",
    "reminders": "<system-reminder>",
    "generics": "Map<String,List<Foo>>",
    "openings": "<",
    "holes": "{{",
    "named holes": "{{a",
    "wild cards": "[..]",
    "brackets": "[",
    "braces": "{",
    "lists": "[1,",
    "keys": "-----BEGIN ",
    "private keys": "-----BEGIN PRIVATE KEY-----",
    "private keys cut off": "-----BEGIN PRIVATE KEY-----\\n" + "a" * 16,
    "tokens": "eyJ",
    "tokens with dots": "eyJaaaaaaaaaa.",
    "secrets": "sk-",
    "bearers": "Bearer ",
    "data": "data:",
    "pictures": "data:image/png;base64,",
    "headings": "### user\n",
    "frames": "<blockquote>\n",
    "frames closed": "<blockquote>\na\n</blockquote>\n",
    "quoted lines": "> a\n",
    "fences": "```\n",
    "links": "![a](",
    "comments": "<!--",
    "events": "data: a\n\n",
    "colons": "a:",
    "semicolons": ";",
    "marks": "e\u0301\u0316",
    "marks alone": "\u0301\u0316",
}
TEXTS = {name: unit * (SIZE // len(unit)) for name, unit in UNITS.items()}
# With something at the end that makes what matched so far fail.
TEXTS |= {f"{name}, and more": f'{text}\0\n"x' for name, text in TEXTS.items()}
BLANKS = " " * SIZE
TEXTS["a heading that does not end"] = f"# {BLANKS}<"
TEXTS["a rule that does not end"] = f"--{BLANKS}x"
TEXTS["a hole that does not end"] = f"{{{{{BLANKS}x"
TEXTS["distinct holes"] = "".join(f"{{{{a{number}}}}} " for number in range(SIZE // 12))
TEXTS["distinct tags"] = "".join(f"<x{number}>" for number in range(SIZE // 8)) + "</y>"

OPENING = Message("system", "Working directory: /a/b")
PATTERNS = [
    "[..]a[..]b[..]c",
    "...\na[..]\n...\n{{x}}b\n...",
    "{{x}}{{y}} {{x}}[..]{{y}}!",
    "{{x}}a{{x}}",
]


def noise(text: str) -> None:
    quiet = Noise(RULES, (OPENING,))
    quiet(tuple(Message(role, text) for role in ("system", "user", "tool")))
    quiet((Message("assistant", text, (Call("a", "1", text),)),))


def named(text: str) -> None:
    messages = [Message("user", text)]
    needed(messages)
    folder_of(messages)
    folder_of([*messages, Message("assistant", "pwd"), Message("tool", text)])
    folders_of_tests(messages)
    in_results(f"USER: I ran this command:\n{text}", str)


def move(text: str) -> None:
    answer = Answer((Choice(Message("assistant", text, (Call("a", "1", text),))),))
    moved(answer, "/a", "/b")
    replacer("/a" * 500, "/b")(text)


def like(text: str) -> None:
    for pattern in PATTERNS:
        compile_pattern(pattern).match(text)
    fill(text, {"a": "b"})
    wildcards.tokens_of(text)


def journal(text: str) -> None:
    said(RawAnswer(text))
    asked = Request({}, (Message("user", text),))
    assert len(JournalEntry("hit", "", asked).first_words) <= 1000


def redacted(text: str) -> None:
    redact_text(text)
    redact_url(text)
    redact_query(text)


def head(text: str) -> None:
    raw = text.encode()[: (1 << 16) - 100]
    read_head(raw)
    read_head(b"GET / HTTP/1.1\r\nhost: a\r\nx:" + raw)
    read_head(b"GET / HTTP/1.1\r\nhost: a\r\nx:" + raw + b"\x80")
    with suppress(ValueError):
        Chunks(0).read(raw)


def upstream_head(text: str) -> None:
    raw = text.encode()[: SIZE // 2]
    folded = [b" " + line for line in raw.split(b"\n")]
    plain_head([b"HTTP/1.1 200 OK", b"x: y", *folded])
    plain_head([b"HTTP/1.1 200 OK", *raw[:SHORTER].split(b"\n")])
    plain_head([b"HTTP/1.1 200 OK", b"content-length: " + raw, b"transfer-encoding: " + raw])


def transcript(text: str) -> None:
    for source in (text, f"---\n{text[:10000]}\n---\n\n### user\n\n{text}"):
        with suppress(RechatError):
            parse(source)


def handwritten(text: str) -> None:
    reply = Reply(Answer((Choice(Message("assistant", text)),)))
    questions = [Given(Message("user", text)), Given(Message("user", "Hi"))]
    questions += [Given(Message("user", pattern), "like") for pattern in (text, "{{a}}")]
    for question in questions:
        with suppress(RechatError):
            check(Transcript((Section("", {}, (question, reply)),)))


def form(text: str) -> None:
    content = f'--b\r\ncontent-disposition: form-data; name="{text}\r\n\r\nx\r\n--b--'
    for kind, sent in (("b", content), (text[:20000], "")):
        with suppress(RechatError):
            multipart.read(sent.encode(), f"multipart/form-data; boundary={kind}")


def packed(text: str) -> None:
    response = HttpResponse(200, (), (Piece(0.0, text.encode()),))
    assert wire.unpack(wire.pack(response)).body == response.body


def yaml(text: str) -> None:
    with suppress(RechatError, JsonError):
        fields.read(f'a: ["{text[:100_000]}', 1)
    fields.write({"a": text, "b": [text]})


def spoken(text: str) -> None:
    list(sse.read(text))
    tokens(text)


def written(text: str) -> None:
    body.read_quote(text)
    assert body.write(text)
    assets.split_data_url(text)
    jsontext.dump_visible(text)


def name(text: str) -> None:
    for api, settings in (("openai.chat", {}), ("", {"method": "GET", "path": text})):
        asked = Request({**settings}, (Message("user", text),), api=api or "raw")
        assert len(file_name(asked)) < 100


FUNCTIONS: list[Callable[[str], object]] = [
    noise,
    named,
    move,
    like,
    journal,
    redacted,
    search.parse,
    head,
    upstream_head,
    transcript,
    handwritten,
    form,
    packed,
    yaml,
    spoken,
    written,
    name,
]
AT_ONCE = {journal, redacted, head, upstream_head, form, packed, name}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
@pytest.mark.parametrize("name", TEXTS)
def test_no_text_takes_more_than_moments(function: Callable[[str], object], name: str) -> None:
    text = TEXTS[name]
    function(text if function in AT_ONCE else text[:SHORTER] + text[-4:])
