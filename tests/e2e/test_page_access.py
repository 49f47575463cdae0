"""Who cannot see, or has no mouse, can use the page: axe-core finds nothing in any state.

`npm install axe-core`, and name the folder in `NODE_PATH` (its `node_modules`).
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from page_rig import AGENT
from page_rig import CHROMIUM
from page_rig import FILE
from page_rig import KNOWN
from page_rig import ask
from page_rig import ask_as_an_agent
from page_rig import launched
from process import Rechat

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
FOUND = """
axe.run(document, {resultTypes: ["violations"]}).then((all) => all.violations.map(
  (one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 200)).join(" | ")}`))
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from launched()


@pytest.fixture(scope="module")
def rechat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rechat]:
    folder = tmp_path_factory.mktemp("access")
    (folder / "transcripts").mkdir()
    (folder / "transcripts" / "capitals.md").write_text(FILE)
    (folder / "transcripts" / "agent.md").write_text(AGENT)
    (folder / "transcripts" / "broken.md").write_text("### usr\n")
    with Rechat("replay", "transcripts", folder=folder, RECHAT_TOKEN="secret") as running:
        ask(running, KNOWN)
        ask(running, "And of Spain?")
        body = {"model": "m", "messages": [{"role": "user", "content": "Too fast?"}]}
        httpx.post(f"{running.url}/chat/completions", json=body)
        ask_as_an_agent(running)
        yield running


def nothing(page: Any) -> None:
    """The state that the address opens."""


def clicks(*places: str) -> Callable[[Any], None]:
    def click(page: Any) -> None:
        for place in places:
            page.locator(place).first.click()

    return click


def types(place: str, text: str) -> Callable[[Any], None]:
    return lambda page: page.locator(place).first.fill(text)


def presses(key: str) -> Callable[[Any], None]:
    return lambda page: page.keyboard.press(key)


STATES: dict[str, tuple[str, str, Callable[[Any], None]]] = {
    "list": ("/", ".row", nothing),
    "group": ("/", ".row.inner", clicks(".row.group")),
    "hit": ("/?open=1", "#part strong", nothing),
    "miss": ("/?open=2", ".diff", nothing),
    "failed": ("/?open=3", "#part .message", nothing),
    "agent": ("/?open=5", "#part .call", nothing),
    "request": ("/?open=5", "#part .json", clicks("[data-part=request]")),
    "headers": ("/?open=1", "#part table", clicks("[data-part=headers]")),
    "editing": ("/?open=1", "#edited", clicks("#edit-answer")),
    "transcripts": ("/?tab=transcripts", ".file", nothing),
    "reader": ("/?tab=transcripts", "#reader .message", clicks(".file .name")),
    "overview": ("/?tab=overview", "svg.plot", nothing),
    "empty": ("/?q=nothing", "#empty h2", nothing),
    "columns": ("/", ".sheet", clicks(".menu > summary")),
    "found": ("/?open=5&part=request", ".json .here", types(".find", "a.py")),
    "keys": ("/", "#keys[open]", presses("?")),
    "settings": ("/", "#settings[open]", clicks("#set")),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(browser: Any, rechat: Rechat, width: int, scheme: str) -> None:
    assert AXE
    script = AXE.read_text("utf-8")
    context = browser.new_context(
        viewport={"width": width, "height": 850}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    found = {}
    for name, (address, shown, act) in STATES.items():
        page.goto(f"{rechat.root}{address}")
        act(page)
        page.locator(shown).first.wait_for()
        page.evaluate(script)
        if violations := page.evaluate(FOUND):
            found[name] = violations
    context.close()
    assert found == {}
