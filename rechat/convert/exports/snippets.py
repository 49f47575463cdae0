"""Questions as commands and programs that ask them."""

import pprint
import shlex
from collections.abc import Sequence

from rechat.convert.exports.record import Record
from rechat.convert.exports.record import body_of
from rechat.convert.exports.record import url_of
from rechat.values import Request
from rechat.values import jsontext

_HEADERS = {
    "anthropic.messages": ('"x-api-key: $ANTHROPIC_API_KEY"', "'anthropic-version: 2023-06-01'"),
    "google.gemini": ('"x-goog-api-key: $GEMINI_API_KEY"',),
}
_OPENAI = ('"authorization: Bearer $OPENAI_API_KEY"',)
_HEAD = '''\
"""Asks {url}; the key is in the environment variable {variable}."""

import json
import os
import urllib.request

body = {body}
request = urllib.request.Request(
    {url!r},
    json.dumps(body).encode(),
    {{"content-type": "application/json", {header}}},
)
with urllib.request.urlopen(request) as response:
    print(response.read().decode())
'''
_KEYS = {
    "anthropic.messages": (
        "ANTHROPIC_API_KEY",
        '"x-api-key": os.environ["ANTHROPIC_API_KEY"], "anthropic-version": "2023-06-01"',
    ),
    "google.gemini": ("GEMINI_API_KEY", '"x-goog-api-key": os.environ["GEMINI_API_KEY"]'),
}
_OPENAI_KEY = (
    "OPENAI_API_KEY",
    '"authorization": "Bearer " + os.environ["OPENAI_API_KEY"]',
)


def curl(records: Sequence[Record]) -> str:
    """A command for each question; keys come from the environment."""
    return "\n".join(f"# {_plain(record.name)}\n{_curl(record.request)}\n" for record in records)


def _curl(request: Request) -> str:
    headers = ("'content-type: application/json'", *_HEADERS.get(request.api, _OPENAI))
    told = " ".join(f"-H {text}" for text in headers)
    body = shlex.quote(jsontext.dump(body_of(request)))
    return f"curl -sS {shlex.quote(url_of(request))} {told} --data-raw {body}"


def python(records: Sequence[Record]) -> str:
    """A program for each question that needs nothing but Python."""
    return "\n\n".join(f"# {_plain(record.name)}\n{_python(record.request)}" for record in records)


def _python(request: Request) -> str:
    variable, header = _KEYS.get(request.api, _OPENAI_KEY)
    body = pprint.pformat(body_of(request), sort_dicts=False, width=96)
    return _HEAD.format(url=url_of(request), variable=variable, body=body, header=header)


def _plain(name: str) -> str:
    return " ".join(name.split())
