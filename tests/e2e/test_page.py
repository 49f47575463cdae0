"""The page, in a real browser."""

import http.server
import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from hostile import HOSTILE
from page_rig import AGENT
from page_rig import CHROMIUM
from page_rig import FILE
from page_rig import KNOWN
from page_rig import ask
from page_rig import ask_as_an_agent
from page_rig import launched
from process import Rechat

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no chromium on this machine")

TOKEN = {"x-rechat-token": "secret"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from launched()


@contextmanager
def opened(browser: Any, url: str, **options: Any) -> Iterator[Any]:
    """A page at an address, that must not complain, and must not ask anybody else."""
    options = {"viewport": {"width": 1440, "height": 900}} | options
    context = browser.new_context(**options)
    context.set_default_timeout(20_000)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))

    def refuse(dialog: Any) -> None:
        problems.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", refuse)
    own = url.partition("/?")[0]
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((own, "data:", "blob:"))
            else problems.append(request.url)
        ),
    )
    page.goto(url)
    yield page
    context.close()
    assert problems == []


@pytest.fixture
def rechat(folder: Path) -> Iterator[Rechat]:
    (folder / "capitals.md").write_text(FILE)
    options = {"folder": folder.parent, "RECHAT_TOKEN": "secret"}
    with Rechat("replay", "transcripts", "--on-miss", "replay", **options) as running:  # type: ignore[arg-type]
        yield running


