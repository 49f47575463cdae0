"""Frameworks run one tool loop each against a hand-written transcript. They are many and heavy, so
CI does not install them: `pip install -e '.[frameworks]'` and run this file by hand.
"""

import asyncio
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from process import Rechat

TRANSCRIPT = """### system, any

### user

> Is the library open on Sunday?

### assistant

#### call opening_hours, call_1

```json
{"day": "Sunday"}
```

### tool, call_1

> closed

### assistant

> No, it is closed on Sunday.
"""
QUESTION, LAST = "Is the library open on Sunday?", "No, it is closed on Sunday."


@pytest.fixture(scope="module")
def rechat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rechat]:
    folder: Path = tmp_path_factory.mktemp("frameworks")
    (folder / "transcripts").mkdir()
    (folder / "transcripts" / "library.md").write_text(TRANSCRIPT)
    with Rechat("replay", folder=folder) as running:
        yield running


def needed(name: str) -> Any:
    """The framework; without it the test is skipped."""
    return pytest.importorskip(name, reason=f"{name} is not installed: run this by hand")


def opening_hours(day: str) -> str:
    """When the library is open."""
    assert day == "Sunday"
    return "closed"


@pytest.mark.parametrize("api", ["chat", "responses", "anthropic"])
def test_langchain(rechat: Rechat, api: str) -> None:
    messages = needed("langchain_core.messages")
    tool = needed("langchain_core.tools").tool(opening_hours)
    if api == "anthropic":
        model = needed("langchain_anthropic").ChatAnthropic(
            model="claude", base_url=rechat.root, api_key="none"
        )
    else:
        model = needed("langchain_openai").ChatOpenAI(
            model="gpt-5", base_url=rechat.url, api_key="none", use_responses_api=api == "responses"
        )
    bound = model.bind_tools([tool])
    given: list[Any] = [messages.HumanMessage(QUESTION)]
    answer = bound.invoke(given)
    (call,) = answer.tool_calls
    given += [answer, tool.invoke(call)]
    said = bound.invoke(given)
    assert said.text == LAST


# LiteLLM's own types, which pydantic 2.14 warns of.
@pytest.mark.filterwarnings("ignore:Items? .* on TypedDict:UserWarning")
@pytest.mark.parametrize("model", ["openai/gpt-5", "anthropic/claude", "gemini/gemini-2.5-flash"])
def test_litellm(rechat: Rechat, model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    litellm = needed("litellm")
    base = rechat.url if model.startswith("openai") else rechat.root
    given: list[Any] = [{"role": "user", "content": QUESTION}]

    def ask() -> Any:
        answer = litellm.completion(model=model, messages=given, api_base=base, api_key="none")
        return answer.choices[0].message

    message = ask()
    (call,) = message.tool_calls
    result = opening_hours(**json.loads(call.function.arguments))
    given += [message.model_dump(), {"role": "tool", "tool_call_id": call.id, "content": result}]
    assert ask().content == LAST


@pytest.mark.parametrize("api", ["OpenAIChatModel", "OpenAIResponsesModel"])
def test_pydantic_ai(rechat: Rechat, api: str) -> None:
    pydantic_ai = needed("pydantic_ai")
    models = importlib.import_module("pydantic_ai.models.openai")
    provider = importlib.import_module("pydantic_ai.providers.openai").OpenAIProvider(
        base_url=rechat.url, api_key="none"
    )
    model = getattr(models, api)("gpt-5", provider=provider)
    agent = pydantic_ai.Agent(model, tools=[opening_hours])
    assert agent.run_sync(QUESTION).output == LAST


@pytest.mark.parametrize("api", ["OpenAIChatCompletionsModel", "OpenAIResponsesModel"])
def test_openai_agents(rechat: Rechat, api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")
    agents = needed("agents")
    client = importlib.import_module("openai").AsyncOpenAI(base_url=rechat.url, api_key="none")
    model = getattr(agents, api)(model="gpt-5", openai_client=client)
    agent = agents.Agent(name="Librarian", model=model, tools=[agents.function_tool(opening_hours)])
    found = asyncio.run(agents.Runner.run(agent, QUESTION))
    assert found.final_output == LAST


def test_llm(rechat: Rechat, tmp_path: Path) -> None:
    needed("llm")
    (tmp_path / "extra-openai-models.yaml").write_text(
        f"- model_id: mine\n  model_name: gpt-5\n  api_base: {rechat.url}\n  supports_tools: true\n"
    )
    function = "def opening_hours(day: str) -> str:\n    return 'closed'\n"
    options = ["--functions", function, "--no-stream", "--key", "none"]
    found = subprocess.run(
        [sys.executable, "-m", "llm", "-m", "mine", *options, QUESTION],
        env=os.environ | {"LLM_USER_PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert found.stdout.strip() == LAST
