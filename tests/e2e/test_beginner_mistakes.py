"""What beginners get wrong: `rechat lint` tells each with file and line, what was read, what was
expected and how to write it. None of them is silent.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from process import run

ASKED = "### user\n\n> Hi\n"
ANSWER = "\n### assistant\n\n> Yes.\n"
CALL = '\n### assistant\n\n#### call f, call_1\n\n```json\n{"a": 1}\n```\n'


class Mistake(NamedTuple):
    """A file, and what has to be said of it: the line, the level, and some of the words."""

    text: str
    line: int
    level: str
    words: tuple[str, ...]


def wrong(line: int, text: str, *words: str) -> Mistake:
    """A mistake that keeps the file from being served."""
    return Mistake(text, line, "error", words)


def odd(line: int, text: str, *words: str) -> Mistake:
    """A mistake with which the file is served, but hardly as it was meant."""
    return Mistake(text, line, "warning", words)


def settings(*lines: str) -> str:
    """A file with these lines in its front matter."""
    return "\n".join(["---", *lines, "---", "", ASKED + ANSWER])


def called(arguments: str) -> str:
    """A file whose answer calls a tool with these arguments."""
    return ASKED + CALL.replace('{"a": 1}', arguments)


def like(line: str, said: str = "Yes.") -> str:
    """A file with a pattern of one line."""
    return f"### user, like\n\n> {line}\n\n### assistant\n\n> {said}\n"


def tooled(arguments: str) -> str:
    """A file whose answer calls the only tool of its settings with these arguments."""
    tool = (
        "tools: [{type: function, function: {name: f, parameters: {type: object, properties: "
        "{city: {type: string, enum: [Oslo, Bern]}, days: {type: integer}}}}}]"
    )
    return settings(tool).replace(ANSWER, CALL.replace('{"a": 1}', arguments))


MISTAKES = {
    # Headings
    "human": wrong(1, "### human\n\n> Hi\n" + ANSWER, "`### human`", "did you mean 'user'?"),
    "ai": wrong(5, ASKED + "\n### ai\n\n> Yes\n", "`### ai`", "did you mean 'assistant'?"),
    "bot": wrong(5, ASKED + "\n### bot\n\n> Yes\n", "`### bot`", "did you mean 'assistant'?"),
    "model": wrong(5, ASKED + "\n### model\n\n> Yes\n", "did you mean 'assistant'?"),
    "Model: with a colon": wrong(5, ASKED + "\n### Model:\n\n> Yes\n", "mean 'assistant'?"),
    "User with a capital": wrong(1, "### User\n\n> Hi\n" + ANSWER, "did you mean 'user'?"),
    "a role at level 2": wrong(1, "## user\n\n> Hi\n\n## assistant\n\n> Yes\n", "`### user`"),
    "human at level 2": wrong(1, "## human\n\n> Hi\n\n## ai\n\n> Yes\n", "write `### user`"),
    "no space after the marks": wrong(1, "###user\n\n> Hi\n" + ANSWER, "a space after the marks"),
    "no comma": wrong(
        5, f"{ASKED}\n### assistant take 2\n\n> Yes\n", "write `### assistant, take 2`"
    ),
    "a status alone": wrong(5, ASKED + "\n### 429\n\n> Slow down\n", "`### error 429`"),
    "an error without a status": wrong(5, ASKED + "\n### error\n\n> Oh\n", "`error 429`"),
    "a call as a message": wrong(5, ASKED + "\n### call f\n", "a part of a message is `#### call`"),
    "speakers in bold": odd(1, "**User:** Hi\n\n**AI:** Yes\n", "read '**User:'", "`### user`"),
    # Texts
    "a text without its marks": wrong(3, "### user\n\nHi\n" + ANSWER, "`### user`", "`> `"),
    "a text in a fence": wrong(3, "### user\n\n```\nHi\n```\n" + ANSWER, "`### user`", "`> `"),
    "the second line without its mark": wrong(
        4, "### user\n\n> Hi\nthere\n" + ANSWER, "'there'", "`> `"
    ),
    "two quotes": wrong(5, ASKED + "\n> there\n" + ANSWER, "join the two", "`#### text`"),
    "a frame that is never closed": wrong(
        3, "### user\n\n<blockquote>\n\nHi\n" + ANSWER, "</blockquote>"
    ),
    "a picture below a text": wrong(5, ASKED + "\n![a](a.png)\n" + ANSWER, "write `#### image`"),
    "no text": odd(1, "### user\n" + ANSWER, "`### user` has no text", "`> `", "`### user, any`"),
    "a text in a comment": odd(1, "### user\n\n<!-- Hi -->\n" + ANSWER, "`### user` has no text"),
    "a text in YAML": odd(1, "### user\n\n```yaml\ncontent: Hi\n```\n" + ANSWER, "has no text"),
    "a heading in a text": odd(9, f"{ASKED}{ANSWER}\n# Steps\n\n- one\n", "'# Steps'", "`> `"),
    "a heading of level 5 in a text": odd(9, f"{ASKED}{ANSWER}\n##### Steps\n", "'##### Steps'"),
    "a setting of a section without a fence": odd(
        3, f"## A\n\nmodel: m\n\n{ASKED}{ANSWER}", "'model: m'", "```yaml fence below its `##`"
    ),
    "a heading of level 2 in a text": Mistake(
        f"{ASKED}{ANSWER}\n## Steps\n\n1. One\n", 9, "notice", ("'## Steps'", "no messages", "`> `")
    ),
    "an empty quote": odd(1, "### user\n\n>\n" + ANSWER, "is empty", "`### user, any`"),
    "an empty frame": odd(
        1, "### user\n\n<blockquote>\n\n</blockquote>\n" + ANSWER, "is empty", "`### user, any`"
    ),
    "a quote that is marked twice": odd(
        3, "### user\n\n>> Hi\n>> there\n" + ANSWER, "`>` twice", "take one out"
    ),
    "an indented quote": odd(9, f"{ASKED}{ANSWER}\n  > And no.\n", "'> And no.'", "first column"),
    "a mark that looks like one": odd(9, f"{ASKED}{ANSWER}\n\uff1e And no.\n", "first column"),
    "an alert": odd(3, "### user\n\n> [!NOTE]\n> Hi\n" + ANSWER, "'> [!NOTE]'", "`<!--`"),
    "code that never ends": odd(
        5, ASKED + "\n### assistant\n\n> ```python\n> x\n", "'```python'", "last line"
    ),
    "a role in a quote": odd(
        1, "### user\n\n> Hi\n>\n> ### assistant\n>\n> Yes.\n" + ANSWER, "'### assistant'", "`>`"
    ),
    "who speaks in a text": odd(
        5, ASKED + "\n### assistant\n\n> **Assistant:** Yes.\n", "'**Assistant:**'", "heading"
    ),
    "the button of a page": odd(
        5, ASKED + "\n### assistant\n\n> pythonCopy code\n> x\n", "'pythonCopy code'", "take it out"
    ),
    "a citation of a page": odd(
        5, ASKED + "\n### assistant\n\n> Yes :contentReference[oaicite:0]{index=0}\n", "take it out"
    ),
    "a whole response as a text": odd(
        5,
        ASKED + '\n### assistant\n\n> {"choices": [{"message": {"content": "Yes."}}]}\n',
        "JSON as an API has it",
        "`### assistant`",
    ),
    "messages as a text": odd(
        1,
        '### user\n\n> [{"role": "user", "content": "Hi"}]\n' + ANSWER,
        "JSON as an API has it",
        "`### user`",
    ),
    "a picture as a text": odd(3, "### user\n\n![a](a.svg)\n" + ANSWER, "`#### image`", "a text"),
    "a picture in a quote": odd(
        1, "### user\n\n> ![a](https://example.org/a.png)\n" + ANSWER, "`#### image`"
    ),
    "a frame in a quote": odd(
        1, "### user\n\n> <blockquote>\n> Hi\n> </blockquote>\n" + ANSWER, "take out the `>`"
    ),
    "a quote of no message": odd(
        11, f"{ASKED}{ANSWER}\n## User 2\n\n> And?\n", "belongs to no message", "`### user`"
    ),
    "a file in YAML below a text": odd(
        5,
        ASKED + ANSWER + "\n```yaml\nversion: 1\n```\n",
        "`version:`",
        "start each line with `> `",
    ),
    "tokens without usage": odd(
        5, ASKED + ANSWER + "\n```yaml\nprompt_tokens: 9\n```\n", "`usage: {prompt_tokens: 9}`"
    ),
    "role words of another language": wrong(
        5, ASKED + "\n### Respuesta\n\n> Yes\n", "did you mean 'assistant'?"
    ),
    # Settings
    "front matter below a title": wrong(3, "# T\n\n" + settings("model: m"), "first line"),
    "front matter below a blank line": wrong(2, "\n" + settings("model: m"), "first line"),
    "settings without front matter": odd(1, "model: m\n\n" + ASKED + ANSWER, "'model: m'", "`---`"),
    "settings below a message": wrong(
        1, "### user\n\n```yaml\nmodel: m\n```\n\n> Hi\n" + ANSWER, "front matter"
    ),
    "what an answer has among the settings": odd(
        2, settings("finish_reason: length"), "what an answer has", "```yaml fence below the answer"
    ),
    "the usage among the settings": odd(
        2, settings("usage: {total_tokens: 3}"), "`usage` is what an answer has"
    ),
    "several APIs": wrong(
        2, settings("rechat: {api: [openai, anthropic]}"), "one API", '["openai","anthropic"]'
    ),
    "a text of a time-out": odd(
        5, ASKED + "\n### error timeout\n\n> Slow\n", "gets nothing of this text", "cut after N"
    ),
    "a misspelt setting": odd(3, settings("model: m", "temprature: 0.2"), "`temperature`"),
    "a number in quotes": odd(2, settings('temperature: "0.2"'), "leave out the quotes"),
    "a boolean for a number": odd(2, settings("max_tokens: true"), "a boolean", "whole number"),
    "a decimal comma": odd(2, settings("temperature: 0,7"), "write `temperature: 0.7`"),
    "a word for a flag": odd(2, settings("stream: yes"), "`true` or `false`, without quotes"),
    "a text for a list": odd(2, settings("stop_sequences: END"), '`stop_sequences: ["END"]`'),
    "the name of a tool": odd(2, settings("tools: [f]"), "{type: function, function: {name"),
    "a number as a model": odd(2, settings("model: 4"), "put it in quotes"),
    "no value": odd(2, settings("model:"), "has no value"),
    "a fraction of a token": odd(
        2, settings("options: {num_predict: 1.5}"), "a whole number such as 500"
    ),
    "typographic quotes in YAML": odd(2, settings("model: “m”"), "`model: “m”`", 'write "'),
    "a tab in YAML": wrong(3, settings("rechat:", "\tmatch: exact"), "spaces, not a tab"),
    "a colon in YAML": wrong(2, settings("model: a: b"), "needs quotes"),
    "a misspelt option": wrong(2, settings("rechat: {macth: exact}"), "did you mean `match`?"),
    "an option among the settings": odd(
        2, settings("takes: cycle"), "write it below `rechat:`", '{takes: "cycle"}'
    ),
    "the system prompt as a setting": odd(2, settings("system: Be nice"), "`### system`"),
    "a setting of a section": odd(
        4, "## A\n\n```yaml\nmodell: m\n```\n\n" + ASKED + ANSWER, "`model`"
    ),
    "a format in one word": odd(
        2, settings("response_format: json"), "is a text", "`response_format: {type: json_object}`"
    ),
    "a format of an unknown type": odd(
        2, settings("response_format: {type: json}"), "`type: json`", "write `type: json_object`"
    ),
    "a format without a type": odd(
        2, settings("response_format: {json_schema: {}}"), "has no `type`", "json_schema"
    ),
    "a pattern as a model": odd(2, settings("model: gpt-*"), "as it stands", "leave out the line"),
    "any model": odd(2, settings("model: any"), "leave out the line"),
    "fewer choices than n": odd(
        9, settings("n: 3"), "asks for 3 choices, and this is 1 choice", "`### assistant, choice 1`"
    ),
    "a tool in one word": odd(
        2, settings("tool_choice: f"), "is a text", "{type: function, function: {name: f}}"
    ),
    "an effort that does not exist": odd(2, settings("reasoning_effort: hi"), "mean `high`?"),
    "settings as JSON": odd(
        2, '{\n    "model": "m"\n}\n\n' + ASKED + ANSWER, '\'"model": "m"\'', "`---`"
    ),
    "an answer that is not the JSON asked for": odd(
        9, settings("response_format: {type: json_object}"), "no JSON", "`response_format`"
    ),
    "JSON in a fence": odd(
        9,
        settings("response_format: {type: json_object}").replace(
            "> Yes.", "> ```json\n> {}\n> ```"
        ),
        "take out the lines of the fence",
    ),
    "JSON without what the schema requires": odd(
        9,
        settings("format: {type: object, required: [city]}").replace("> Yes.", "> {}"),
        "lacks `city`",
    ),
    "models to choose from": odd(2, settings("model: gpt-4o|gpt-5"), "leave out the line"),
    "a model of the environment": odd(2, settings("model: ${MODEL}"), "leave out the line"),
    "a temperature of twenty": odd(2, settings("temperature: 20"), "from 0 to 2"),
    "a share in percent": odd(2, settings("top_p: 95"), "from 0 to 1"),
    "a line break without quotes": odd(2, settings(r"stop: \n"), r'`stop: ["\n"]`'),
    "several words to stop at": odd(2, settings("stop: END, STOP"), "`stop: [END, STOP]`"),
    "a delay in milliseconds": odd(2, settings("rechat: {delay: 1500}"), "`delay: 1.5`"),
    "an option with a dot": odd(2, settings("rechat.takes: cycle"), '`rechat: {takes: "cycle"}`'),
    "an option below rechat without blanks": wrong(
        2, settings("rechat:", "match: exact"), "with blanks before it"
    ),
    "a misspelt rule": odd(1, settings("rechat: {normalise: [date]}"), "did you mean `dates`?"),
    "a tool without a type": odd(
        2, settings("tools: [{name: f, parameters: {type: object}}]"), "{type: function, function:"
    ),
    "a schema as a text": odd(
        2,
        settings("response_format: {type: json_schema, json_schema: '{}'}").replace("Yes.", "{}"),
        "needs the schema",
    ),
    # Embeddings
    "a list of inputs": odd(
        1,
        "### input\n\n> - a\n> - b\n\n### embedding, from hash\n",
        "one text of several lines",
        "an `### input` of its own",
    ),
    "a list of inputs as JSON": odd(
        1,
        '### input\n\n```json\n["a", "b"]\n```\n\n### embedding, from hash\n',
        "a list of 2 texts",
        "an `### input` of its own",
    ),
    "one vector for two inputs": odd(
        9,
        "### input\n\n> a\n\n### input\n\n> b\n\n### embedding\n\n```json\n[0.1]\n```\n",
        "1 vector for 2 inputs",
        "`### embedding, choice 2`",
    ),
    "a second request for vectors": odd(
        7,
        "### input\n\n> a\n\n### embedding, from hash\n\n### input\n\n> b\n\n### embedding, from hash\n",
        "one request",
        "`## NAME`",
    ),
    # Calls and results
    "a call of another tool": odd(
        9,
        settings("tools: [{type: function, function: {name: get_weather}}]").replace(
            ANSWER, CALL.replace("call f", "call getweather")
        ),
        "calls no tool of the settings",
        "did you mean get_weather?",
    ),
    "a call without what the tool requires": odd(
        9,
        settings("tools: [{name: f, input_schema: {required: [city]}}]").replace(ANSWER, CALL),
        "lacks `city`",
    ),
    "an argument that is not among the choices": odd(
        9, tooled('{"city": "Lisbon"}'), 'takes one of "Oslo", "Bern"'
    ),
    "an argument of another type": odd(9, tooled('{"days": "3"}'), "a value of type integer"),
    "a misspelt argument": odd(9, tooled('{"day": 3}'), "did you mean `days`?"),
    "a call of a user": odd(
        1, "### user\n\n#### call f, c1\n\n```json\n{}\n```\n" + ANSWER, "below `### assistant`"
    ),
    "reasoning of a user": odd(
        1, ASKED + "\n#### reasoning\n\n> Hm.\n" + ANSWER, "below `### assistant`"
    ),
    "calls as JSON": odd(
        5,
        ASKED
        + '\n### assistant\n\n```json\n[{"type": "function", "function": {"name": "f"}}]\n```\n',
        "an item of type function",
        "`#### call NAME, ID`",
    ),
    "a result in the answer": odd(
        5, ASKED + CALL + "\n#### result f, call_1\n\n> 20\n", "`### tool, call_1` below"
    ),
    "a result as a part": odd(
        13,
        ASKED + CALL + "\n### tool, call_1\n\n#### result f, call_1\n\n> 20\n" + ANSWER,
        "a tool of the server",
        "`### tool, ID`",
    ),
    "the name of a tool with spaces": wrong(
        7, ASKED + CALL.replace("call f", "call get weather"), "`#### call get_weather, call_1`"
    ),
    "an argument twice": odd(5, called('{"a": 1, "a": 2}'), "say 'a' twice"),
    "a hole outside of the quotes": odd(
        5,
        like("In {{city}}").partition("### assistant")[0] + CALL[1:].replace("1}", "{{city}}}"),
        'write `"{{city}}"`',
    ),
    "the reason of another API": odd(
        5,
        ASKED + ANSWER + "\n```yaml\nstop_reason: max_tokens\n```\n",
        "write `finish_reason: length`",
    ),
    "a reason without a call": odd(
        5, ASKED + ANSWER + "\n```yaml\nfinish_reason: tool_calls\n```\n", "there is no call"
    ),
    "metadata below a part": odd(
        5, ASKED + CALL + "\n```yaml\nusage: {}\n```\n", "a field of that part", "<details>"
    ),
    "an error as a text of JSON": odd(
        5, ASKED + '\n### error 429\n\n> {"error": {"message": "Slow"}}\n', "```json fence"
    ),
    "JSON as an answer": wrong(
        5, ASKED + '\n### assistant\n\n```json\n{"a": 1}\n```\n', "as an object", "`> `"
    ),
    "single quotes in JSON": wrong(
        5, called("{'a': 1}"), "not JSON", "double quotes", '{"city": "Lisbon"}'
    ),
    "typographic quotes in JSON": wrong(5, called("{“a”: 1}"), "typographic quotes", 'write "'),
    "a comma too many": wrong(5, called('{"a": 1,}'), "take out the comma after the last member"),
    "a call without a name": wrong(
        7, ASKED + "\n### assistant\n\n#### call\n", "`#### call get_weather, call_1`"
    ),
    "a result without a call": odd(
        5, ASKED + "\n### tool, call_1\n\n> 20\n" + ANSWER, "of no call", "`#### call NAME, call_1`"
    ),
    "a result with another ID": odd(
        13,
        ASKED + CALL + "\n### tool, cal_1\n\n> 20\n" + ANSWER,
        "`### tool, cal_1`",
        "expected call_1",
        "write `### tool, call_1`",
    ),
    # Patterns
    "a wild card without like": odd(
        1, "### user\n\n> Hi [..]\n" + ANSWER, "`[..]`", "`### user, like`"
    ),
    "a hole without like": wrong(
        5, "### user\n\n> {{a}}\n\n### assistant\n\n> {{a}}\n", "`### user, like`"
    ),
    "three dots in brackets": odd(1, like("Hi [...]"), "'[...]'", "write `[..]`"),
    "an ellipsis in brackets": odd(1, like("Hi […]"), "'[…]'", "write `[..]`"),
    "an ellipsis for lines": odd(1, like("Hi\n> …"), "'…'", "a line `...`"),
    "dots in a line": odd(1, like("Hi ..."), "read '...'", "expected `[..]`"),
    "a star": odd(1, like("Hi *"), "read '*'", "expected `[..]`"),
    "one brace": odd(1, like("Hi {name} [..]", "Yes {name}"), "'{name}'", "{{name}}"),
    "blanks in a hole": wrong(1, like("Hi {{ name }}"), "'{{ name }}'", "write {{name}}"),
    "a hole that is not caught": wrong(
        5, like("{{name}}", "{{nam}}"), "'{{nam}}'", "did you mean {{name}}?"
    ),
    "holes without a word between": wrong(
        1, like("{{a}}{{b}}"), "'{{a}}{{b}}'", "a word or a space"
    ),
    "a wild card in an answer": odd(
        5, like("Hi [..]", "Hi [..]"), "`[..]` in an answer", "`{{name}}`"
    ),
    "a text below any": odd(
        1, "### user, any\n\n> Hi\n" + ANSWER, "never compared", "`### user, like`"
    ),
    "a filter in a hole": wrong(5, like("{{a}}", "{{a|upper}}"), "'{{a|upper}}'", "write {{a}}"),
    "a brace too few": odd(1, like("{{a} [..]"), "'{{a}'", "{{a}}"),
    "a hole of Python": odd(1, like("{{name}}", "%(name)s"), "'%(name)s'", "{{name}}"),
    "a hole of a shell": odd(1, like("Hi ${name} [..]", "Yes ${name}"), "'${name}'", "{{name}}"),
    "a hole between angles": odd(1, like("Hi <name> [..]", "Yes <name>"), "'<name>'", "{{name}}"),
    "a template": odd(1, like("{% if a %}Hi{% endif %} [..]"), "'{% if a %}'", "write `[..]`"),
    # Conversations
    "the system prompt below the question": Mistake(
        ASKED + "\n### system\n\n> Be nice.\n" + ANSWER, 5, "notice", ("below `### user`",)
    ),
    "a stream as a text": odd(
        5, ASKED + '\n### assistant\n\n> data: {"choices": []}\n', "a stream as an API sends it"
    ),
    "tokens in words": odd(
        5, ASKED + ANSWER + "\n```yaml\nusage: {prompt_tokens: ten}\n```\n", "`prompt_tokens: 9`"
    ),
    "the length of a body": odd(
        5,
        ASKED + "\n### error 429\n\n```yaml\nheaders: {content-length: 2}\n```\n\n> Slow\n",
        "leave it out",
    ),
    "a picture that was cut": odd(
        1,
        ASKED + "\n#### image\n\n![a](data:image/png;base64,iVBORw0…)\n" + ANSWER,
        "is no base64",
    ),
    "an address without its scheme": wrong(
        5, ASKED + "\n#### image\n\n![a](www.example.org/a.png)\n" + ANSWER, "https://"
    ),
    "lines that end in CR": wrong(1, (ASKED + ANSWER).replace("\n", "\r"), "lines that end in LF"),
    "a linked text of a wiki": wrong(
        3, "### system\n\n![[prompt.md]]\n\n" + ASKED + ANSWER, "[words](path)"
    ),
    "an error below an answer": odd(
        9, ASKED + ANSWER + "\n### error 429\n\n> Slow\n", "`### error 429, take 2`"
    ),
    "an error of status 200": odd(5, ASKED + "\n### error 200\n\n> Slow\n", "from 400 on"),
    "a cut behind the end": odd(
        5, ASKED + "\n### error cut after 100\n\n> Yes\n", "has 3 characters", "a smaller number"
    ),
    "headers as prose": odd(
        7, ASKED + "\n### error 429\n\nretry-after: 1\n\n> Slow\n", "a ```yaml fence"
    ),
    "a result without a text": odd(
        13, ASKED + CALL + "\n### tool, call_1\n" + ANSWER, "has no text", "`### tool, any`"
    ),
    "a take twice": odd(
        13,
        ASKED + ANSWER + 2 * "\n### assistant, take 2\n\n> No\n",
        "take 2 stands here twice",
        "`take 3`",
    ),
    "no answer": odd(1, ASKED, "it has no `### assistant`"),
    "an empty answer": odd(5, ASKED + "\n### assistant\n", "this answer is empty"),
    "an answer to nothing": wrong(1, ANSWER[1:] + "\n" + ASKED, "`### user`"),
    "a question at the end": odd(9, ASKED + ANSWER + "\n" + ASKED, "no answer follows"),
    "a second answer": odd(9, ASKED + ANSWER + ANSWER, "`### assistant, take 2`"),
    "a take left out": odd(9, ASKED + ANSWER + "\n### assistant, take 3\n\n> No\n", "`take 2`"),
    "a misspelt reason": odd(
        5, ASKED + ANSWER + "\n```yaml\nfinish_reason: lenght\n```\n", "`length`"
    ),
    "an option below an answer": odd(
        5,
        ASKED + ANSWER + "\n```yaml\ndelay: 2\n```\n",
        "`delay` here is a field that clients get",
        "`rechat: {delay: 2}`",
    ),
    "two sections of one title": wrong(
        11, f"## A\n\n{ASKED}{ANSWER}\n## A\n\n{ASKED}{ANSWER}", "'A'", "another name"
    ),
    "an empty file": odd(1, "", "no messages", "`### user`"),
}


def _name(mistake: str) -> str:
    return f"{mistake.replace(' ', '-')}.md"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """The findings of lint, file by file."""
    folder = tmp_path_factory.mktemp("mistakes")
    for name, mistake in MISTAKES.items():
        (folder / _name(name)).write_bytes(mistake.text.encode())
    (folder / "a.svg").write_text("<svg/>", "utf-8")
    findings: dict[str, list[dict[str, Any]]] = {}
    for finding in json.loads(run("lint", "--json", folder, folder=folder).stdout):
        findings.setdefault(Path(finding["path"]).name, []).append(finding)
    return findings


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_line_and_remedy(
    found: dict[str, list[dict[str, Any]]], name: str
) -> None:
    mistake = MISTAKES[name]
    told = [
        finding
        for finding in found.get(_name(name), [])
        if "answers the same request" not in finding["message"]
    ]
    assert [(one["line"], one["level"]) for one in told] == [(mistake.line, mistake.level)], told
    for words in mistake.words:
        assert words in told[0]["message"]
