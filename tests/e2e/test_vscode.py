"""The extension for VS Code (`editors/vscode`). Its code runs in Node against a real `rechat lsp`, with a
`vscode` that takes note of what it is told; its grammar is read by the engine of VS Code, beside the
grammar of Markdown that it adds to; it is packed as VS Code's own tool packs it. The last two come
from npm, and are skipped without it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

import rechat
from rechat.cli.folder.hosts import HOSTS
from rechat.format import PART_KINDS
from rechat.format import ROLE_WORDS

ROOT = Path(__file__).parents[2]
EXTENSION = ROOT / "editors" / "vscode"
MANIFEST = json.loads((EXTENSION / "package.json").read_text("utf-8"))
GRAMMAR = EXTENSION / "syntaxes" / "transcripts.tmLanguage.json"
SNIPPETS = json.loads((EXTENSION / "snippets" / "transcripts.json").read_text("utf-8"))
FAKE = Path(__file__).parents[1] / "support" / "vscode.cjs"
NODE, NPM = shutil.which("node"), shutil.which("npm")

pytestmark = pytest.mark.timeout(400)
needs_node = pytest.mark.skipif(not NODE, reason="there is no Node.js here")


def run(command: list[str], folder: Path, **own: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | own,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def played(scenario: str, folder: Path, command: list[str]) -> Any:
    """What a scenario says of the extension, which was started in a folder by a command."""
    assert NODE
    program = f"""
    const {{ editor, vscode }} = require({json.dumps(str(FAKE))});
    const extension = require({json.dumps(str(EXTENSION / "src" / "extension.js"))});
    (async () => {{
      const ide = editor({json.dumps(str(folder))}, {{ command: {json.dumps(command)}, port: 1 }});
      const said = await (async () => {{ {scenario} }})();
      await extension.deactivate();
      console.log(JSON.stringify(said ?? null));
    }})();
    """
    done = run([NODE, "-e", program], folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


LSP = [sys.executable, "-m", "rechat"]
TEXT = "---\nmodel: gpt-5\n\n---\n\n## Größe 😀\n\n### user\n\n> Hello\n\n### assistant\n\n> Hi!\n\n### tool, a\n"


@needs_node
def test_the_editor_shows_what_the_language_server_says(tmp_path: Path) -> None:
    (tmp_path / "transcripts" / "assets").mkdir(parents=True)
    picture = tmp_path / "transcripts" / "assets" / "cc4a4f6a7eb099e9.png"
    shutil.copy(ROOT / "docs" / "assets" / "red.png", picture)
    scenario = f"""
    const document = ide.open("transcripts/a.md", "### user\\n\\n> 😀\\n\\n### usr\\n");
    extension.activate(ide.context);
    const mistakes = await ide.diagnostics(document);
    document.change({json.dumps(TEXT)});
    await ide.diagnostics(document);
    const {{ completion, hover, definition, lenses }} = ide.providers;
    const roles = await completion.provideCompletionItems(document, {{ line: 15, character: 4 }});
    const settings = await completion.provideCompletionItems(document, {{ line: 2, character: 0 }});
    const told = await hover.provideHover(document, {{ line: 11, character: 0 }});
    const nothing = await hover.provideHover(document, {{ line: 9, character: 0 }});
    const above = await lenses.provideCodeLenses(document);
    document.change("### user\\n\\n#### image\\n\\n![](assets/{picture.name})\\n\\n### assistant\\n\\n> Red.\\n");
    const place = await definition.provideDefinition(document, {{ line: 4, character: 8 }});
    document.close();
    const left = await ide.diagnostics(document);
    return {{ mistakes, roles, settings, told, nothing: nothing ?? null, above, place, left }};
    """
    found = played(scenario, tmp_path, LSP)
    [mistake] = found["mistakes"]
    assert mistake["range"] == [4, 0, 4, 7]
    assert (mistake["severity"], mistake["code"], mistake["source"]) == (
        0,
        "unknown-role",
        "rechat",
    )
    assert {"user", "assistant"} <= {one["label"] for one in found["roles"]}
    assert {one["kind"] for one in found["roles"]} == {13}  # Keyword
    assert "temperature: " in {one["insertText"] for one in found["settings"]}
    assert found["told"]["contents"]["value"].startswith("Line 12 answers a request to `gpt-5`")
    assert found["nothing"] is None
    assert found["above"][0]["command"]["title"] == "Ask this section"
    assert found["place"]["uri"] == picture.as_uri()
    assert found["left"] == []


@needs_node
def test_a_lens_runs_its_command_and_tells_what_came_of_it(tmp_path: Path) -> None:
    scenario = f"""
    const document = ide.open("transcripts/a.md", {json.dumps(TEXT)});
    extension.activate(ide.context);
    await ide.diagnostics(document);
    const [lens] = await ide.providers.lenses.provideCodeLenses(document);
    await ide.commands[lens.command.command](...lens.command.arguments);
    return ide.messages;
    """
    [(kind, text)] = played(scenario, tmp_path, LSP)
    assert (kind, text) == (
        "showErrorMessage",
        "rechat: save the file first: what is asked is what stands on the disk",
    )


@needs_node
def test_nothing_is_started_for_other_pages_of_markdown(tmp_path: Path) -> None:
    scenario = """
    const document = ide.open("notes.md", "# Notes\\n");
    extension.activate(ide.context);
    document.change("# More notes\\n");
    document.close();
    return ide.messages;
    """
    assert played(scenario, tmp_path, ["no-such-program"]) == []


@needs_node
def test_a_page_that_becomes_a_transcript_is_one_from_then_on(tmp_path: Path) -> None:
    scenario = """
    const document = ide.open("notes.md", "# Notes\\n");
    extension.activate(ide.context);
    document.change("### user\\n\\n> a\\n\\n### usr\\n");
    return await ide.diagnostics(document);
    """
    [mistake] = played(scenario, tmp_path, LSP)
    assert mistake["code"] == "unknown-role"


@needs_node
def test_without_rechat_it_says_once_what_to_do(tmp_path: Path) -> None:
    scenario = """
    const document = ide.open("transcripts/a.md", "### user\\n");
    extension.activate(ide.context);
    await ide.message();
    document.change("### usr\\n");
    const items = await ide.providers.completion.provideCompletionItems(document, { line: 0, character: 4 });
    return { messages: ide.messages, items };
    """
    found = played(scenario, tmp_path, ["no-such-program"])
    [(kind, text, button)] = found["messages"]
    assert kind == "showErrorMessage"
    assert "uv tool install rechat" in text
    assert button == "Start again"
    assert found["items"] == []


@needs_node
def test_restarting_checks_what_is_open_again(tmp_path: Path) -> None:
    scenario = """
    const document = ide.open("transcripts/a.md", "### usr\\n");
    extension.activate(ide.context);
    const first = await ide.diagnostics(document);
    await ide.commands["rechat.restart"]();
    const second = await ide.diagnostics(document);
    return [first.length, second.length];
    """
    assert played(scenario, tmp_path, LSP) == [1, 1]


def expanded(body: list[str]) -> str:
    """What a snippet inserts if nothing is typed."""
    text = "\n".join(body)
    text = re.sub(r"\$\{\d+\|([^,|]*)[^}]*\}", r"\1", text)
    values: dict[str, str] = {}

    def filled(match: re.Match[str]) -> str:
        values[match[1]] = re.sub(r"\\(.)", r"\1", match[2])
        return values[match[1]]

    text = re.sub(r"\$\{(\d+):((?:\\.|[^\\}])*)\}", filled, text)
    return re.sub(r"\$(\d+)", lambda match: values.get(match[1], ""), text)


ABOVE = {
    **dict.fromkeys(["another take", "answer", "error", "call of a tool"], "### user\n\n> a\n\n"),
    "settings of a section": "## A\n\n",
    "result of a tool": "### user\n\n> a\n\n### assistant\n\n#### call f, call_1\n\n```json\n{}\n```\n\n",
    "turn": "### user\n\n> a\n\n### assistant\n\n> b\n",
}


@pytest.mark.parametrize("name", SNIPPETS)
def test_what_a_snippet_inserts_is_a_transcript(name: str) -> None:
    text = ABOVE.get(name, "") + expanded(SNIPPETS[name]["body"])
    below = "" if "### " in text else "### user\n\n> a\n"
    transcript = rechat.parse(f"{text}{below}\n", lambda path: b"\x89PNG")
    assert any(section.entries for section in transcript.sections)
    assert "$" not in text


def test_the_manifest_names_what_there_is() -> None:
    told = (EXTENSION / "README.md").read_text("utf-8")
    assert MANIFEST["version"] == rechat.__version__
    contributed = MANIFEST["contributes"]
    for one in (*contributed["grammars"], *contributed["snippets"]):
        assert (EXTENSION / one["path"]).is_file()
    assert (EXTENSION / MANIFEST["main"]).is_file()
    assert (EXTENSION / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    for snippet in SNIPPETS.values():
        assert f"`{snippet['prefix']}`" in told


def test_the_problem_matcher_is_the_one_of_rechat_init() -> None:
    [task] = json.loads(HOSTS["vscode"].text("transcripts"))["tasks"]
    [matcher] = MANIFEST["contributes"]["problemMatchers"]
    assert {"name": "rechat", **task["problemMatcher"]} == matcher


def test_the_grammar_knows_every_role_and_part() -> None:
    text = GRAMMAR.read_text("utf-8")
    named = {
        word
        for words in re.findall(r"\[ \\\\t\]\+\(([a-z|]+)\)\\\\b", text)
        for word in words.split("|")
    }
    assert named == {*ROLE_WORDS, *PART_KINDS}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the engine and the packer of VS Code, and the grammar of Markdown."""
    folder: Path = tmp_path_factory.mktemp("npm")
    if not NPM:
        pytest.skip("there is no npm here")
    (folder / "package.json").write_text("{}")
    quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts", "--loglevel=error"]
    wanted = ["vscode-textmate", "vscode-oniguruma", "tm-grammars", "@vscode/vsce"]
    try:
        done = run([NPM, "install", *quiet, "--fetch-retries=1", *wanted], folder)
    except subprocess.TimeoutExpired:
        pytest.skip("npm has installed nothing for five minutes")
    if done.returncode:
        pytest.skip(f"npm cannot install what is tested with: {done.stderr.strip()[:500]}")
    return folder