def fits(page: Any) -> bool:
    """Whether nothing sticks out at the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_an_empty_page_says_what_to_do(browser: Any, rechat: Rechat) -> None:
    with opened(browser, rechat.root) as page:
        empty = page.locator("#empty")
        sync_api.expect(empty).to_contain_text(f"export OPENAI_BASE_URL={rechat.url}")
        sync_api.expect(empty).to_contain_text("curl ")


def test_rows_come_while_a_program_runs_and_open(browser: Any, rechat: Rechat) -> None:
    with opened(browser, rechat.root) as page:
        sync_api.expect(page.locator("#empty")).to_be_visible()
        for count in (1, 2, 3):
            ask(rechat, KNOWN)
            sync_api.expect(page.locator(".row")).to_have_count(count)
        page.locator(".row").first.click()
        detail = page.locator("#detail")
        sync_api.expect(detail.locator("strong")).to_have_text("Paris")
        sync_api.expect(detail.locator(".facts a")).to_have_attribute(
            "href", re.compile(r"^vscode://file/.*capitals\.md:14$")
        )
        for part, text in (
            ("request", '"temperature": 0.2'),
            ("response", '"content": "**Paris**."'),
            ("headers", "x-rechat-transcript"),
            ("timing", "All at once"),
        ):
            detail.locator(f"[data-part={part}]").click()
            sync_api.expect(detail.locator("#part")).to_contain_text(text)


def test_a_page_that_was_away_catches_up(browser: Any, rechat: Rechat) -> None:
    with opened(browser, rechat.root) as page:
        sync_api.expect(page.locator("#empty")).to_be_visible()
        page.context.set_offline(True)
        ask(rechat, KNOWN)
        page.context.set_offline(False)
        sync_api.expect(page.locator(".row")).to_have_count(1)
        ask(rechat, KNOWN)
        sync_api.expect(page.locator(".row")).to_have_count(2)


def test_filters_live_in_the_address(browser: Any, rechat: Rechat) -> None:
    for text in (KNOWN, "And of Spain?", KNOWN):
        ask(rechat, text)
    with opened(browser, rechat.root) as page:
        page.keyboard.press("/")
        page.keyboard.type("verdict:miss spain")
        sync_api.expect(page.locator(".row")).to_have_count(1)
        sync_api.expect(page).to_have_url(f"{rechat.root}/?q=verdict%3Amiss+spain")
        address = page.url
        ask(rechat, KNOWN)
        ask(rechat, "Spain again?")
        sync_api.expect(page.locator(".row")).to_have_count(2)
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        sync_api.expect(page.locator(".row")).to_have_count(5)
    with opened(browser, address) as page:
        sync_api.expect(page.locator(".row")).to_have_count(2)


def test_a_miss_shows_what_differs_and_keys_go_around(browser: Any, rechat: Rechat) -> None:
    ask(rechat, KNOWN)
    ask(rechat, "What is the capital of Spain?")
    with opened(browser, rechat.root) as page:
        sync_api.expect(page.locator(".row")).to_have_count(2)
        page.keyboard.press("j")
        sync_api.expect(page.locator(".reason")).to_contain_text(
            'transcript "France" ≠ request "Spain"'
        )
        sync_api.expect(page.locator(".diff .old mark")).to_have_text("France")
        sync_api.expect(page.locator(".diff .new mark")).to_have_text("Spain")
        page.keyboard.press("j")
        sync_api.expect(page.locator("#detail strong")).to_have_text("Paris")
        page.keyboard.press("r")
        sync_api.expect(page.locator("#detail .assistant pre")).to_have_text("**Paris**.")
        page.keyboard.press("k")
        page.keyboard.press("d")
        sync_api.expect(page.locator("[data-part=difference]")).to_have_attribute(
            "aria-selected", "true"
        )
        page.keyboard.press("?")
        sync_api.expect(page.locator("#keys")).to_be_visible()
        page.keyboard.press("Escape")
        sync_api.expect(page.locator("#keys")).to_be_hidden()
        page.keyboard.press("Escape")
        sync_api.expect(page.locator("#detail")).to_be_hidden()


def test_unchanged_lines_are_folded_and_keys_go_from_one_difference_to_the_next(
    browser: Any, rechat: Rechat, folder: Path
) -> None:
    lines = [f"line {number}" for number in range(40)]
    text = "\n".join(f"> {line}" for line in lines)
    (folder / "long.md").write_text(f"### user\n\n{text}\n\n### assistant\n\n> Fine.\n")
    rechat.wait_for_line("long.md reloaded")
    asked = "\n".join([*lines[:10], "other 10", *lines[11:30], "other 30", *lines[31:]])
    body = {"model": "m", "messages": [{"role": "user", "content": asked}]}
    httpx.post(f"{rechat.url}/chat/completions", json=body)
    with opened(browser, f"{rechat.root}/?open=1") as page:
        gap = page.locator(".diff button.gap")
        sync_api.expect(gap).to_have_count(3)
        assert not page.locator(".diff").get_by_text("line 20").count()
        gap.nth(1).click()
        sync_api.expect(gap).to_have_count(2)
        sync_api.expect(page.locator(".diff").get_by_text("line 20")).to_have_count(2)
        for text in ("line 10", "line 30", "line 10"):
            page.keyboard.press("n")
            sync_api.expect(page.locator(".stop.here")).to_contain_text(text)
        page.keyboard.press("p")
        sync_api.expect(page.locator(".stop.here")).to_contain_text("line 30")


def test_a_miss_is_added_to_the_transcripts(browser: Any, rechat: Rechat, folder: Path) -> None:
    ask(rechat, "And of Spain?")
    # The page opens the editor, which is none of the browser's addresses.
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{rechat.root}/?open=1")
    page.locator("#add").click()
    sync_api.expect(page.locator("#written")).to_contain_text("and-of-spain")
    context.close()
    [path] = folder.glob("and-of-spain-*.md")
    assert path.read_text().endswith("### assistant\n")
    path.write_text(path.read_text() + "\n> Madrid.\n")
    rechat.wait_for_line(" reloaded")
    assert ask(rechat, "And of Spain?").json()["choices"][0]["message"]["content"] == "Madrid."


def test_a_waiting_client_is_answered_by_typing(browser: Any, folder: Path) -> None:
    with Rechat(
        "replay", "transcripts", "--on-miss", "hold", folder=folder.parent, RECHAT_TOKEN="secret"
    ) as rechat:
        answers: list[httpx.Response] = []
        client = threading.Thread(target=lambda: answers.append(ask(rechat, "Six by seven?")))
        client.start()
        with opened(browser, f"{rechat.root}/?q=verdict:held") as page:
            sync_api.expect(page.locator("#state")).to_contain_text("1 waiting")
            page.locator(".row").click()
            page.locator("#answer").fill("Forty-two.")
            page.locator("#save").click()
            sync_api.expect(page.locator("#state")).not_to_contain_text("waiting")
        client.join(20)
        assert answers[0].json()["choices"][0]["message"]["content"] == "Forty-two."


def test_transcripts_have_hits_and_findings(browser: Any, rechat: Rechat, folder: Path) -> None:
    (folder / "broken.md").write_text("### usr\n\n> x\n")
    rechat.wait_for_line("broken.md:1")
    ask(rechat, KNOWN)
    with opened(browser, f"{rechat.root}/?tab=transcripts") as page:
        files = page.locator("#files")
        sync_api.expect(files.locator(".file", has_text="capitals.md")).to_contain_text("1 hit")
        sync_api.expect(files.locator(".finding.error")).to_contain_text("not a role")
        sync_api.expect(files.locator(".unused")).to_have_count(1)
        page.locator(".file .name", has_text="capitals.md").click()
        sync_api.expect(page.locator("#reader strong")).to_have_text("Paris")
        page.locator("#source").click()
        sync_api.expect(page.locator("#reader pre")).to_contain_text("temperature: 0.2")
        page.locator("#filter").fill("capital")
        sync_api.expect(page.locator(".found .excerpt mark")).to_have_text("capital")


def test_an_answer_is_edited_in_the_page(browser: Any, rechat: Rechat, folder: Path) -> None:
    ask(rechat, KNOWN)
    path = folder / "capitals.md"
    with opened(browser, f"{rechat.root}/?open=1") as page:
        page.locator("#edit-answer").click()
        page.locator("#edited").fill("It is *Paris*.")
        page.locator("#look").click()
        sync_api.expect(page.locator("#preview em")).to_have_text("Paris")
        page.locator("#save-edit").click()
        sync_api.expect(page.locator("#part")).to_contain_text("Saved in")
    assert path.read_text() == FILE.replace("**Paris**", "It is *Paris*")
    assert ask(rechat, KNOWN).json()["choices"][0]["message"]["content"] == "It is *Paris*."
    with opened(browser, f"{rechat.root}/?open=2") as page:
        page.locator("#edit-answer").click()
        sync_api.expect(page.locator("#edited")).to_have_value("It is *Paris*.")
        path.write_text(FILE.replace("**Paris**", "Theirs"))
        page.locator("#edited").fill("Mine")
        page.locator("#save-edit").click()
        sync_api.expect(page.locator("#conflict")).to_contain_text("has changed meanwhile")
        sync_api.expect(page.locator("#conflict pre")).to_have_text("Theirs.")
        page.get_by_text("Save mine anyway").click()
        sync_api.expect(page.locator("#part")).to_contain_text("Saved in")
    assert path.read_text() == FILE.replace("**Paris**.", "Mine")


def test_the_overview_leads_to_what_it_tells(browser: Any, rechat: Rechat) -> None:
    for text in (KNOWN, KNOWN, "And of Spain?"):
        ask(rechat, text)
    with opened(browser, f"{rechat.root}/?tab=overview") as page:
        sync_api.expect(page.locator(".figure").first).to_contain_text("66 %")
        sync_api.expect(page.locator("svg.plot")).to_have_count(2)
        assert page.locator("svg.plot .block.hit").first.bounding_box()["height"] > 30
        page.locator(".panel", has_text="Misses by reason").locator(".rank").first.click()
        sync_api.expect(page.locator(".row")).to_have_count(1)


def test_the_overview_tells_how_the_upstreams_are(browser: Any, folder: Path) -> None:
    with Rechat("record", "http://127.0.0.1:1/v1", folder=folder.parent) as rechat:
        ask(rechat, KNOWN)
        with opened(browser, f"{rechat.root}/?tab=overview") as page:
            upstream = page.locator(".upstream")
            sync_api.expect(upstream).to_contain_text("127.0.0.1:1")
            sync_api.expect(upstream.locator(".strip i.failed")).to_have_count(1)
            upstream.get_by_text("1 failed (100 %)").click()
            sync_api.expect(page.locator(".row.failed")).to_have_count(1)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_sticks_out(browser: Any, rechat: Rechat, width: int, scheme: str) -> None:
    for text in (KNOWN, "x" * 500, "A word. " * 100):
        ask(rechat, text)
    options = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    for address in (
        "/",
        "/?open=1",
        "/?open=2",
        "/?tab=transcripts",
        "/?tab=overview",
        "/?q=nothing",
    ):
        with opened(browser, f"{rechat.root}{address}", **options) as page:
            sync_api.expect(page.locator("#state")).to_contain_text("replay")
            assert fits(page), address
            light = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert (light == "rgb(255, 255, 255)") == (scheme == "light")
            page.locator("#theme").evaluate("button => button.click()")
            other = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert other != light


def test_ten_thousand_rows_are_not_ten_thousand_elements(browser: Any, rechat: Rechat) -> None:
    body = json.dumps(
        {"model": "gpt-5", "temperature": 0.2, "messages": [
            {"role": "system", "content": "You are brief."}, {"role": "user", "content": KNOWN}]}
    ).encode()  # fmt: skip
    head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-length: {len(body)}\r\n\r\n"
    with (
        socket.create_connection(("localhost", rechat.port)) as client,
        client.makefile("rb") as answers,
    ):
        for _ in range(100):
            client.sendall((head.encode() + body) * 100)
            for _ in range(100):
                while (
                    line := answers.readline().strip().lower()
                ) and b"content-length" not in line:
                    pass
                length = int(line.partition(b":")[2])
                while answers.readline().strip():
                    pass
                answers.read(length)
    with opened(browser, rechat.root) as page:
        sync_api.expect(page.locator("#state")).to_contain_text("10,000 shown")
        assert page.locator(".row").count() < 100
        page.evaluate("document.querySelector('#list').scrollTop = 1e9")
        sync_api.expect(page.locator('.row[data-number="1"]')).to_be_visible()
        page.locator('.row[data-number="1"]').click()
        sync_api.expect(page.locator("#detail")).to_contain_text("Paris")


def test_the_turns_of_an_agent_are_one_line_that_opens(
    browser: Any, rechat: Rechat, folder: Path
) -> None:
    (folder / "agent.md").write_text(AGENT)
    rechat.wait_for_line("agent.md reloaded")
    ask_as_an_agent(rechat)
    with opened(browser, rechat.root) as page:
        group = page.locator(".row.group")
        sync_api.expect(group).to_have_count(1)
        sync_api.expect(group).to_contain_text("2 turns")
        sync_api.expect(group).to_contain_text("✗ run failed")
        group.click()
        sync_api.expect(page.locator(".row.inner")).to_have_count(2)
        sync_api.expect(page.locator(".row.inner .tool.failed")).to_have_text("✗ run failed")
        call = page.locator("#part .call")
        sync_api.expect(call).to_contain_text('"path": "a.py"')
        sync_api.expect(call.locator(".result")).to_contain_text("Error: exit code 1")
        page.keyboard.press("ArrowLeft")
        sync_api.expect(page.locator(".row")).to_have_count(1)
        page.keyboard.press("g")
        sync_api.expect(page.locator(".row:not(.group)")).to_have_count(2)


def test_an_error_is_not_shown_like_a_hit(browser: Any, rechat: Rechat, folder: Path) -> None:
    (folder / "agent.md").write_text(AGENT)
    rechat.wait_for_line("agent.md reloaded")
    ask(rechat, KNOWN)
    httpx.post(
        f"{rechat.url}/chat/completions",
        json={"model": "m", "messages": [{"role": "user", "content": "Too fast?"}]},
    )
    with opened(browser, rechat.root) as page:
        sync_api.expect(page.locator(".row .sign.hit")).to_have_count(1)
        sync_api.expect(page.locator(".row.failed")).to_contain_text("limited")
        sync_api.expect(page.locator(".row.failed")).to_contain_text("429")
        page.locator("[data-is=failed]").click()
        sync_api.expect(page.locator(".row")).to_have_count(1)


def test_new_rows_do_not_move_what_is_read(browser: Any, rechat: Rechat) -> None:
    for _ in range(60):
        ask(rechat, KNOWN)
    with opened(browser, rechat.root) as page:
        sync_api.expect(page.locator("#state")).to_contain_text("60 shown")
        page.locator('.row[data-number="50"]').click()
        page.locator("#detail[data-number='50']").wait_for()
        before = page.locator('.row[data-number="50"]').bounding_box()
        for _ in range(5):
            ask(rechat, KNOWN)
        sync_api.expect(page.locator("#unread")).to_contain_text("5 new exchanges")
        assert page.locator('.row[data-number="50"]').bounding_box() == before
        page.locator("#unread").click()
        sync_api.expect(page.locator('.row[data-number="65"]')).to_be_visible()


def test_the_session_is_one_file(browser: Any, rechat: Rechat, tmp_path: Path) -> None:
    for text in (KNOWN, "What is the capital of Spain?"):
        ask(rechat, text)
    with opened(browser, rechat.root) as page:
        sync_api.expect(page.locator(".row")).to_have_count(2)
        with page.expect_download() as download:
            page.locator("#export").click()
        session = tmp_path / "session.html"
        download.value.save_as(session)
    with opened(browser, session.as_uri()) as page:
        sync_api.expect(page.locator(".row")).to_have_count(2)
        page.keyboard.press("j")
        sync_api.expect(page.locator(".diff .new mark")).to_have_text("Spain")
        page.locator("#filter").fill("verdict:hit")
        sync_api.expect(page.locator(".row")).to_have_count(1)


def test_hostile_content_neither_runs_nor_loads_anything(
    browser: Any, rechat: Rechat, folder: Path, tmp_path: Path
) -> None:
    text = "\n\n".join(HOSTILE)
    payload = '<img src="https://evil.test/x" onerror="alert(1)">'
    for number, hostile in enumerate([*HOSTILE, text]):
        call = {
            "id": hostile[:20],
            "type": "function",
            "function": {"name": payload, "arguments": hostile},
        }
        body = {
            "model": hostile[:60],
            "user": hostile,
            "stop": hostile,
            "tools": [{"type": "function", "function": {"name": "f", "description": hostile}}],
            "messages": [
                {"role": "system", "content": hostile},
                {"role": "user", "content": [
                    {"type": "text", "text": hostile},
                    {"type": "image_url", "image_url": {"url": hostile}},
                    {"type": "image_url", "image_url": {"url": "data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+"}},
                ]},
                {"role": "assistant", "content": hostile, "tool_calls": [call], "reasoning_content": hostile},
                {"role": "tool", "tool_call_id": hostile[:20], "content": hostile, "name": payload},
                {"role": "user", "content": f"{number}"},
            ],
        }  # fmt: skip
        path = f"{rechat.url}/{'chat/completions' if number % 2 else 'x%3Cscript%3E'}"
        httpx.post(path, json=body, headers={"anthropic-beta": payload}, timeout=20)
    answer = "### user\n\n> Say it\n\n### assistant\n\n" + "\n".join(
        f"> {line}" for line in text.split("\n")
    )
    (folder / "hostile.md").write_text(f"{answer}\n")
    (folder / "<img src=x onerror=alert(1)>.md").write_text("### <script>alert(1)</script>\n")
    rechat.wait_for_line("hostile.md reloaded")
    httpx.post(
        f"{rechat.url}/chat/completions",
        json={"model": "m", "messages": [{"role": "user", "content": "Say it"}]},
    )
    count = len(HOSTILE) + 2
    with opened(browser, rechat.root) as page:
        sync_api.expect(page.locator("#state")).to_contain_text(f"{count} shown")
        for number in range(count, 0, -1):
            page.keyboard.press("j")
            page.locator(f"#detail[data-number='{number}']").wait_for()
            for part in page.locator("[data-part]").all():
                part.click()
            page.keyboard.press("r")
        page.locator("[data-tab=transcripts]").click()
        sync_api.expect(page.locator("#files .file").first).to_be_visible()
        assert page.locator("script").count() == 1
        assert page.locator("img:not(.picture), svg:not(.plot), iframe, object, embed").count() == 0
        with page.expect_download() as download:
            page.locator("#export").click()
        session = tmp_path / "session.html"
        download.value.save_as(session)
    with opened(browser, session.as_uri()) as page:
        sync_api.expect(page.locator("#state")).to_contain_text(f"{count} of {count}")
        for _ in range(count):
            page.keyboard.press("j")


@contextmanager
def another_origin(folder: Path) -> Iterator[str]:
    """A web server of somebody else's on this machine."""
    (folder / "evil.html").write_text("<!doctype html><title>evil</title>")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(folder))

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/evil.html"
        server.shutdown()
        thread.join()


