"""Text of models and clients as HTML that a page may show.

All of it is untrusted. HTML in it is shown as text; a link leads only to a web address, and is
never followed by the page itself; an image is not loaded but named.
"""

from typing import Any
from urllib.parse import urlsplit

import mistune
from mistune.util import escape

# Longer texts are shown as they are: rendering takes time, and nobody reads them so.
LONGEST = 50_000


class _Renderer(mistune.HTMLRenderer):
    def __init__(self) -> None:
        super().__init__(escape=True)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """A link to a web address; any other address is shown."""
        del title
        if urlsplit(url).scheme not in ("http", "https"):
            return f"{text} ({escape(url)})"
        return f'<a href="{escape(url)}" rel="noopener noreferrer" target="_blank">{text}</a>'

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """What the image is called and where it is."""
        del title
        return f'<span class="image">[image {text} {escape(url[:200])}]</span>'


_render: Any = mistune.create_markdown(
    renderer=_Renderer(), plugins=["strikethrough", "table", "task_lists"]
)


def html_of(text: str) -> str:
    """The text as HTML, read as Markdown; a long one in one block, as it is."""
    if len(text) > LONGEST:
        return f"<pre>{escape(text)}</pre>"
    return str(_render(text))