TOKENS = """
const { readFileSync } = require("node:fs");
const textmate = require("vscode-textmate"), oniguruma = require("vscode-oniguruma");
const [grammar, file] = process.argv.slice(1);
(async () => {
  const wasm = readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")).buffer;
  await oniguruma.loadWASM(wasm);
  const onigLib = Promise.resolve({
    createOnigScanner: (words) => new oniguruma.OnigScanner(words),
    createOnigString: (text) => new oniguruma.OnigString(text),
  });
  const files = {
    "text.html.markdown": require.resolve("tm-grammars/grammars/markdown.json"),
    "markdown.rechat": grammar,
  };
  const registry = new textmate.Registry({
    onigLib,
    loadGrammar: async (scope) =>
      files[scope] && textmate.parseRawGrammar(readFileSync(files[scope], "utf8"), files[scope]),
    getInjections: (scope) => (scope === "text.html.markdown" ? ["markdown.rechat"] : undefined),
  });
  const markdown = await registry.loadGrammar("text.html.markdown");
  let state = textmate.INITIAL;
  const found = [];
  for (const line of readFileSync(file, "utf8").split("\\n")) {
    const read = markdown.tokenizeLine(line, state);
    state = read.ruleStack;
    found.push(read.tokens.map((one) => [line.slice(one.startIndex, one.endIndex), one.scopes.join(" ")]));
  }
  console.log(JSON.stringify(found));
})();
"""
PAGE = """\
---
model: gpt-5
---

### user, like

> ### assistant

### assistant, take 2

```markdown
### user
```

#### call get_weather, call_1, custom

### error 429

### tool, call_1

### Something else
"""


