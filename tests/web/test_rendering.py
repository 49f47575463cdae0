"""Text as HTML that cannot do anything."""

import re

import pytest
from hostile import HOSTILE

from rechat.web.rendering import LONGEST
from rechat.web.rendering import html_of

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


def test_an_empty_cell_is_no_heading() -> None:
    html = html_of("| | A |\n|---|--:|\n| b | 1 |\n")
    cells = re.findall(r"<(t[hd]\b[^>]*)>([^<]*)<", html)
    right = ' class="right"'
    assert cells == [("td", ""), (f"th{right}", "A"), ("td", "b"), (f"td{right}", "1")]


def test_a_picture_is_named_and_not_loaded() -> None:
    assert html_of("![a cat](https://a.test/cat.png)") == (
        '<p><span class="image">[image a cat https://a.test/cat.png]</span></p>\n'
    )


def test_a_long_text_is_shown_as_it_is() -> None:
    assert html_of("*<" * LONGEST) == f"<pre>{'*&lt;' * LONGEST}</pre>"


def test_a_table_is_aligned_without_styles() -> None:
    html = html_of("| a | b |\n|---|--:|\n| 1 | 2 |")
    assert '<td class="right">2</td>' in html
    assert "style" not in html
