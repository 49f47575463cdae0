"""The smallest agent: it asks about the weather, has a tool, and prints what is said at last."""

import json
import os
import urllib.request
from typing import Any

TOOL = {"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object"}}}


def ask(messages: list[Any]) -> Any:
    """The message that answers some messages."""
    body = {"model": "gpt-5", "messages": messages, "tools": [TOOL]}
    key = os.environ["OPENAI_API_KEY"]
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    url = os.environ["OPENAI_BASE_URL"] + "/chat/completions"
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)  # noqa: S310
    with urllib.request.urlopen(request) as response:  # noqa: S310
        return json.load(response)["choices"][0]["message"]


messages: list[Any] = [{"role": "user", "content": "What is the weather in Lisbon?"}]
while (answer := ask(messages)).get("tool_calls"):
    messages.append(answer)
    messages += [
        {"role": "tool", "tool_call_id": call["id"], "content": "24 °C, sunny"}
        for call in answer["tool_calls"]
    ]
print(answer["content"])  # noqa: T201