def coloured(installed: Path, file: Path) -> dict[int, dict[str, str]]:
    """By line, the words that the grammar of transcripts names, and the last of their scopes."""
    assert NODE
    done = run([NODE, "-e", TOKENS, str(GRAMMAR), str(file)], installed)
    assert done.returncode == 0, done.stderr
    return {
        number: words
        for number, tokens in enumerate(json.loads(done.stdout), 1)
        if (
            words := {
                text.strip(): scopes.split()[-1]
                for text, scopes in tokens
                if scopes.endswith("rechat")
            }
        )
    }


@needs_node
def test_roles_and_parts_are_coloured_where_they_have_a_meaning(
    installed: Path, tmp_path: Path
) -> None:
    file = tmp_path / "page.md"
    file.write_text(PAGE)
    found = coloured(installed, file)
    answer, role, part = "keyword.control.role.answer", "entity.name.type.role", "storage.type.part"
    comma = {",": "punctuation.separator.qualifier.rechat"}
    assert found == {
        5: {"user": f"{role}.rechat", **comma, "like": "storage.modifier.rechat"},
        9: {
            "assistant": f"{answer}.rechat",
            **comma,
            "take": "storage.modifier.rechat",
            "2": "constant.numeric.rechat",
        },
        15: {
            "call": f"{part}.rechat",
            "get_weather": "entity.name.function.rechat",
            **comma,
            "call_1": "variable.other.id.rechat",
            "custom": "storage.modifier.rechat",
        },
        17: {
            "error": "keyword.control.role.error.rechat",
            "429": "constant.numeric.argument.rechat",
        },
        19: {"tool": f"{role}.rechat", **comma, "call_1": "variable.other.id.rechat"},
    }


@needs_node
def test_in_our_own_sample_every_heading_of_a_message_is_coloured(installed: Path) -> None:
    sample = ROOT / "docs" / "sample.md"
    lines = sample.read_text("utf-8").splitlines()
    words = "|".join(ROLE_WORDS)
    meant = [number for number, line in enumerate(lines, 1) if re.match(rf"### ({words})\b", line)]
    assert meant
    assert set(meant) <= set(coloured(installed, sample))


@needs_node
def test_it_is_packed_with_what_it_needs_and_nothing_else(installed: Path, tmp_path: Path) -> None:
    packed = tmp_path / "rechat.vsix"
    page = (ROOT / "docs" / "editors.md").read_text("utf-8")
    [told] = re.findall(r"^npx --yes @vscode/vsce (.*) --out rechat\.vsix$", page, re.MULTILINE)
    vsce = str(installed / "node_modules/.bin/vsce")
    done = run([vsce, *told.split(), "--out", str(packed)], EXTENSION)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stdout + done.stderr
    with zipfile.ZipFile(packed) as archive:
        names = {name.lower() for name in archive.namelist() if name.startswith("extension/")}
    assert names == {
        *("extension/package.json", "extension/readme.md", "extension/license.txt"),
        *("extension/src/extension.js", "extension/src/client.js", "extension/src/features.js"),
        *("extension/syntaxes/transcripts.tmlanguage.json", "extension/snippets/transcripts.json"),
    }
    assert packed.stat().st_size < 40_000
