"""Answers from dumps of mitmproxy."""

import json
from pathlib import Path
from typing import Any

from mitmproxy import io as mitmproxy_io
from mitmproxy.test import tflow
from mitmproxy.test import tutils
from process import Rechat
from process import run


def dump(path: Path, question: str, answer: str) -> None:
    """A dump of mitmproxy with one recorded chat completion."""
    body: dict[str, Any] = {"model": "gpt-5", "messages": [{"role": "user", "content": question}]}
    message = {"role": "assistant", "content": answer}
    reply = {"id": "1", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    request = tutils.treq(
        method=b"POST", path=b"/v1/chat/completions", content=json.dumps(body).encode()
    )
    response = tutils.tresp(content=json.dumps(reply).encode())
    with path.open("wb") as file:
        mitmproxy_io.FlowWriter(file).add(tflow.tflow(req=request, resp=response))


def test_dumps_of_mitmproxy_answer_too(tmp_path: Path) -> None:
    dump(tmp_path / "flows_1.dump", "One?", "First.")
    dump(tmp_path / "flows_2.dump", "Two?", "Second.")
    with Rechat("replay", "-f", folder=tmp_path) as rechat:
        client = rechat.client()
        for question, expected in (("One?", "First."), ("Two?", "Second.")):
            answer = client.chat.completions.create(
                model="gpt-5", messages=[{"role": "user", "content": question}]
            )
            assert answer.choices[0].message.content == expected


def test_a_damaged_dump_is_told_and_its_good_part_served(tmp_path: Path) -> None:
    path = tmp_path / "flows_1.dump"
    dump(path, "One?", "First.")
    path.write_bytes(path.read_bytes() + b"9999:damaged")
    with Rechat("replay", "-f", path, folder=tmp_path) as rechat:
        assert "flows_1.dump" in rechat.output
        answer = rechat.client().chat.completions.create(
            model="gpt-5", messages=[{"role": "user", "content": "One?"}]
        )
        assert answer.choices[0].message.content == "First."


def test_an_import_of_a_dump_has_the_day_on_which_it_was_recorded(tmp_path: Path) -> None:
    dump(tmp_path / "old.dump", "One?", "First.")
    assert run("import", "old.dump", "--to", "kept", folder=tmp_path).returncode == 0
    [path] = (tmp_path / "kept").glob("*.md")
    assert 'recorded: "1999-12-31"' in path.read_text()
