"""Who cannot see, or has no mouse, can use the page: axe-core finds nothing in any state.

`npm install axe-core`, and name the folder in `NODE_PATH` (its `node_modules`).
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from page_rig import CHROMIUM
from page_rig import launched
from page_states import SCHEMES
from page_states import STATES
from page_states import WIDTHS
from page_states import served

AXE = next(
    (
        path
        for folder in os.environ.get("NODE_PATH", "").split(os.pathsep)
        if folder and (path := Path(folder) / "axe-core" / "axe.min.js").exists()
    ),
    None,
)
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="there is no chromium on this machine"),
    pytest.mark.skipif(not AXE, reason="NODE_PATH names no folder with axe-core in it"),
]
# The second colours are another look at the same elements.
FOUND = """
(rules) => axe.run(document, {resultTypes: ["violations"], ...(rules ? {runOnly: rules} : {})}).then(
  (all) => all.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 200)).join(" | ")}`))
"""
FIRST, *OTHERS = SCHEMES


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from launched()


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with served(tmp_path_factory.mktemp("access")) as found:
        yield found


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(browser: Any, roots: dict[str, str], width: int, name: str) -> None:
    assert AXE
    state = STATES[name]
    viewport = {"width": width, "height": WIDTHS[width]}
    context = browser.new_context(viewport=viewport, bypass_csp=True, reduced_motion="reduce")
    page = context.new_page()
    page.emulate_media(color_scheme=FIRST)
    state.open(page, roots[state.server])
    page.evaluate(AXE.read_text("utf-8"))
    violations = page.evaluate(FOUND, None)
    for scheme in OTHERS:
        page.emulate_media(color_scheme=scheme)
        violations += page.evaluate(FOUND, ["color-contrast"])
    context.close()
    assert violations == []
