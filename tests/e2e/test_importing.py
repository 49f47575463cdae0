"""`rechat import`, as a person runs it."""

import json
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from foreign import ASKED
from foreign import SAID
from foreign import URL
from foreign import cassette
from foreign import har
from process import Rechat
from process import run

OLD = sys.version_info < (3, 14)
# A version, flags, and a compression that nothing reads.
METHOD_99 = b"\x14\x00\x00\x00\x63\x00"


def test_cassettes_become_the_transcripts_of_their_tests_and_are_replayed(tmp_path: Path) -> None:
    source = tmp_path / "cassettes" / "test_chat" / "test_it.yaml"
    source.parent.mkdir(parents=True)
    source.write_bytes(cassette(SAID))
    source.with_name("odd.yaml").write_text("a: 1\n")
    result = run("import", "cassettes", "--to", "transcripts", folder=tmp_path)
    assert (result.returncode, result.stdout) == (0, "transcripts/test_chat/test_it.md:16\n")
    assert result.stderr == (
        "left out: cassettes/test_chat/odd.yaml: its format is not known\n"
        "1 saved, 0 there already, 1 left out\n"
    )
    before = (tmp_path / "transcripts" / "test_chat" / "test_it.md").read_bytes()
    again = run("import", "cassettes", "--to", "transcripts", folder=tmp_path)
    assert (again.stdout, again.stderr.splitlines()[-1]) == (
        "",
        "0 saved, 1 there already, 1 left out",
    )
    assert (tmp_path / "transcripts" / "test_chat" / "test_it.md").read_bytes() == before
    with Rechat("replay", "transcripts", folder=tmp_path) as rechat, rechat.client() as client:
        asked = [{"role": "user", "content": "What is the capital?"}]
        said = client.chat.completions.with_raw_response.create(
            model="gpt-5",
            messages=asked,  # type: ignore[arg-type]
        )
    assert json.loads(said.content) == SAID


def test_patterns_are_read_and_other_hosts_are_left(tmp_path: Path) -> None:
    (tmp_path / "a.har").write_bytes(har())
    (tmp_path / "b.har").write_bytes(har().replace(b"/v1/chat/completions", b"/v1/things"))
    (tmp_path / "c.har").write_bytes(
        har().replace(b"api.openai.com/v1/chat/completions", b"other.example/x")
    )
    result = run("import", "*.har", "--json", folder=tmp_path)
    told = json.loads(result.stdout)
    assert (len(told["saved"]), told["known"]) == (2, 0)
    assert [one["place"] for one in told["left"]] == ["c.har#1"]
    assert "--also HOST" in told["left"][0]["reason"]


