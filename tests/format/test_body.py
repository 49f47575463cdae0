"""A text comes back from each form, and none hides the message after it."""

import functools
import re
from collections.abc import Callable

import cmarkgfm
import comrak
import pytest
from cmarkgfm.cmark import Options
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from markdown_it import MarkdownIt
from strategies import hazardous_texts
from strategies import plain_texts
from strategies import texts

from rechat.format import body
from rechat.values import jsontext
from rechat.values.jsontext import JsonError


def read(written: str) -> jsontext.Json:
    """What a body says, whatever its form."""
    if written.startswith(body.OPENING):
        return body.read_frame(written[len(body.OPENING) + 1 : -len(body.CLOSING)])
    if written.startswith(">"):
        return body.read_quote(written)
    return body.read_literal(written.removeprefix("```json\n").removesuffix("\n```"))


@given(texts)
@settings(deadline=None, max_examples=500)
@example("")
@example("\n")
@example("> a")
@example(">")
@example(" a\n\n\nb ")
@example("\ud800\r\n\x00\ufeff")
def test_any_text_comes_back_as_it_was_written(text: str) -> None:
    written = body.write(text)
    written.encode("utf-8")
    assert read(written) == text
    assert "\r" not in written
    assert not written.endswith("\n")


FORMS = {
    "frame": [
        "Hello",
        "two\nlines",
        "a paragraph\n\nand another",
        "- a list\n  1. in a list",
        "> a quote",
        "    indented code",
        "trailing  \nspaces",
        "a | table\n--|--\n1 | 2",
        "`code` and **bold** and $x < y$",
        "a <b>tag</b> inside a line",
        "```python\nprint('<pre>')\n```",
        "~~~\n# no heading\n---\n~~~",
        "````\n```\n````",
        "x\n#hashtag",
        "-5\n--x",
        "[a]: https://example.com",
        "tab\there",
    ],
    "quote": [
        "",
        "\n",
        " ",
        "ends in a line end\n",
        "\nbegins with one",
        "  \nbegins with a blank line",
        "# A title",
        "### user",
        "a\n---",
        "a\n===",
        "--",
        ">>>\nGitLab's quote\n>>>",
        "::: note",
        "<pre>",
        "<!-- a comment -->",
        "- <div>",
        "> <div>",
        "</blockquote>",
        "<blockquote>",
        "```\nnever closed",
        "```\n### user\n```",
        "```\n<<<<<<< HEAD\n```",
        "```\n</blockquote>\n```",
        "- a\n  ```\n  in a list\n  ```",
        "a ``` b",
        "```\n````",
        "<<<<<<< HEAD",
        ">>>>>>> main",
    ],
    "literal": ["\r\n", "a\rb", "\x00", "\x1b[1m", "\x7f", "\x85", "\u2028", "\ufeff", "\ud83d", "\uffff"],
}  # fmt: skip
STARTS = {"frame": "<blockquote>\n\n", "quote": ">", "literal": '```json\n"'}


@pytest.mark.parametrize(
    ("text", "form"), [(text, form) for form, group in FORMS.items() for text in group]
)
def test_a_text_takes_the_first_form_that_holds_it(text: str, form: str) -> None:
    assert body.write(text).startswith(STARTS[form])


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Hi\n\nthere", "<blockquote>\n\nHi\n\nthere\n\n</blockquote>"),
        ("# Hi\n\n> there ", "> # Hi\n>\n> > there "),
        ("", ">"),
        ('\r"é"\n', '```json\n"\\r\\"é\\"\\n"\n```'),
    ],
)
def test_a_form_is_written_so(text: str, written: str) -> None:
    assert body.write(text) == written


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("\na\n\n", "a"),
        ("a\n", "a"),
        ("\n\na\n\n\n", "\na\n"),
        ("  a  \n", "  a  "),
        ("", ""),
        ("\n", ""),
        ("\n\n", ""),
    ],
)
def test_the_blank_lines_of_a_frame_may_be_missing(inside: str, text: str) -> None:
    assert body.read_frame(inside) == text


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ("> a\n>\n>b\n>  c", "a\n\nb\n c"),
        (">", ""),
        ("> ", ""),
        (">\n>", "\n"),
        (">>> a", ">> a"),
        (">\ta", "\ta"),
    ],
)
def test_a_quote_by_hand_may_lack_the_spaces(lines: str, text: str) -> None:
    assert body.read_quote(lines) == text


