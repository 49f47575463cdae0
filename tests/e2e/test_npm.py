"""The SDKs of npm (openai, @anthropic-ai/sdk) run the tool loop of `test_dialects.py`.

CI has no Node: `npm install openai @anthropic-ai/sdk`, name the folder in `NODE_PATH` (its
`node_modules`) and run this file by hand.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from process import Rechat

TRANSCRIPT = """### user

> Is the library open on Sunday?

### assistant

> Let me look.

#### call opening_hours, call_1

```json
{"day": "Sunday"}
```

### tool, call_1

> closed

### assistant

> No, it is closed on Sunday.

## Errors

### user

> Too fast?

### error 429

> Slow down.
"""
HEAD = """
const [url, stream] = [process.argv[2], process.argv[3] === "true"];
const question = "Is the library open on Sunday?";
"""
CHAT = """
const { OpenAI } = require("openai");
const client = new OpenAI({ baseURL: url + "/v1", apiKey: "none", maxRetries: 0 });
const messages = [{ role: "user", content: question }];
const ask = async () => stream
  ? (await client.chat.completions.stream({ model: "m", messages }).finalChatCompletion())
  : (await client.chat.completions.create({ model: "m", messages }));
(async () => {
  const { message } = (await ask()).choices[0];
  const [call] = message.tool_calls;
  messages.push(message, { role: "tool", tool_call_id: call.id, content: "closed" });
  const last = (await ask()).choices[0].message.content;
  const error = await client.chat.completions
    .create({ model: "m", messages: [{ role: "user", content: "Too fast?" }] }).catch((e) => e);
  console.log(JSON.stringify([message.content, call.function.name,
    JSON.parse(call.function.arguments), last, error.constructor.name]));
})();
"""
RESPONSES = """
const { OpenAI } = require("openai");
const client = new OpenAI({ baseURL: url + "/v1", apiKey: "none", maxRetries: 0 });
const ask = async (body) => stream
  ? (await client.responses.stream({ model: "m", ...body }).finalResponse())
  : (await client.responses.create({ model: "m", ...body }));
(async () => {
  const first = await ask({ input: question });
  const call = first.output.at(-1);
  const output = { type: "function_call_output", call_id: call.call_id, output: "closed" };
  const second = await ask({ input: [output], previous_response_id: first.id });
  const error = await client.responses.create({ model: "m", input: "Too fast?" }).catch((e) => e);
  const said = (response) => response.output.filter((item) => item.type === "message")
    .map((item) => item.content[0].text).join("");
  console.log(JSON.stringify([said(first), call.name, JSON.parse(call.arguments),
    said(second), error.constructor.name]));
})();
"""
MESSAGES = """
const { Anthropic } = require("@anthropic-ai/sdk");
const client = new Anthropic({ baseURL: url, apiKey: "none", maxRetries: 0 });
const messages = [{ role: "user", content: question }];
const ask = async () => stream
  ? (await client.messages.stream({ model: "m", max_tokens: 9, messages }).finalMessage())
  : (await client.messages.create({ model: "m", max_tokens: 9, messages }));
(async () => {
  const first = await ask();
  const [text, call] = first.content;
  messages.push({ role: "assistant", content: first.content });
  const result = { type: "tool_result", tool_use_id: call.id, content: "closed" };
  messages.push({ role: "user", content: [result] });
  const last = (await ask()).content[0].text;
  const error = await client.messages.create({ model: "m", max_tokens: 9,
    messages: [{ role: "user", content: "Too fast?" }] }).catch((e) => e);
  console.log(JSON.stringify([text.text, call.name, call.input, last, error.constructor.name]));
})();
"""
SCRIPTS = {"openai": CHAT, "openai, responses": RESPONSES, "@anthropic-ai/sdk": MESSAGES}


def installed(package: str) -> bool:
    folders = os.environ.get("NODE_PATH", "").split(os.pathsep)
    return any((Path(folder) / package).is_dir() for folder in folders if folder)


@pytest.fixture(scope="module")
def rechat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rechat]:
    folder: Path = tmp_path_factory.mktemp("npm")
    (folder / "transcripts").mkdir()
    (folder / "transcripts" / "library.md").write_text(TRANSCRIPT)
    with Rechat("replay", folder=folder) as running:
        yield running


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("name", SCRIPTS)
def test_a_tool_loop(rechat: Rechat, name: str, stream: bool) -> None:
    node, package = shutil.which("node"), name.partition(",")[0]
    if not node or not installed(package):
        pytest.skip(f"{package} is not installed (see above): run this by hand")
    found = subprocess.run(
        [node, "-", rechat.root, str(stream).lower()],
        input=HEAD + SCRIPTS[name],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    said: list[Any] = json.loads(found.stdout)
    *loop, error = said
    last = "No, it is closed on Sunday."
    assert loop == ["Let me look.", "opening_hours", {"day": "Sunday"}, last]
    assert error == "RateLimitError"
