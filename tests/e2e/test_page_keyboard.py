"""The page is used by keyboard alone, in a real browser: each action is reached and done, what has the
keyboard can be seen, and nothing that is done takes the keyboard away.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from page_rig import AGENT
from page_rig import CHROMIUM
from page_rig import FILE
from page_rig import KNOWN
from page_rig import ask
from page_rig import ask_as_an_agent
from page_rig import launched
from page_rig import opened
from page_states import RICH
from page_states import RICH_QUESTION
from process import Rechat
from upstream import Upstream

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no chromium on this machine")
expect = sync_api.expect
# What has the keyboard: where it is, and whether it can be seen there: it has an outline, or what it
# chooses has (`#rows` shows that on the line), and the page shows it.
AT = """
() => {
  const element = document.activeElement;
  const line = element.id === "rows" && document.getElementById(element.getAttribute("aria-activedescendant"));
  const outer = element.id === "rows" && !line ? document.getElementById("list") : line || element;
  const box = outer.getBoundingClientRect();
  const isShown = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {
    name: element === document.body ? "nothing" : element.id || `${element.tagName} ${element.title || element.ariaLabel || element.textContent.slice(0, 40)}`,
    isSeen: isShown && getComputedStyle(outer).outlineStyle !== "none",
  };
}
"""
FRAME = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
MOST = 80


class Keyboard:
    """A page and the keyboard: no mouse. After each key something has the keyboard, and is seen."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def at(self) -> str:
        """What has the keyboard, which is seen if there is anything."""
        self.page.evaluate(FRAME)
        found = self.page.evaluate(AT)
        name = str(found["name"])
        assert found["isSeen"] or name == "nothing", f"{name} has the keyboard, and is not seen"
        return name

    def press(self, *keys: str) -> str:
        for key in keys:
            self.page.keyboard.press(key)
            assert self.at() != "nothing", f"{key} takes the keyboard away"
        return self.at()

    def go(self, place: str, key: str = "Tab") -> None:
        """Go to an element with the Tab key, or another one: round the page, which ends in nothing."""
        target = self.page.locator(place).first
        target.wait_for()
        for _ in range(MOST):
            if target.evaluate("(element) => element === document.activeElement"):
                return
            self.page.keyboard.press(key)
            self.at()
        pytest.fail(f"{place} is not reached by {key}")

    def do(self, place: str, key: str = "Enter") -> None:
        """Go to an element and press a key there."""
        self.go(place)
        self.press(key)

    def write(self, text: str) -> None:
        """Write in the field that has the keyboard, in the place of what is there."""
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def sees(self, place: str, text: str | re.Pattern[str] = "") -> None:
        expect(self.page.locator(place).first).to_contain_text(text)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from launched()


@contextmanager
def walked(browser: Any, url: str) -> Iterator[Keyboard]:
    """A keyboard at an address."""
    permissions = ["clipboard-read", "clipboard-write"]
    with opened(browser, url, permissions=permissions) as page:
        yield Keyboard(page)


@pytest.fixture
def rechat(folder: Path) -> Iterator[Rechat]:
    for name, text in (("capitals", FILE), ("agent", AGENT), ("databases", RICH)):
        (folder / f"{name}.md").write_text(text)
    with Rechat("replay", "transcripts", folder=folder.parent) as running:
        ask(running, KNOWN)
        ask(running, "What is the capital of Spain?")
        ask_as_an_agent(running)
        messages = [{"role": "user", "content": RICH_QUESTION}]
        ask(running, "", messages=messages)
        yield running


def test_the_list_is_walked_filtered_grouped_and_sorted(browser: Any, rechat: Rechat) -> None:
    with walked(browser, rechat.root) as keys:
        keys.sees("#state", "5 shown")
        keys.go("#rows")
        keys.press("ArrowDown")
        keys.sees("#detail h2", "gpt-5")
        assert keys.press("ArrowDown", "ArrowRight") == "rows"
        expect(keys.page.locator(".row.inner")).to_have_count(2)
        assert keys.press("j", "ArrowLeft", "ArrowLeft") == "rows"
        expect(keys.page.locator(".row.inner")).to_have_count(0)
        assert keys.press("Home", "End", "Enter") == "rows"
        keys.sees("#detail .title", "#1")
        assert keys.press("Escape") == "rows"
        assert keys.press("/") == "filter"
        keys.write("spain")
        expect(keys.page.locator(".row")).to_have_count(1)
        assert keys.press("Enter") == "rows"
        keys.sees(".reason", "Spain")
        assert keys.press("Escape", "Escape") == "rows"
        expect(keys.page.locator(".row")).to_have_count(4)
        keys.do("[data-is=miss]")
        expect(keys.page.locator(".row")).to_have_count(1)
        keys.do("[data-is='']", "Space")
        expect(keys.page.locator(".row")).to_have_count(4)
        keys.do("#group")
        expect(keys.page.locator(".row")).to_have_count(5)
        keys.do("[data-column=ms]")
        keys.sees("[data-column=ms]", "↓")
        keys.press("Enter")
        keys.sees("[data-column=ms]", "↑")


