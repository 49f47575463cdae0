"""Renders text from models and clients as HTML that is safe to show.

The text is untrusted. HTML in it is shown as text; links lead only to web addresses and are never
followed by the page itself; images are named but not loaded.
"""

from typing import Any
from urllib.parse import urlsplit

import mistune
from mistune.util import escape

# Longer texts are not rendered: it takes time, and nobody reads them in this form.
LONGEST = 50_000


class _Renderer(mistune.HTMLRenderer):
    def __init__(self) -> None:
        super().__init__(escape=True)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """A link to a web address; any other address is shown as text."""
        del title
        if urlsplit(url).scheme not in ("http", "https"):
            return f"{text} ({escape(url)})"
        return f'<a href="{escape(url)}" rel="noopener noreferrer" target="_blank">{text}</a>'

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """The name and the address of the image."""
        del title
        return f'<span class="image">[image {text} {escape(url[:200])}]</span>'

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:  # noqa: FBT001, FBT002
        """A cell. Inline styles are not allowed on this page, so the style sheet aligns it. An
        empty heading cell is a plain cell.
        """
        name = "th" if head and text else "td"
        aligned = f' class="{align}"' if align in ("left", "center", "right") else ""
        return f"<{name}{aligned}>{text}</{name}>\n"


_render: Any = mistune.create_markdown(
    renderer=_Renderer(), plugins=["strikethrough", "table", "task_lists"]
)


def html_of(text: str) -> str:
    """The text rendered as Markdown; a long one as a single preformatted block."""
    if len(text) > LONGEST:
        return f"<pre>{escape(text)}</pre>"
    return str(_render(text))
