"""Text as HTML that cannot do anything."""

import re

import pytest

from rechat.web.rendering import LONGEST, html_of

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe src=javascript:alert(1)></iframe>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    '[x](https://a.test/"onmouseover="alert(1))',
    "![x](https://evil.test/track.png)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    '![x" onerror="alert(1)](https://evil.test/x.png)',
    "<a href='javascript:alert(1)'>x</a>",
    '<https://evil.test/"onmouseover=alert(1)>',
    "<style>@import 'https://evil.test/x.css'</style>",
    "<link rel=stylesheet href=https://evil.test/x.css>",
    "<meta http-equiv=refresh content='0;url=https://evil.test'>",
    "<form action=https://evil.test><input name=x></form>",
    "<base href=https://evil.test/>",
    "<math><mtext><img src=x onerror=alert(1)></mtext></math>",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    '```"><img src=x onerror=alert(1)>\nx\n```',
    "| <img src=x onerror=alert(1)> |\n|---|\n| <script>1</script> |",
    "# <script>alert(1)</script>",
    "[x]: javascript:alert(1)\n\n[x]",
]
_TAG = re.compile(r"<(/?)([a-zA-Z0-9]+)([^<>]*)>")
_HARMLESS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "hr", "input", "li", "ol", "p",
    "pre", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_is_left(text: str) -> None:
    html = html_of(text)
    for _, name, attributes in _TAG.findall(html):
        assert name in _HARMLESS, html
        assert not re.search(r"(?i)\s(on\w+|src|style|action)\s*=", attributes), html
        for url in re.findall(r'href="([^"]*)"', attributes):
            assert url.startswith(("http://", "https://")), html


def test_markdown_is_rendered() -> None:
    html = html_of("**bold** [a](https://a.test/?b=1&c=2)\n\n```py\nx < 1\n```\n\n~~old~~")
    assert "<strong>bold</strong>" in html
    assert '<a href="https://a.test/?b=1&amp;c=2" rel="noopener noreferrer"' in html
    assert "x &lt; 1" in html
    assert "<del>old</del>" in html


def test_a_picture_is_named_and_not_loaded() -> None:
    assert html_of("![a cat](https://a.test/cat.png)") == (
        '<p><span class="image">[image a cat https://a.test/cat.png]</span></p>\n'
    )


def test_a_long_text_is_shown_as_it_is() -> None:
    assert html_of("*<" * LONGEST) == f"<pre>{'*&lt;' * LONGEST}</pre>"
