"""A text in a Markdown file, in one of three forms, none of which escapes anything.

Frame, the default for plain text: a line `<blockquote>`, a blank line, the text, a blank line, a
line `</blockquote>`. Quote: every line prefixed with `> `; a blank line is `>`. It holds any text
of LF lines. Literal: a `json` fence with the exact string, for what neither can show (CR, control
characters, lone surrogates).

The rules that keep one message from hiding the next:

1. A `<blockquote>` does not isolate its content in GitHub, GitLab or VS Code: an unclosed fence,
   `<pre>` or `<!--` swallows the rest of the page. So a frame holds only text that `fits_frame`
   allows, a rule that says no when in doubt. (With a Markdown parser as the judge, 30 of 30,000
   random texts broke out; with this rule none of 180,000.)
2. What could be read as transcript structure (a heading, `---`, `<blockquote>`) goes into a quote
   too, so that a frame that somebody forgot to close is detected instead of swallowing the next
   message.
3. `write` reads back what it wrote and takes the next form if that differs.
"""

import re

from rechat.values import JsonError
from rechat.values import has_any
from rechat.values import jsontext

OPENING = "<blockquote>"
CLOSING = "</blockquote>"

# Even inside a fenced block: transcript structure, and git's conflict markers.
_NEVER = re.compile(r"</?blockquote|#{3} |<{7}|>{7}|\|{7} ")
# Outside a fence: headings (`# a`), underlines and rules (`---`, `===`), GitLab's fences (`>>>`,
# `:::`).
_BLOCK = re.compile(r" {0,3}(?:#{1,6}(?:\s|$)|-{2,}\s*$|=+\s*$|>{3}|:{3})")
# A line whose first mark, after list and quote markers, is `<` may start an HTML block.
_HTML = re.compile(r"[\s>*+\-\d.)]*<")
# VS Code treats a line that begins with `$$` as a block of math, up to the next `$$`.
_MATH = re.compile(r"[\s>*+\-\d.)]*\$\$")
_LINE_OF_MATH = re.compile(r"\$\$[^$]+\$\$")
_QUOTE_MARK = re.compile(r"^> ?", re.MULTILINE)
# "```python"
_FENCE = re.compile(r"(`{3,}+|~{3,}+)[^`]*$")


def fits_frame(text: str) -> bool:
    """Whether a frame can hold the text in every renderer."""
    lines = text.split("\n")
    has_blank_end = not lines[0].strip() or not lines[-1].strip()
    if has_blank_end or has_any(jsontext.UNPRINTABLE, text):
        return False
    fence, is_math = "", False
    for line in lines:
        if _NEVER.match(line):
            return False
        if fence:
            if line == fence:
                fence = ""
            elif line.lstrip().startswith(fence):
                return False
        elif _MATH.match(line) or (is_math and "$$" in line):
            if line == "$$":
                is_math = not is_math
            elif is_math or not _LINE_OF_MATH.fullmatch(line):
                return False
        elif not is_math and (opening := _FENCE.match(line)):
            fence = opening[1]
        elif "```" in line or "~~~" in line or _BLOCK.match(line) or _HTML.match(line):
            return False
    return not (fence or is_math)


# “ ” „ ‘ ’, which editors insert for quotes.
_TYPOGRAPHIC = re.compile("[\u2018-\u201f]")
# {'key': and ['text'
_SINGLE_QUOTED = re.compile(r"[{\[,][ \t\n]{0,20}'")
# "// a" and "# a" at the end of a line or on a line of its own, "/* a */".
_COMMENT = re.compile(r"^[ \t]*(?://|#|/\*)|[,{}\[\]\"\d][ \t]+(?://|#|/\*)", re.MULTILINE)
# {key: and , key:
_BARE_KEY = re.compile(r"[{,][ \t\n]{0,20}\w{1,60}[ \t]{0,20}:")
_TRAILING_COMMA = re.compile(r",[ \t\n]{0,20}[}\]]")


def frame(text: str) -> str:
    """The text as a frame, without a final newline."""
    return f"{OPENING}\n\n{text}\n\n{CLOSING}"


def read_frame(inside: str) -> str:
    """The text of a frame, from its content between the two lines; the blank lines around it may be
    missing.
    """
    inside = inside.removeprefix("\n")
    inside = inside.removesuffix("\n")
    return inside.removesuffix("\n")


def quote(text: str) -> str:
    """The text as a quote, without a final newline."""
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


def read_quote(lines: str) -> str:
    """The text of a quote, from its lines: `>` and one space are removed from each."""
    lines = lines.removesuffix("\n")
    if lines.startswith("> ") and lines.count("\n> ") == lines.count("\n"):
        return lines[2:].replace("\n> ", "\n")
    return _QUOTE_MARK.sub("", lines)


def literal(text: str) -> str:
    """The text as a JSON string in a fence, without a final newline."""
    return f"```json\n{jsontext.quote(text)}\n```"


def write(text: str) -> str:
    """The text in the first form that holds it, without a final newline."""
    if fits_frame(text) and read_frame(f"\n{text}\n\n") == text:
        return frame(text)
    if not has_any(jsontext.UNPRINTABLE, text) and read_quote(quote(text)) == text:
        return quote(text)
    return literal(text)


def read_literal(inside: str) -> jsontext.Json:
    """The value of a literal, from the content of its fence. Raises `JsonError`."""
    try:
        return jsontext.parse(inside)
    except JsonError as error:
        problem = f"a json fence holds one JSON value: {error}"
        remedy = json_remedy(inside) or _text_remedy(inside)
        raise JsonError(f"{problem}{remedy}") from None


def _text_remedy(text: str) -> str:
    """The remedy for plain text where JSON is expected."""
    if text.lstrip()[:1] in ("{", "[", '"'):
        return ""
    return " (for a text, leave out the fence and start each line with `> `)"


def json_remedy(text: str) -> str:
    """The remedy for a text that is not JSON, if it is obvious; else empty."""
    if _TRAILING_COMMA.search(text):
        return " (take out the comma after the last member)"
    if _COMMENT.search(text):
        return " (JSON has no comments)"
    if _SINGLE_QUOTED.search(text):
        return " (JSON has double quotes: write \" in place of ')"
    if _TYPOGRAPHIC.search(text):
        return ' (it has typographic quotes: write ")'
    if _BARE_KEY.search(text):
        return ' (names are in double quotes: {"name": 1})'
    return ""
