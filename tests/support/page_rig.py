"""The page in a real browser: what its tests share."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from process import Rechat

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
KNOWN = "What is the capital of France?"
FILE = """---
model: gpt-5
temperature: 0.2
---

### system

> You are brief.

### user

> What is the capital of France?

### assistant

> **Paris**.
"""


AGENT = """### user

> Fix it

### assistant

#### call run, c1

```json
{"path": "a.py"}
```

### tool, c1

> Error: exit code 1

### assistant

> Done.

## limited

### user

> Too fast?

### error 429

```json
{"error": "slow"}
```
"""


@contextmanager
def opened(browser: Any, url: str, **options: Any) -> Iterator[Any]:
    """A page at an address, that must not complain; `options` are those of its context."""
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}} | options)
    context.set_default_timeout(20_000)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(url)
    yield page
    context.close()
    assert problems == []


def ask_as_an_agent(rechat: Rechat) -> None:
    call = {
        "id": "c1",
        "type": "function",
        "function": {"name": "run", "arguments": '{"path": "a.py"}'},
    }
    first: list[dict[str, Any]] = [{"role": "user", "content": "Fix it"}]
    result = {"role": "tool", "tool_call_id": "c1", "content": "Error: exit code 1"}
    second = [*first, {"role": "assistant", "content": None, "tool_calls": [call]}, result]
    for messages in (first, second):
        body = {"model": "m", "messages": messages}
        assert httpx.post(f"{rechat.url}/chat/completions", json=body).status_code == 200


def launched() -> Iterator[Any]:
    """A browser, closed at the end."""
    with sync_api.sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield made
        made.close()


def ask(rechat: Rechat, text: str, **settings: Any) -> httpx.Response:
    messages = [{"role": "system", "content": "You are brief."}, {"role": "user", "content": text}]
    body = {"model": "gpt-5", "temperature": 0.2, "messages": messages} | settings
    return httpx.post(f"{rechat.url}/chat/completions", json=body, timeout=20)


def held(page: Any, path: str) -> list[Any]:
    """The requests of a path, from now on: they get no answer before they are continued."""
    late: list[Any] = []

    def hold(route: Any) -> None:
        late.append(route)

    page.route(path, hold)
    return late
