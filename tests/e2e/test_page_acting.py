"""What a reader of the page changes and asks for, in a real browser."""

import json
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
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
from upstream import Gate
from upstream import Stream
from upstream import Upstream

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no chromium on this machine")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from launched()


@contextmanager
def recording(upstream: Upstream, folder: Path) -> Iterator[Rechat]:
    named = f"{upstream.url},name=here"
    with Rechat("record", named, folder=folder.parent) as rechat:
        yield rechat


def test_a_question_is_asked_again_and_compared_and_its_answer_kept(
    browser: Any, upstream: Upstream, folder: Path
) -> None:
    (folder / "capitals.md").write_text(FILE)
    with recording(upstream, folder) as rechat:
        ask(rechat, KNOWN)
        with opened(browser, f"{rechat.root}/?open=1") as page:
            sync_api.expect(page.locator("#resend")).to_be_visible()
            page.keyboard.press("s")
            page.locator("#resend-model").fill("gpt-6")
            assert upstream.requests == []  # nothing before it is said
            page.locator("#resend-ask").click()
            resent = page.locator("#resent")
            sync_api.expect(resent).to_contain_text("It differs: other words")
            sync_api.expect(resent.locator(".diff .left").first).to_have_text("Recorded")
            sync_api.expect(resent.locator("tbody tr").first).to_contain_text("gpt-6")
            [received] = upstream.requests
            assert received.json["model"] == "gpt-6"
            assert (folder / "capitals.md").read_text() == FILE
            page.locator("#resend-use").click()
            new = page.locator("#edited").input_value()
            page.locator("#save-edit").click()
            sync_api.expect(page.locator("#part")).to_contain_text("Saved in")
        assert ask(rechat, KNOWN).json()["choices"][0]["message"]["content"] == new


def test_a_recording_is_promoted(browser: Any, upstream: Upstream, folder: Path) -> None:
    with recording(upstream, folder) as rechat:
        recorded = ask(rechat, KNOWN).json()["choices"][0]["message"]["content"]
        with opened(browser, f"{rechat.root}/?open=1") as page:
            page.locator("#promote").click()
            sync_api.expect(page.locator("#promote-name")).to_have_value(
                "what-is-the-capital-of-france.md"
            )
            page.locator("#part input[value=model]").check()
            page.locator("#promote-write").click()
            sync_api.expect(page.locator("#part")).to_contain_text("is yours to edit")
        [path] = folder.glob("*.md")
        assert path.name == "what-is-the-capital-of-france.md"
        assert path.read_text().startswith("---\nmodel: gpt-5\n---\n\n### system\n")
        again = ask(rechat, KNOWN, temperature=1.0)
        assert again.headers["x-rechat"] == "hit"
        assert again.json()["choices"][0]["message"]["content"] == recorded


def test_who_is_offline_is_not_offered_to_ask(browser: Any, folder: Path) -> None:
    (folder / "capitals.md").write_text(FILE)
    with Rechat("replay", "transcripts", folder=folder.parent) as rechat:
        ask(rechat, KNOWN)
        with opened(browser, f"{rechat.root}/?open=1") as page:
            sync_api.expect(page.locator("#edit-answer")).to_be_visible()
            assert page.locator("#resend").count() == 0


def test_a_whole_file_is_edited(browser: Any, folder: Path) -> None:
    path = folder / "capitals.md"
    path.write_text(FILE)
    with Rechat("replay", "transcripts", folder=folder.parent) as rechat:
        address = f"{rechat.root}/?tab=transcripts&file=transcripts/capitals.md"
        with opened(browser, address) as page:
            page.locator("#edit-file").click()
            area = page.locator("#whole")
            sync_api.expect(area).to_have_value(FILE)
            area.fill(FILE.replace("### user", "### usr"))
            sync_api.expect(page.locator("#wrong .error")).to_contain_text("not a role")
            area.fill(FILE.replace("**Paris**", "*Paris*"))
            sync_api.expect(page.locator("#wrong .error")).to_have_count(0)
            page.locator("#whole-look").click()
            sync_api.expect(page.locator("#whole-preview em")).to_have_text("Paris")
            theirs = FILE.replace("brief", "short")
            path.write_text(theirs)
            page.locator("#save-whole").click()
            conflict = page.locator("#conflict")
            sync_api.expect(conflict).to_contain_text("has changed meanwhile")
            sync_api.expect(conflict.locator("pre")).to_contain_text("You are short.")
            page.get_by_text("Take what the file says").click()
            page.locator("#whole-look").click()
            sync_api.expect(area).to_have_value(theirs)
            area.fill(theirs.replace("**Paris**", "*Paris*"))
            page.locator("#save-whole").click()
            sync_api.expect(page.locator("#reader em")).to_have_text("Paris")
        assert path.read_text() == theirs.replace("**Paris**", "*Paris*")


def test_a_file_that_is_read_late_does_not_close_its_editor(browser: Any, folder: Path) -> None:
    (folder / "capitals.md").write_text(FILE)
    with Rechat("replay", "transcripts", folder=folder.parent) as rechat:
        address = f"{rechat.root}/?tab=transcripts&file=transcripts/capitals.md"
        with opened(browser, address) as page:
            sync_api.expect(page.locator("#edit-file")).to_be_visible()
            late = held(page, "**/transcripts/text?**")
            with page.expect_request("**/transcripts/text?**"):
                page.locator("#tree .name").click()
            page.locator("#edit-file").click()
            page.locator("#whole").fill("What I wrote")
            with page.expect_response("**/transcripts/text?**"):
                for route in late:
                    route.continue_()
            page.evaluate(
                "() => new Promise((done) => setTimeout(() => requestAnimationFrame(done)))"
            )
            sync_api.expect(page.locator("#whole")).to_have_value("What I wrote")


def test_an_answer_under_way_grows_in_the_page_until_it_is_recorded(
    browser: Any, upstream: Upstream, folder: Path
) -> None:
    gate = Gate()
    words = ("One ", "two ", "three ", "four ")
    events = [{"choices": [{"index": 0, "delta": {"content": word}}]} for word in words]
    end = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    told = [f"data: {json.dumps(event)}\n\n".encode() for event in [*events, end]]
    upstream.reply(Stream([*told, b"data: [DONE]\n\n"], gate=gate))
    with recording(upstream, folder) as rechat:
        client = threading.Thread(target=ask, args=(rechat, KNOWN), kwargs={"stream": True})
        client.start()
        gate.open(2)
        with opened(browser, rechat.root) as page:
            page.locator("#way .arriving", has_text="capital of France").click()
            sync_api.expect(page.locator("#live")).to_have_text("One two ")
            sync_api.expect(page.locator("#detail .sign")).to_contain_text("under way")
            gate.open(1)
            sync_api.expect(page.locator("#live")).to_have_text("One two three ")
            gate.open(math.inf)
            sync_api.expect(page.locator("#detail .sign")).to_contain_text("recorded")
            sync_api.expect(page.locator("#detail .answer")).to_contain_text("One two three four")
            sync_api.expect(page.locator("#way")).to_be_hidden()
        client.join(20)
