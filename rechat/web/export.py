"""A session as one self-contained HTML file, to be shared and opened later.

It contains the page's script and style, and the exchanges as data. Its content security policy
names the hashes of both, so that nothing else in the file can run.
"""

import base64
import hashlib
from collections.abc import Sequence
from importlib import resources

from rechat.values import Headers
from rechat.values import Json
from rechat.values import JsonObject
from rechat.values import jsontext

HEADERS: Headers = (
    ("content-type", "text/html; charset=utf-8"),
    ("content-disposition", 'attachment; filename="rechat-session.html"'),
    ("content-security-policy", "sandbox"),
    ("x-content-type-options", "nosniff"),
)
_STATIC = resources.files("rechat.web") / "static"


def page(exchanges: Sequence[JsonObject]) -> bytes:
    """The file that shows these exchanges."""
    script = (_STATIC / "app.js").read_text("utf-8")
    style = (_STATIC / "app.css").read_text("utf-8")
    rows: list[Json] = list(exchanges)
    # Nothing in the data may end the element that contains it.
    data = jsontext.dump(rows).replace("<", "\\u003c")
    policy = (
        f"default-src 'none'; img-src data:; script-src '{_hash(script)}'; "
        f"style-src '{_hash(style)}'; base-uri 'none'; form-action 'none'"
    )
    body = (_STATIC / "page.html").read_text("utf-8").partition("<body>")[2]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="content-security-policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>rechat session</title>\n<style>{style}</style>\n</head>\n<body>{body}"
        f'<script type="application/json" id="session">{data}</script>\n'
        f"<script>{script}</script>\n"
    ).encode()


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