def test_columns_are_chosen(browser: Any, rechat: Rechat) -> None:
    with walked(browser, rechat.root) as keys:
        keys.do(".menu > summary")
        keys.do(".sheet input:not([disabled])", "Space")
        expect(keys.page.locator("[data-column=time]")).to_have_count(0)
        keys.press("Escape")
        expect(keys.page.locator(".sheet")).to_be_hidden()
        assert "Columns" in keys.at()


def test_an_exchange_is_read_in_all_its_parts(browser: Any, rechat: Rechat) -> None:
    with walked(browser, f"{rechat.root}/?open=5") as keys:
        keys.go("#tab-conversation")
        for name in ("takes", "request", "response", "headers", "timing"):
            assert keys.press("ArrowRight") == f"tab-{name}"
            expect(keys.page.locator(f"#part.{name}")).to_be_visible()
        assert keys.press("[", "]") == "tab-timing"
        keys.press("ArrowRight")
        keys.do(".reasoning > summary")
        keys.sees(".thought", "A file is enough")
        keys.do("#part .copy")
        keys.sees("#note", "Copied")
        keys.go("[data-copy=python]", "Shift+Tab")
        keys.press("Enter")
        keys.sees("#note", "Copied Python")
        keys.do("#raw")
        keys.sees("#part .answer pre.raw", "## Two candidates")
        keys.do("#tab-conversation")
        keys.press("]", "]")
        keys.do(".find")
        keys.write("gpt")
        keys.sees("#part [role=status]", "1 of 1")
        assert keys.press("Escape") == "part"
        keys.go("#close", "Shift+Tab")
        assert keys.press("Enter") == "rows"
        expect(keys.page.locator("#detail")).to_be_hidden()


def test_a_miss_is_understood_answered_and_accepted(
    browser: Any, rechat: Rechat, folder: Path
) -> None:
    ask(rechat, "And of Italy?")
    with walked(browser, rechat.root) as keys:
        keys.go("#rows")
        keys.press("j")
        keys.sees(".reason", "Italy")
        keys.press("n", "p")
        expect(keys.page.locator("#part .here")).to_have_count(1)
        keys.go("#answer")
        keys.write("Rome.")
        keys.press("Control+Enter")
        keys.sees("#written", "Saved in")
        assert keys.press("Escape") == "part"
        keys.go("[aria-label='Previous difference']", "Shift+Tab")
        keys.press("Enter", "Escape")
        keys.sees("#state", "4 files")
    assert ask(rechat, "And of Italy?").json()["choices"][0]["message"]["content"] == "Rome."
    with walked(browser, f"{rechat.root}/?open=2") as keys:
        keys.do("#accept")
        keys.sees("#written", "This is asked now in")
    assert "capital of Spain?" in (folder / "capitals.md").read_text()


def test_an_answer_is_edited(browser: Any, rechat: Rechat, folder: Path) -> None:
    with walked(browser, f"{rechat.root}/?open=1") as keys:
        keys.sees("#part strong", "Paris")
        keys.page.keyboard.press("e")
        keys.go("#edited")
        keys.write("It is *Paris*.")
        keys.go("#look", "Shift+Tab")
        keys.press("Enter")
        keys.sees("#preview em", "Paris")
        keys.do("#save-edit")
        keys.sees("#part", "Saved in")
        assert "Back to the exchange" in keys.at()
        assert keys.press("Enter") == "part"
        keys.do("#edit-answer")
        keys.go("#edited")
        keys.write("Never mind")
        assert keys.press("Escape") == "part"
        assert keys.press("Escape") == "part"
        keys.go("#edit-answer", "Shift+Tab")
        keys.sees("#edit-answer", "Go on editing")
    assert "It is *Paris*." in (folder / "capitals.md").read_text()


def test_a_held_client_is_answered(browser: Any, folder: Path) -> None:
    with Rechat("replay", "transcripts", "--on-miss", "hold", folder=folder.parent) as rechat:
        answers: list[Any] = []
        client = threading.Thread(target=lambda: answers.append(ask(rechat, "Six by seven?")))
        client.start()
        rechat.wait_for_line("waits for the answer")
        with walked(browser, rechat.root) as keys:
            keys.go("#rows")
            keys.press("j")
            keys.go("#answer")
            keys.write("42")
            keys.do("#save")
            expect(keys.page.locator("#state")).not_to_contain_text("waiting")
            keys.at()
        client.join(20)
        assert answers[0].json()["choices"][0]["message"]["content"] == "42"


