"""What is typed in the page and not saved is not lost, in a real browser."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from page_rig import CHROMIUM
from page_rig import FILE
from page_rig import KNOWN
from page_rig import ask
from page_rig import held
from page_rig import launched
from page_rig import opened
from process import Rechat

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no chromium on this machine")
expect = sync_api.expect
TYPED = "What I typed"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from launched()


@pytest.fixture
def rechat(folder: Path) -> Iterator[Rechat]:
    (folder / "capitals.md").write_text(FILE)
    with Rechat("replay", "transcripts", folder=folder.parent) as running:
        yield running


LEAVING: dict[str, Any] = {
    "another part": lambda page: page.locator("[data-part=request]").click(),
    "another row": lambda page: page.locator(".row[data-number='2']").click(),
    "raw": lambda page: page.locator("#raw").click(),
    "closed": lambda page: page.locator("#close").click(),
    "keys": lambda page: [page.keyboard.press(key) for key in ("Escape", "Escape", "Escape")],
    "another tab": lambda page: page.locator("[data-tab=overview]").click(),
}


@pytest.mark.parametrize("name", LEAVING)
def test_an_edited_answer_is_kept(browser: Any, rechat: Rechat, name: str) -> None:
    for _ in range(2):
        ask(rechat, KNOWN)
    with opened(browser, f"{rechat.root}/?open=1") as page:
        page.locator("#edit-answer").click()
        page.locator("#edited").fill(TYPED)
        LEAVING[name](page)
        page.locator("[data-tab=exchanges]").click()
        page.locator(".row[data-number='1']").click()
        expect(page.locator("#edit-answer")).to_have_text("Go on editing")
        page.locator("#edit-answer").click()
        expect(page.locator("#edited")).to_have_value(TYPED)
        page.get_by_text("Cancel").click()
        expect(page.locator("#edit-answer")).to_have_text("Edit answer")
        page.locator("#edit-answer").click()
        expect(page.locator("#edited")).to_have_value("**Paris**.")


@pytest.mark.parametrize("name", LEAVING)
def test_an_answer_to_a_miss_is_kept(browser: Any, rechat: Rechat, name: str) -> None:
    ask(rechat, "And of Spain?")
    ask(rechat, KNOWN)
    with opened(browser, f"{rechat.root}/?open=1") as page:
        page.locator("#answer").fill(TYPED)
        LEAVING[name](page)
        page.locator("[data-tab=exchanges]").click()
        page.locator(".row[data-number='1']").click()
        expect(page.locator("#answer")).to_have_value(TYPED)
        page.locator("#save").click()
        expect(page.locator("#written")).to_contain_text("Saved in")
        page.locator(".row[data-number='2']").click()
        page.locator(".row[data-number='1']").click()
        expect(page.locator("#answer")).to_have_value("")


def test_who_types_goes_on_when_the_page_is_drawn_again(browser: Any, folder: Path) -> None:
    (folder / "capitals.md").write_text(FILE)
    with Rechat("replay", "transcripts", "--on-miss", "hold", folder=folder.parent) as rechat:
        client = threading.Thread(target=ask, args=(rechat, "Six by seven?"))
        client.start()
        rechat.wait_for_line("waits for the answer")
        with opened(browser, f"{rechat.root}/?open=1") as page:
            page.locator("#answer").press_sequentially("4")
            [path] = folder.glob("six-by-seven-*.md")
            path.write_text(path.read_text() + "\n> Theirs.\n")
            expect(page.get_by_text("Answer it")).to_be_visible()
            page.keyboard.type("2")
            expect(page.locator("#answer")).to_have_value("42")
        client.join(20)


def test_a_whole_file_is_kept_when_another_one_is_read(
    browser: Any, rechat: Rechat, folder: Path
) -> None:
    (folder / "other.md").write_text(FILE)
    rechat.wait_for_line("other.md")
    with opened(browser, f"{rechat.root}/?tab=transcripts&file=transcripts/capitals.md") as page:
        page.locator("#edit-file").click()
        page.locator("#whole").fill(TYPED)
        page.locator("#tree .name", has_text="other.md").click()
        expect(page.locator("#note")).to_contain_text("capitals.md is kept there, not saved")
        expect(page.locator("#reader h2")).to_have_text("transcripts/other.md")
        page.locator("#tree .name", has_text="capitals.md").click()
        page.get_by_text("Go on editing").click()
        expect(page.locator("#whole")).to_have_value(TYPED)
        # What the file said when the editor was opened is what is compared.
        (folder / "capitals.md").write_text(FILE.replace("brief", "short"))
        page.locator("#save-whole").click()
        expect(page.locator("#conflict")).to_contain_text("has changed meanwhile")
        page.keyboard.press("Escape")
        page.get_by_text("Go on editing").click()
        page.get_by_text("Cancel").click()
        expect(page.locator("#edit-file")).to_have_text("Edit")


def test_the_browser_asks_before_what_is_typed_is_lost(browser: Any, rechat: Rechat) -> None:
    ask(rechat, "And of Spain?")
    with opened(browser, f"{rechat.root}/?open=1") as page:
        asked: list[str] = []

        def stay(dialog: Any) -> None:
            asked.append(dialog.type)
            dialog.accept()

        page.on("dialog", stay)
        page.locator("#answer").press_sequentially(TYPED)
        page.reload()
        assert asked == ["beforeunload"]
        page.locator("#answer").wait_for()
        page.reload()
        page.locator("#answer").press_sequentially("x")
        page.keyboard.press("Backspace")
        page.reload()
        assert asked == ["beforeunload"]


def test_what_is_typed_while_it_is_saved_stays(browser: Any, rechat: Rechat, folder: Path) -> None:
    ask(rechat, KNOWN)
    with opened(browser, f"{rechat.root}/?open=1") as page:
        page.locator("#edit-answer").click()
        page.locator("#edited").fill("First")
        late = held(page, "**/exchanges/1/edit")
        with page.expect_request("**/exchanges/1/edit"):
            page.locator("#save-edit").click()
        page.locator("#edited").fill("Second")
        late[0].continue_()
        expect(page.locator("#note")).to_contain_text("without what was typed since")
        expect(page.locator("#edited")).to_have_value("Second")
        page.unroute("**/exchanges/1/edit")
        page.locator("#save-edit").click()
        expect(page.locator("#part")).to_contain_text("Saved in")
    assert "> Second" in (folder / "capitals.md").read_text()


@pytest.mark.parametrize("path", ["takes", "edit"])
def test_a_late_reply_changes_nothing_in_another_exchange(
    browser: Any, rechat: Rechat, path: str
) -> None:
    for _ in range(2):
        ask(rechat, KNOWN)
    with opened(browser, f"{rechat.root}/?open=1") as page:
        late = held(page, f"**/exchanges/1/{path}")
        page.locator("#edit-answer").click()
        if path == "edit":
            page.locator("#edited").fill(TYPED)
            page.locator("#save-edit").click()
        page.locator(".row[data-number='2']").click()
        page.locator("#detail[data-number='2']").wait_for()
        with page.expect_response(f"**/exchanges/1/{path}"):
            late[0].continue_()
        page.evaluate("() => new Promise((done) => setTimeout(() => requestAnimationFrame(done)))")
        expect(page.locator("#part strong")).to_have_text("Paris")