def test_the_har_of_playwright_is_read_with_the_files_beside_it_and_from_its_archive(
    tmp_path: Path,
) -> None:
    log = json.loads(har())
    content = log["log"]["entries"][0]["response"]["content"]
    name = f"{'0a' * 20}.json"
    body, content["_file"] = content.pop("text").encode(), name
    folder = tmp_path / "har"
    folder.mkdir()
    (folder / name).write_bytes(body)
    (folder / "a.har").write_text(json.dumps(log))
    result = run("import", "har", "--to", "one", folder=tmp_path)
    assert (result.returncode, result.stderr) == (0, "1 saved, 0 there already, 0 left out\n")
    with ZipFile(folder / "b.har.zip", "w") as archive:
        archive.writestr("har.har", json.dumps(log))
        archive.writestr(name, body)
    assert run("import", "har/b.har.zip", "--to", "two", folder=tmp_path).returncode == 0
    [one], [two] = (tmp_path.glob(f"{name}/*.md") for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
    again = run("import", "har/b.har.zip", "--to", "one", folder=tmp_path)
    assert again.stderr == "0 saved, 1 there already, 0 left out\n"


def test_a_har_names_no_file_of_another_folder_and_other_archives_are_told(tmp_path: Path) -> None:
    log = json.loads(har())
    log["log"]["entries"][0]["response"]["content"] = {"_file": "../a.har"}
    (tmp_path / "in").mkdir()
    for name in ("a.har", "in/a.har"):
        (tmp_path / name).write_text(json.dumps(log))
    with ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("a.txt", "x")
    told = run("import", "in/a.har", "other.zip", folder=tmp_path).stderr
    assert "it is in ../a.har, which is not there" in told
    assert "other.zip: its format is not known" in told


def test_logs_of_inspect_are_read_in_the_compression_that_it_writes(tmp_path: Path) -> None:
    reading = pytest.importorskip("backports.zstd.zipfile" if OLD else "zipfile")
    call = {"request": ASKED, "response": SAID}
    sample = {"id": 1, "epoch": 1, "events": [{"event": "model", "call": call}]}
    with reading.ZipFile(tmp_path / "a.eval", "w", reading.ZIP_ZSTANDARD) as archive:
        archive.writestr("samples/1_epoch_1.json", json.dumps(sample))
    with ZipFile(tmp_path / "b.eval", "w") as archive:
        archive.writestr("samples/1_epoch_1.json", json.dumps(sample))
    unknown = (tmp_path / "b.eval").read_bytes().replace(b"\x14\x00\x00\x00\x00\x00", METHOD_99)
    (tmp_path / "b.eval").write_bytes(unknown)
    result = run("import", "*.eval", folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stderr.startswith("left out: b.eval/samples/1_epoch_1.json: cannot be unpacked:")
    assert result.stderr.endswith("1 saved, 0 there already, 1 left out\n")


def test_an_import_that_keeps_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    assert run("import", "a.json", folder=tmp_path).returncode == 1
    missing = run("import", "b.json", folder=tmp_path)
    assert (missing.returncode, missing.stderr) == (2, "rechat: b.json does not exist\n")


def test_fixtures_of_aimock_answer_as_aimock_does(tmp_path: Path) -> None:
    fixtures = [
        {
            "match": {"userMessage": "weather"},
            "response": {"toolCalls": [{"id": "c1", "name": "f", "arguments": {"city": "Oslo"}}]},
        },
        {"match": {"toolCallId": "c1"}, "response": {"content": "Sunny."}},
        {"match": {"toolName": "f"}, "response": {"content": "never"}},
    ]
    (tmp_path / "f.json").write_text(json.dumps({"fixtures": fixtures}))
    result = run("import", "f.json", folder=tmp_path)
    assert result.returncode == 0
    assert result.stdout.startswith("transcripts/weather-")
    assert result.stderr.startswith("left out: f.json#3: is for requests that offer the tool f")
    assert run("lint", "--strict", folder=tmp_path).returncode == 0
    assert run("import", "f.json", folder=tmp_path).stdout == ""
    with Rechat("replay", folder=tmp_path) as rechat, rechat.client() as client:
        asked: list[Any] = [{"role": "user", "content": "Hi.\nWhat is the weather in Oslo?\nBye."}]
        called = client.chat.completions.create(model="any", messages=asked).choices[0].message
        assert called.tool_calls
        asked += [
            called.to_dict(),
            {"role": "tool", "tool_call_id": called.tool_calls[0].id, "content": "24"},
        ]
        said = client.chat.completions.create(model="any", messages=asked).choices[0].message
        assert said.content == "Sunny."


def test_a_cassette_in_toml_is_read(tmp_path: Path) -> None:
    body = json.dumps(json.dumps(SAID))
    asked = json.dumps(json.dumps(ASKED))
    (tmp_path / "c.toml").write_text(
        'version = 1\n[[interactions]]\n[interactions.request]\nmethod = "POST"\n'
        f'uri = "{URL}"\nbody = {asked}\n'
        f'[interactions.response]\nstatus = 200\nbody = {{type = "text", content = {body}}}\n'
    )
    assert run("import", "c.toml", folder=tmp_path).stdout.startswith("transcripts/c.md:")
    (tmp_path / "d.toml").write_text("[[interactions]]\nx = \n")
    assert "is not TOML" in run("import", "d.toml", folder=tmp_path).stderr