def test_a_question_is_asked_again_and_a_recording_promoted(
    browser: Any, upstream: Upstream, folder: Path
) -> None:
    (folder / "capitals.md").write_text(FILE)
    named = f"{upstream.url},name=here"
    with Rechat("record", named, folder=folder.parent) as rechat:
        ask(rechat, KNOWN)
        ask(rechat, "What is a proxy?")
        with walked(browser, f"{rechat.root}/?open=1") as keys:
            expect(keys.page.locator("#resend")).to_be_visible()
            keys.page.keyboard.press("s")
            keys.go("#resend-model")
            keys.write("gpt-6")
            keys.do("#resend-ask")
            keys.sees("#resent", "It differs")
            assert keys.at() == "resend-ask"
            keys.do("#resend-use")
            expect(keys.page.locator("#edited")).to_be_focused()
            keys.do("#save-edit")
            keys.sees("#part", "Saved in")
        with walked(browser, f"{rechat.root}/?open=2") as keys:
            keys.do("#promote")
            keys.go("#promote-name")
            keys.do("#part input[value=model]", "Space")
            keys.do("#promote-write")
            keys.sees("#part", "is yours to edit")
            assert keys.press("Enter") == "part"
    assert (folder / "what-is-a-proxy.md").read_text().startswith("---\nmodel: gpt-5\n")


def test_transcripts_are_found_read_and_edited(browser: Any, rechat: Rechat, folder: Path) -> None:
    with walked(browser, rechat.root) as keys:
        assert keys.press("2") == "files"
        keys.do(".file .name[title='transcripts/capitals.md']")
        keys.sees("#reader strong", "Paris")
        keys.do("#source")
        keys.sees("#reader pre", "temperature: 0.2")
        keys.do("#edit-file")
        keys.go("#whole")
        keys.write(FILE.replace("**Paris**", "*Paris*"))
        keys.do("#save-whole")
        expect(keys.page.locator("#edit-file")).to_be_focused()
        (folder / "new.md").write_text(FILE.replace("France", "Chad"))
        keys.sees("#tree", "new.md")
        assert keys.press("Escape") == "BUTTON transcripts/capitals.md"
        (folder / "newer.md").write_text(FILE.replace("France", "Mali"))
        keys.sees("#tree", "newer.md")
        assert keys.at() == "BUTTON transcripts/capitals.md"
        keys.go("#never", "Shift+Tab")
        assert keys.press("Enter") == "never"
        assert keys.press("/") == "filter"
        keys.write("capital")
        keys.do(".found .name")
        keys.do("#reader button:has-text('Its exchanges')")
        expect(keys.page.locator("#exchanges")).to_be_visible()
        assert keys.at() == "rows"
    assert "> *Paris*." in (folder / "capitals.md").read_text()


def test_the_overview_leads_to_the_list_and_settings_keys_export_and_theme_are_reached(
    browser: Any, rechat: Rechat
) -> None:
    with walked(browser, rechat.root) as keys:
        assert keys.press("3") == "overview"
        keys.page.reload()
        keys.sees(".figure")
        assert keys.at() == "nothing"  # who has pressed no key sees no mark of it
        keys.sees(".figure", "80 %")
        keys.do("[aria-label='Misses by reason'] .rank")
        expect(keys.page.locator(".row")).to_have_count(1)
        assert keys.at() == "rows"
        keys.page.keyboard.press("?")
        expect(keys.page.locator("#keys")).to_be_visible()
        assert keys.press("Escape") == "rows"
        keys.go("#set", "Shift+Tab")
        keys.press("Enter")
        keys.do("#editor-url", "End")
        keys.write("zed://file/{path}")
        keys.press("Escape")
        assert (
            keys.page.evaluate("localStorage.getItem('rechat-editor-url')") == "zed://file/{path}"
        )
        assert keys.at() == "set"
        keys.go("#theme", "Shift+Tab")
        keys.press("Enter")
        assert keys.page.evaluate("document.documentElement.dataset.theme") == "dark"
        keys.go("#export", "Shift+Tab")
        with keys.page.expect_download() as download:
            keys.press("Enter")
        assert download.value.suggested_filename == "rechat-session.html"


def test_of_nothing_one_goes_back(browser: Any, rechat: Rechat) -> None:
    with walked(browser, f"{rechat.root}/?q=nothing") as keys:
        keys.sees("#empty h2", "Nothing matches")
        keys.do("#empty button")
        assert keys.at() == "filter"
        expect(keys.page.locator(".row")).to_have_count(4)
