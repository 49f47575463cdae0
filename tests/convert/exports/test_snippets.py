"""Commands and programs that ask a question."""

import ast
import json
import shlex

from exported import record

from rechat.convert.exports import snippets
from rechat.values import Message

ASKED = Message("user", 'It\'s "$HOME" `ls` \n and {braces}')


def test_the_command_for_curl_says_the_body_whatever_is_in_it() -> None:
    text = snippets.curl([record(ASKED)])
    words = shlex.split(text, comments=True)
    body = json.loads(words[words.index("--data-raw") + 1])
    assert body["messages"][0]["content"] == ASKED.body
    assert "authorization: Bearer $OPENAI_API_KEY" in words


def test_the_program_says_the_body_whatever_is_in_it() -> None:
    tree = ast.parse(snippets.python([record(ASKED)]))
    [body] = [node.value for node in tree.body if isinstance(node, ast.Assign)][:1]
    assert ast.literal_eval(body)["messages"][0]["content"] == ASKED.body