@pytest.mark.parametrize(
    "text",
    ["$$\nx\n$$", "a\n\n$$x + y$$\n\nb", "```\n$$\n```", "It costs $$ or $5", "$$x$$\n\n$$\ny\n$$"],
)
def test_math_that_is_closed_stays_in_a_frame(text: str) -> None:
    assert body.write(text).startswith(body.OPENING)


@pytest.mark.parametrize(
    "text",
    [
        *("$$", "$$\nx", "a\n$$ x\nb", "$$x$$ and y", " $$\nx\n $$", "- $$\nx", "$$\nx $$ y\n$$"),
        *("$$\n```\n$$", "$$\n```\n$$\n```", "$$\nx\n$$\n$$"),
    ],
)
def test_math_that_may_go_on_is_quoted(text: str) -> None:
    assert body.write(text).startswith(">")


def test_a_literal_holds_any_json_value() -> None:
    assert body.read_literal('[{"type": "x"}]') == [{"type": "x"}]
    with pytest.raises(JsonError, match="a json fence holds one JSON value: Expecting value"):
        body.read_literal("plain words")


@pytest.mark.parametrize("text", ["x" * 1_000_000, "a b\n" * 250_000, "`" * 1_000_000, "> " * 500_000, "<" * 1_000_000, " " * 1_000_000, "[" * 1_000_000, "-" * 1_000_000, "~" * 1_000_000 + "`", "a\n\n" * 300_000 + "b"], ids=lambda text: repr(text[:4]))  # fmt: skip
def test_a_megabyte_is_written_and_read(text: str) -> None:
    assert read(body.write(text)) == text


_GITLAB = comrak.ExtensionOptions()
for _name in (
    "alerts",
    "autolink",
    "description_lists",
    "footnotes",
    "inline_footnotes",
    "math_code",
    "math_dollars",
    "multiline_block_quotes",
    "shortcodes",
    "strikethrough",
    "table",
    "tasklist",
    "wikilinks_title_before_pipe",
):
    setattr(_GITLAB, _name, True)
_GITLAB.front_matter_delimiter = "---"
_RAW_HTML = comrak.RenderOptions()
_RAW_HTML.unsafe_ = True
_VS_CODE = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

RENDERERS: dict[str, Callable[[str], str]] = {
    "github": lambda source: cmarkgfm.github_flavored_markdown_to_html(
        source, Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
    ),
    "gitlab": lambda source: comrak.render_markdown(source, _GITLAB, None, _RAW_HTML),
    "vscode": _VS_CODE.render,
}
NEXT = f"### assistant\n\n{body.write('MARKER')}\n"
# What may stand behind the last message: the page's footnotes. comrak 0.5 puts all that follows a
# footnote defined twice into its list; it still shows.
_FOOTNOTES = re.compile(r'\s*((<section class="footnotes"|<li id="fn-|</ol>).*)?', re.DOTALL)


@functools.cache
def _shown(render: Callable[[str], str]) -> str:
    return render(NEXT).rstrip()


def is_isolated(text: str, render: Callable[[str], str]) -> bool:
    """Whether the message after the text shows as it does without the text, and closes the page."""
    shown = _shown(render)
    before, found, behind = render(f"### user\n\n{body.write(text)}\n\n{NEXT}").rpartition(shown)
    return bool(found) and before.startswith("<h3>user</h3>") and bool(_FOOTNOTES.fullmatch(behind))


@pytest.mark.parametrize("renderer", RENDERERS)
def test_the_judge_of_isolation_sees_what_breaks_out(renderer: str) -> None:
    for text in ("```", "<pre>", "<!--", "<script>"):
        source = f"### user\n\n{body.frame(text)}\n\n{NEXT}"
        assert RENDERERS[renderer](NEXT).rstrip() not in RENDERERS[renderer](source)


@given(hazardous_texts)
@settings(deadline=None, max_examples=500)
@example(">>>\na")
@example("$$\na")
@example(":::\na")
@example("<!--")
@example("a\n\n    <pre>")
@example("- ~~~\n\n  <script>")
@example("[^1]: a\n[^1]: b")
@example("[a]: <\n'")
def test_no_text_hides_the_message_after_it(text: str) -> None:
    for name, render in RENDERERS.items():
        assert is_isolated(text, render), name


@given(plain_texts)
@settings(deadline=None, max_examples=500)
def test_no_text_in_a_frame_hides_the_message_after_it(text: str) -> None:
    assert body.fits_frame(text)
    for name, render in RENDERERS.items():
        assert is_isolated(text, render), name
