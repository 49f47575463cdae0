"""What a newcomer asks is answered by the page in at most three actions, from its start on."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from page_rig import CHROMIUM
from page_rig import launched
from page_states import WIDTHS
from page_states import served

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no chromium on this machine")
MOST = 3
# The server, what is clicked one after the other, and where the answer is then seen.
QUESTIONS: dict[str, tuple[str, list[str], str, str]] = {
    "why did this miss?": (
        "replay",
        [".row.miss"],
        ".reason",
        'transcript "What is the capital of France" ≠ request "And of Spain"',
    ),
    "what did turn 3 send?": (
        "turns",
        [".row.group", ".row.inner:nth-child(4)", "[data-part=request]"],
        "#part .json",
        '"content": "And third?"',
    ),
    "which tool failed?": ("replay", [], ".row.group .chip.failed", "✗ run failed"),
    "what cost most?": (
        "record",
        ["[data-tab=overview]"],
        "[aria-label='What cost most'] .rank",
        "Write a haiku about rain.",
    ),
    "is the upstream well?": ("record", ["[data-tab=overview]"], ".upstream .head", "✓ well"),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from launched()


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with served(tmp_path_factory.mktemp("questions")) as found:
        yield found | {"turns": _with_turns(found["empty"])}


def _with_turns(root: str) -> str:
    """A server that was asked four turns of a conversation."""
    messages: list[dict[str, str]] = []
    for number in ("first", "second", "third", "fourth"):
        messages.append({"role": "user", "content": f"And {number}?"})
        body = {"model": "m", "messages": messages}
        httpx.post(f"{root}/v1/chat/completions", json=body)
        messages.append({"role": "assistant", "content": number})
    return root


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("width", WIDTHS)
def test_it_is_answered(browser: Any, roots: dict[str, str], width: int, question: str) -> None:
    server, clicks, place, answer = QUESTIONS[question]
    context = browser.new_context(viewport={"width": width, "height": WIDTHS[width]})
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(f"{roots[server]}/")
    for click in clicks:
        page.locator(click).first.click()
    shown = page.locator(place).first
    sync_api.expect(shown).to_contain_text(answer)
    is_seen = shown.evaluate("(element) => element.getBoundingClientRect().bottom <= innerHeight")
    assert len(clicks) + (not is_seen) <= MOST  # to scroll is an action too
    shown.evaluate("(element) => element.scrollIntoView()")
    sync_api.expect(shown).to_be_in_viewport()
    context.close()