TRIES = """
async (root) => {
  const told = [];
  const attempt = async (path, options) => {
    try {
      const response = await fetch(root + path, options);
      told.push(response.type === 'opaque' ? 'opaque' : await response.text());
    } catch (error) { told.push('blocked'); }
  };
  await attempt('/');
  await attempt('/_rechat/exchanges');
  await attempt('/_rechat/exchanges', {headers: {'x-rechat-token': 'secret'}});
  await attempt('/', {mode: 'no-cors'});
  await attempt('/_rechat/exchanges/1/add', {method: 'POST', mode: 'no-cors', body: '{}'});
  await attempt('/_rechat/exchanges/1/add', {method: 'POST', headers: {'x-rechat-token': 'secret'}, body: '{}'});
  return told;
}
"""


def test_a_page_of_another_origin_reads_and_changes_nothing(
    browser: Any, rechat: Rechat, folder: Path, tmp_path: Path
) -> None:
    ask(rechat, "Unknown?")
    before = sorted(folder.iterdir())
    with another_origin(tmp_path) as address:
        context = browser.new_context()
        page = context.new_page()
        page.goto(address)
        told = page.evaluate(TRIES, rechat.root)
        frame = page.evaluate(
            """(root) => new Promise((done) => {
                 const frame = document.createElement('iframe');
                 frame.src = root;
                 frame.onload = () => { try { done(frame.contentDocument.body.textContent); } catch { done('blocked'); } };
                 document.body.append(frame);
               })""",
            rechat.root,
        )
        context.close()
    assert set(told) <= {"blocked", "opaque"}
    assert not frame or frame == "blocked"
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("path", ["/", "/_rechat/exchanges", "/_rechat/state"])
@pytest.mark.parametrize(
    "headers",
    [{"host": "evil.test"}, {"host": "localhost.evil.test:80"}, {"origin": "https://evil.test"}],
)
def test_a_rebound_name_gets_nothing(rechat: Rechat, path: str, headers: dict[str, str]) -> None:
    response = httpx.get(f"{rechat.root}{path}", headers=TOKEN | headers)
    assert response.status_code == 403
    assert "secret" not in response.text


def test_without_the_token_nothing_is_told(rechat: Rechat) -> None:
    ask(rechat, KNOWN)
    for path in ("exchanges", "exchanges/1", "events", "export", "state", "transcripts", "held"):
        response = httpx.get(f"{rechat.root}/_rechat/{path}")
        assert (response.status_code, "France" in response.text) == (403, False)
    assert httpx.post(f"{rechat.root}/_rechat/reset").status_code == 403
    assert httpx.get(f"{rechat.root}/_rechat/health").json()["status"] == "ok"


def test_a_wide_host_gives_the_page_only_with_the_token(folder: Path) -> None:
    with Rechat(
        "replay", "transcripts", "--host", "0.0.0.0", folder=folder.parent, RECHAT_TOKEN="secret"
    ) as rechat:
        line = rechat.wait_for_line("look at it: ")
        assert line.endswith("/?token=secret")
        assert httpx.get(rechat.root).status_code == 403
        assert httpx.get(f"{rechat.root}/?token=other").status_code == 403
        assert httpx.get(f"{rechat.root}/?token=secret").status_code == 200
