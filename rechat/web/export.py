"""A session as one self-contained HTML file, to be shared and opened later.

It contains the page's script and style, and the exchanges as data. Its content security policy
names the hashes of both, so that nothing else in the file can run.
"""

import base64
import hashlib
import re
from collections.abc import Sequence

from rechat.observe import Logged
from rechat.observe import Prices
from rechat.values import Headers
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import jsontext
from rechat.web.details import details
from rechat.web.replies import STATIC

HEADERS: Headers = (
    ("content-type", "text/html; charset=utf-8"),
    ("content-disposition", 'attachment; filename="rechat-session.html"'),
    ("content-security-policy", "sandbox"),
    ("x-content-type-options", "nosniff"),
)
_STYLE = re.compile('<link rel="stylesheet" href="/_rechat/static/([a-z]+[.]css)">')
_IMPORT = re.compile(r'^import \{ ([^}]+) \} from "\./([a-z]+)\.js";$\n?', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|function\*?|class) ([\w$]+))", re.MULTILINE)
_EXPORTED = re.compile(r"^export (?:async )?(?:const|function\*?|class) ([\w$]+)", re.MULTILINE)


def page_of(logged: Sequence[Logged], url: str = "", prices: Prices | None = None) -> bytes:
    """The file that shows some entries; `url` is where their requests can be sent again."""
    return page([details(one, url, prices) for one in logged])


def page(exchanges: Sequence[JsonObject]) -> bytes:
    """The file that shows these exchanges."""
    whole = (STATIC / "page.html").read_text("utf-8")
    script = bundle("main")
    style = "".join((STATIC / name).read_text("utf-8") for name in _STYLE.findall(whole))
    rows: list[Json] = list(exchanges)
    # Nothing in the data may end the element that contains it.
    data = jsontext.dump(rows).replace("<", "\\u003c")
    policy = (
        f"default-src 'none'; img-src data:; media-src data:; script-src '{_hash(script)}'; "
        f"style-src '{_hash(style)}'; base-uri 'none'; form-action 'none'"
    )
    body = whole.partition("<body>")[2]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="content-security-policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>rechat session</title>\n<style>{style}</style>\n</head>\n<body>{body}"
        f'<script type="application/json" id="session">{data}</script>\n'
        f"<script>{script}</script>\n"
    ).encode()


def bundle(name: str) -> str:
    """A module of the page and all that it imports as one script: a function for each module, in an
    order in which imported modules come first.
    """
    done: list[str] = []
    _add(name, done)
    return "".join(["'use strict';\n", *map(_wrapped, done)])


def _add(name: str, done: list[str]) -> None:
    for _, other in _IMPORT.findall(_text(name)):
        if other not in done:
            _add(other, done)
    done.append(name)


def _text(name: str) -> str:
    return (STATIC / f"{name}.js").read_text("utf-8")


def _wrapped(name: str) -> str:
    text = _text(name)
    names = ", ".join(_EXPORTED.findall(text))
    inner = _EXPORT.sub("", _IMPORT.sub(_taken, text))
    return f"const in_{name} = (() => {{\n{inner}return {{ {names} }};\n}})();\n"


def _taken(match: re.Match[str]) -> str:
    names = match[1].replace(" as ", ": ")
    return f"const {{ {names} }} = in_{match[2]};\n"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
