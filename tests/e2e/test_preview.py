"""What VS Code's preview of Markdown shows of a transcript: its engine (markdown-it) with its
options and its plugins for front matter and for math.

CI has no Node: `npm install markdown-it markdown-it-front-matter @vscode/markdown-it-katex`, name
the folder in `NODE_PATH` (its `node_modules`) and run this file by hand.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from process import Rechat
from strategies import hazardous_texts
from upstream import Json
from upstream import Upstream

from rechat.format.body import write

ROOT = Path(__file__).parents[2]
PACKAGES = ("markdown-it", "markdown-it-front-matter", "@vscode/markdown-it-katex")
# As `markdownEngine.ts` of VS Code sets it up: front matter has less precedence than what the
# plugin gives it.
ENGINE = """
const load = (name) => { const found = require(name); return found.default || found; };
const md = load("markdown-it")({ html: true, linkify: true });
md.linkify.set({ fuzzyLink: false });
let rule;
const ruler = { before: (_name, _rule, found) => { rule = found; } };
load("markdown-it-front-matter")({ block: { ruler } }, () => {});
const alt = ["paragraph", "reference", "blockquote", "list"];
md.block.ruler.before("fence", "front_matter", rule, { alt });
const math = { globalGroup: true, enableFencedBlocks: true };
md.use(load("@vscode/markdown-it-katex"), math);
const sources = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(sources.map((source) => md.render(source))));
"""
# A heading of a message, and what may stand below it.
_HEADING = re.compile(r"<h3>([^<]*)</h3>\n(<blockquote>|<h4>|<details>|<pre>|<p>|<h3>|<h2>|\Z)")


def rendered(*sources: str) -> list[str]:
    """The HTML of each source."""
    node = shutil.which("node")
    folders = [Path(folder) for folder in os.environ.get("NODE_PATH", "").split(os.pathsep)]
    missing = [name for name in PACKAGES if not any((at / name).is_dir() for at in folders)]
    if not node or missing:
        pytest.skip(f"{', '.join(missing) or 'node'} is not installed: run this by hand")
    done = subprocess.run(
        [node, "-e", ENGINE],
        input=json.dumps(sources),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    )
    found: list[str] = json.loads(done.stdout)
    return found


def roles(source: str) -> list[str]:
    """The headings of the messages of a transcript, in order."""
    return re.findall(r"^### (.+)$", source, re.MULTILINE)


PAGES = [ROOT / "docs" / "sample.md", *sorted((ROOT / "transcripts").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_message_is_a_heading_with_a_quote_or_parts_below(page: Path) -> None:
    source = page.read_text("utf-8")
    [html] = rendered(source)
    assert [heading for heading, _ in _HEADING.findall(html)] == roles(source)


def test_a_recording_shows_its_messages_and_no_front_matter(
    upstream: Upstream, tmp_path: Path
) -> None:
    said = "# A title\n\n* one\n\n```python\nprint(1)\n```\n\nIt costs $5, and $6 more."
    upstream.reply(
        Json(
            {
                "id": "c",
                "choices": [{"index": 0, "message": {"role": "assistant", "content": said}}],
            }
        )
    )
    messages = [{"role": "system", "content": "---"}, {"role": "user", "content": said}]
    with Rechat("record", upstream.url, folder=tmp_path) as rechat:
        body = {"model": "m", "messages": messages}
        httpx.post(f"{rechat.url}/chat/completions", json=body).raise_for_status()
    [path] = (tmp_path / "transcripts").glob("*.md")
    source = path.read_text("utf-8")
    [html] = rendered(source)
    assert html.startswith("<h3>system</h3>\n<blockquote>")
    assert [heading for heading, _ in _HEADING.findall(html)] == ["system", "user", "assistant"]
    assert html.count("<h1>A title</h1>") == 2


MATH = ("$$", "$$x$$", "$$ x", "x $$", "$$x$$ y", " $$", "- $$", "> $$", "```", "```math", "x", "")
math_texts = st.lists(st.sampled_from(MATH), max_size=8).map("\n".join)

NEXT = f"### assistant\n\n{write('MARKER')}\n"


@given(st.lists(st.one_of(hazardous_texts, math_texts), min_size=100, max_size=120))
@settings(deadline=None, max_examples=10)
@example(["$$\na", "\\begin{a}", "$`a", "```math\na", "---\na", "<!--", "<pre>", "[a]: <\n'"])
def test_no_text_hides_the_message_after_it(texts: list[str]) -> None:
    sources = [f"### user\n\n{write(text)}\n\n{NEXT}" for text in texts]
    shown, *found = rendered(NEXT, *sources)
    assert [
        text
        for text, html in zip(texts, found, strict=True)
        if not (html.startswith("<h3>user</h3>") and html.rstrip().endswith(shown.rstrip()))
    ] == []
