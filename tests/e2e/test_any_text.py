"""Any text, as a question and as an answer, survives record → Markdown → replay in a fresh process."""

import importlib.metadata
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from process import Rechat
from upstream import Json
from upstream import Received
from upstream import Upstream

# The specification's spec.txt is not ours to ship; name a copy to test its 652 examples too.
SPEC = os.environ.get("COMMONMARK_SPEC", "")

HAZARDS = {
    "empty": "",
    "one space": " ",
    "blank ends": "\n\ntext\n\n",
    "CRLF": "one\r\ntwo\r\n",
    "lone CR": "one\rtwo",
    "controls": "".join(map(chr, range(32))) + "\x7f\x85\u2028\u2029\ufeff",
    "lone surrogates": "\ud800 and \udfff",
    "astral": "😀𝔘",
    "closers": "</blockquote>\n</blockquote>\n",
    "our own structure": "---\nmodel: x\n---\n\n### user\n\n<blockquote>\n\nHi\n\n</blockquote>",
    "unclosed fence": "```python\nprint(1)",
    "unclosed comment": "text\n<!-- never closed",
    "conflict markers": "<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs",
    "holes and wildcards": "{{name}} [..]\n...\n",
    "trailing spaces": "one  \ntwo\t\n   ",
    "one line of a megabyte": "x " * 500_000,
    "many lines": "line\n" * 50_000,
}


# What is redacted: the hash of a password and a token, in READMEs of libraries that make such.
CREDENTIAL = re.compile(r"\$argon2id\$[^']+|eyJ[\w-]+\.[\w-]+\.[\w-]*")


def descriptions() -> Iterator[tuple[str, str]]:
    """The READMEs of the packages that are installed here."""
    for package in importlib.metadata.distributions():
        metadata: Any = package.metadata
        text = metadata.get_payload()
        if isinstance(text, str) and len(text) > 500:
            yield f"README of {package.name}", CREDENTIAL.sub("a credential", text)


def examples() -> Iterator[tuple[str, str]]:
    """The examples of the CommonMark specification, source and HTML."""
    text = Path(SPEC).read_text("utf-8") if SPEC else ""
    found = re.findall(r"^`{32} example\n([\s\S]*?)^\.\n([\s\S]*?)^`{32}$", text, re.MULTILINE)
    for number, (source, html) in enumerate(found, 1):
        yield f"CommonMark {number}", source.replace("→", "\t")
        yield f"CommonMark {number} as HTML", html.replace("→", "\t")


TEXTS = HAZARDS | dict(descriptions()) | dict(examples())


def echo(received: Received) -> Json:
    """Says what was asked, and nothing else."""
    text = received.json["messages"][-1]["content"]
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return Json(
        {"id": f"chatcmpl-{received.number}", "created": 1, "model": "m", "choices": [choice]}
    )


def ask(client: httpx.Client, name: str) -> httpx.Response:
    messages = [{"role": "system", "content": name}, {"role": "user", "content": TEXTS[name]}]
    body = json.dumps({"model": "m", "messages": messages})
    return client.post("/chat/completions", content=body)


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a replay of all texts from Markdown alone."""
    folder = tmp_path_factory.mktemp("texts")
    with Upstream() as upstream, Rechat("record", "-q", upstream.url, folder=folder) as rechat:
        upstream.reply(echo)
        with httpx.Client(base_url=rechat.url, timeout=60) as client:
            for name in TEXTS:
                assert ask(client, name).headers["x-rechat"] == "recorded", name
    shutil.rmtree(folder / "transcripts" / ".wire")
    with (
        Rechat("replay", "-q", folder=folder) as rechat,
        httpx.Client(base_url=rechat.url, timeout=60) as client,
    ):
        yield client


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_comes_back_as_it_was(replayed: httpx.Client, name: str) -> None:
    reply = ask(replayed, name)
    assert reply.headers["x-rechat"] == "hit"
    assert reply.json()["choices"][0]["message"]["content"] == TEXTS[name]


@pytest.mark.skipif(
    not SPEC, reason="COMMONMARK_SPEC names no copy of the specification's spec.txt"
)
def test_all_examples_of_the_specification_were_there() -> None:
    assert sum(name.startswith("CommonMark") for name in TEXTS) == 2 * 652
