"""Recording grows the folder; what was recorded is replayed without an upstream."""

import json
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import OpenAI
from process import Rechat
from upstream import Gate
from upstream import Stream
from upstream import Upstream
from upstream import failure

PIXEL = "data:image/png;base64,iVBORw0KGgo="


def post(rechat: Rechat, body: dict[str, Any], **headers: str) -> httpx.Response:
    response = httpx.post(f"{rechat.url}/chat/completions", json=body, headers=headers, timeout=20)
    response.read()
    return response


def user(text: str, **more: Any) -> dict[str, Any]:
    return {"model": "gpt-5", "messages": [{"role": "user", "content": text}], **more}


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.md"))


def test_the_second_time_the_answer_comes_from_the_file(upstream: Upstream, folder: Path) -> None:
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        first, second = post(rechat, user("Hello")), post(rechat, user("Hello"))
    assert [first.headers["x-rechat"], second.headers["x-rechat"]] == ["recorded", "hit"]
    assert first.content == second.content
    assert len(upstream.requests) == 1
    assert "Echo" in files(folder)[0].read_text()


def test_what_was_recorded_replays_byte_for_byte_without_an_upstream(folder: Path) -> None:
    asked = [
        user("plain"),
        user("streamed", stream=True),
        user("counted", stream=True, stream_options={"include_usage": True}),
        user("What is the weather?", tools=[{"type": "function", "function": {"name": "weather"}}]),
        user("two", n=2),
        user("odds", logprobs=True, top_logprobs=2),
    ]
    with (
        Upstream() as upstream,
        Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat,
    ):
        recorded = [post(rechat, body).content for body in asked]
    with Rechat("replay", folder, folder=folder.parent) as rechat:
        assert [post(rechat, body).content for body in asked] == recorded


def test_without_its_sidecar_a_replay_is_equal_in_json(upstream: Upstream, folder: Path) -> None:
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        recorded = post(rechat, user("Hello", n=2, logprobs=True)).json()
    shutil.rmtree(folder / ".wire")
    with Rechat("replay", folder, folder=folder.parent) as rechat:
        assert post(rechat, user("Hello", n=2, logprobs=True)).json() == recorded


def test_one_recording_answers_whole_and_streamed(upstream: Upstream, folder: Path) -> None:
    def text(client: OpenAI) -> str:
        stream = client.chat.completions.create(**user("Hello there"), stream=True)
        return "".join(chunk.choices[0].delta.content or "" for chunk in stream)

    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        client = rechat.client()
        whole = client.chat.completions.create(**user("Hello there"))
        assert text(client) == whole.choices[0].message.content
    assert len(upstream.requests) == 1


def test_an_edited_answer_is_what_both_shapes_say(upstream: Upstream, folder: Path) -> None:
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        post(rechat, user("Hello", stream=True))
    path = files(folder)[0]
    path.write_text(path.read_text().replace("Echo 1: Hello", "Edited by hand"))
    with Rechat("replay", folder, folder=folder.parent) as rechat:
        client = rechat.client()
        whole = client.chat.completions.create(**user("Hello"))
        stream = client.chat.completions.create(**user("Hello"), stream=True)
        streamed = "".join(chunk.choices[0].delta.content or "" for chunk in stream)
    assert whole.choices[0].message.content == streamed == "Edited by hand"


def test_the_client_gets_each_chunk_before_the_next_is_sent(
    upstream: Upstream, folder: Path
) -> None:
    gate = Gate()
    upstream.reply(Stream(gate=gate))
    with (
        Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat,
        rechat.client().chat.completions.create(**user("one two three"), stream=True) as stream,
    ):
        chunks = iter(stream)
        for count in range(1, 4):
            gate.open()
            next(chunks)
            assert len(upstream.requests[0].sent_at) == count
        gate.open(1000)
        assert list(chunks)
    assert len(files(folder)) == 1


def test_six_requests_that_differ_in_one_thing_get_a_recording_each(
    upstream: Upstream, folder: Path
) -> None:
    text = {"role": "user", "content": "yes"}
    earlier = [{"role": "user", "content": "Rome?"}, {"role": "assistant", "content": "Book it?"}]
    picture = {"type": "image_url", "image_url": {"url": PIXEL}}
    tool = {"type": "function", "function": {"name": "book"}}
    asked: list[dict[str, Any]] = [
        {"messages": [text]},
        {"messages": [{"role": "system", "content": "Be brief."}, text]},
        {"messages": [*earlier, text]},
        {"messages": [text], "temperature": 0.7},
        {"messages": [text], "tools": [tool]},
        {"messages": [text], "n": 2},
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "yes"}, picture]}]},
    ]
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        first = [post(rechat, {"model": "gpt-5"} | body).content for body in asked]
        again = [post(rechat, {"model": "gpt-5"} | body) for body in asked]
    assert len(set(first)) == len(asked)
    assert [response.content for response in again] == first
    assert {response.headers["x-rechat"] for response in again} == {"hit"}
    assert (folder / "assets" / "4c4b6a3be1314ab8.png").read_bytes() == b"\x89PNG\r\n\x1a\n"


def test_sixty_turns_are_one_file_that_answers_them_all(upstream: Upstream, folder: Path) -> None:
    asked, answered = [], []
    messages: list[Any] = []
    question = "A question that takes a line or two, as questions of real people do. " * 3
    with Rechat("record", "-q", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        client = rechat.client()
        for turn in range(60):
            messages.append({"role": "user", "content": f"{turn}: {question * 2}"})
            asked.append(list(messages))
            answer = client.chat.completions.create(model="gpt-5", messages=messages)
            messages.append(answer.choices[0].message)
            answered.append(answer.choices[0].message.content or "")
    [path] = files(folder)
    texts = sum(len(message["content"]) for message in asked[-1] if isinstance(message, dict))
    texts += sum(map(len, answered))
    assert path.stat().st_size <= 1.5 * texts
    with Rechat("replay", "-q", folder, folder=folder.parent) as rechat:
        client = rechat.client()
        for request, expected in zip(asked, answered, strict=True):
            answer = client.chat.completions.create(model="gpt-5", messages=request)
            assert answer.choices[0].message.content == expected


@pytest.mark.parametrize("status", [429, 500])
def test_an_error_that_may_pass_is_not_saved(upstream: Upstream, folder: Path, status: int) -> None:
    upstream.reply(failure(status))
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        reply = post(rechat, user("Hello"))
        assert (reply.status_code, reply.headers["x-rechat"]) == (status, "forwarded")
        rechat.wait_for_line(f"{status} may pass")
    assert not files(folder)


def test_an_error_that_lasts_is_an_answer(upstream: Upstream, folder: Path) -> None:
    upstream.reply(failure(400, "too long", "context_length_exceeded"))
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        first, second = post(rechat, user("Hello")), post(rechat, user("Hello"))
    assert (second.status_code, second.json()) == (400, first.json())
    assert "### error 400" in files(folder)[0].read_text()


def test_takes_are_recorded_until_there_are_enough(upstream: Upstream, folder: Path) -> None:
    with Rechat("record", upstream.url, "--to", folder, "--takes", "3", folder=folder.parent) as r:
        verdicts = [post(r, user("Roll")).headers["x-rechat"] for _ in range(5)]
    assert verdicts == ["recorded"] * 3 + ["hit"] * 2
    with Rechat("replay", folder, folder=folder.parent) as rechat:
        served = [
            post(rechat, user("Roll")).json()["choices"][0]["message"]["content"] for _ in "1234"
        ]
    assert served == ["Echo 1: Roll", "Echo 2: Roll", "Echo 3: Roll", "Echo 3: Roll"]


def test_rerecord_replaces_the_answer_and_nothing_else(upstream: Upstream, folder: Path) -> None:
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        post(rechat, user("Hello"))
    [path] = files(folder)
    path.write_text(path.read_text().replace("### user", "A note of mine.\n\n### user"))
    arguments = ("record", upstream.url, "--to", folder, "--on-miss", "rerecord")
    with Rechat(*arguments, folder=folder.parent) as rechat:
        assert post(rechat, user("Hello")).headers["x-rechat"] == "recorded"
    text = path.read_text()
    assert "Echo 2: Hello" in text
    assert "Echo 1" not in text
    assert "A note of mine." in text


def test_live_saves_nothing(upstream: Upstream, folder: Path) -> None:
    arguments = ("record", upstream.url, "--to", folder, "--on-miss", "live")
    with Rechat(*arguments, folder=folder.parent) as rechat:
        assert post(rechat, user("Hello")).headers["x-rechat"] == "forwarded"
    assert not files(folder)


def test_a_blank_answer_is_filled_in_its_place(upstream: Upstream, folder: Path) -> None:
    path = folder / "mine.md"
    path.write_text("# Mine\n\n### user\n\n> Hello\n\n### assistant\n\n### user\n\n> And then?\n")
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        assert post(rechat, user("Hello")).headers["x-rechat"] == "recorded"
    assert files(folder) == [path]
    before, _, after = path.read_text().partition("### assistant\n")
    assert before == "# Mine\n\n### user\n\n> Hello\n\n"
    assert "Echo 1: Hello" in after
    assert after.endswith("### user\n\n> And then?\n")


def test_no_credential_reaches_a_file_or_the_console(upstream: Upstream, folder: Path) -> None:
    key = "sk-proj-" + "A1b2" * 10
    body = user(f"My key is {key}", metadata={"secret": key})
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        post(rechat, body, authorization=f"Bearer {key}", cookie=f"session={key}")
        assert post(rechat, body).headers["x-rechat"] == "hit"
    assert upstream.requests[0].headers["authorization"] == f"Bearer {key}"
    assert key in upstream.requests[0].body.decode()
    written = [path.read_text() for path in folder.rglob("*") if path.is_file()]
    assert written
    assert not any(key in text for text in [*written, rechat.output])


def test_the_upstream_is_asked_for_plain_text_and_hears_nothing_of_us(
    upstream: Upstream, folder: Path
) -> None:
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        post(rechat, user("Hello"), **{"x-rechat-session": "a"})
    headers = upstream.requests[0].headers
    assert headers["accept-encoding"] == "identity"
    assert headers["x-rechat-session"] is None
    assert headers["host"] == upstream.url.split("/")[2]


def test_what_is_no_json_is_forwarded_untouched(upstream: Upstream, folder: Path) -> None:
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        response = httpx.post(f"{rechat.url}/chat/completions", content=b"{not json", timeout=20)
    assert response.headers["x-rechat"] == "forwarded"
    assert upstream.requests[0].body == b"{not json"
    assert not files(folder)


def test_an_unknown_endpoint_is_recorded_whole(upstream: Upstream, folder: Path) -> None:
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        response = httpx.get(f"{rechat.url}/files?limit=2", timeout=20)
    assert response.headers["x-rechat"] == "recorded"
    assert upstream.requests[0].path == "/v1/files?limit=2"
    with Rechat("replay", folder, folder=folder.parent) as rechat:
        again = httpx.get(f"{rechat.url}/files?limit=2", timeout=20)
        other = httpx.get(f"{rechat.url}/files?limit=3", timeout=20)
    assert (again.status_code, again.content) == (response.status_code, response.content)
    assert other.headers["x-rechat"] == "miss"


def test_the_path_of_the_upstream_stands_for_v1(upstream: Upstream, folder: Path) -> None:
    url = upstream.url.removesuffix("/v1") + "/api/v1"
    with Rechat("record", url, "--to", folder, folder=folder.parent) as rechat:
        post(rechat, user("Hello"))
    assert upstream.requests[0].path == "/api/v1/chat/completions"


def test_models_are_routed_to_their_upstreams(folder: Path) -> None:
    with Upstream() as one, Upstream() as two:
        arguments = ("record", one.url, f"{two.url}:llama3", "--to", folder)
        with Rechat(*arguments, folder=folder.parent) as rechat:
            post(rechat, user("Hello"))
            post(rechat, user("Hello") | {"model": "llama3"})
        models = [
            [json.loads(r.body)["model"] for r in upstream.requests] for upstream in (one, two)
        ]
    assert models == [["gpt-5"], ["llama3"]]


def test_two_processes_share_a_folder(upstream: Upstream, folder: Path) -> None:
    arguments = ("record", upstream.url, "--to", folder)
    with (
        Rechat(*arguments, folder=folder.parent) as one,
        Rechat(*arguments, folder=folder.parent) as two,
    ):
        first = post(one, user("Hello")).json()
        two.wait_for_line("reloaded")
        said = first["choices"][0]["message"]
        body = user("Hello")
        body["messages"] += [said, {"role": "user", "content": "And then?"}]
        assert post(two, body).headers["x-rechat"] == "recorded"
        one.wait_for_line("reloaded")
        assert post(one, body).headers["x-rechat"] == "hit"
    assert len(files(folder)) == 1


@pytest.mark.parametrize(
    "text", ["a\r\nb", "\x00\x1b[31m", "\ud800", "</blockquote>\n### user", "", " \n\n"]
)
def test_any_text_comes_back_as_it_was(upstream: Upstream, folder: Path, text: str) -> None:
    body = json.dumps(user(f"Say: {text}"))
    asked: dict[str, Any] = {
        "content": body,
        "headers": {"content-type": "application/json"},
        "timeout": 20,
    }
    with Rechat("record", upstream.url, "--to", folder, folder=folder.parent) as rechat:
        recorded = httpx.post(f"{rechat.url}/chat/completions", **asked)
    shutil.rmtree(folder / ".wire")
    with Rechat("replay", folder, folder=folder.parent) as rechat:
        replayed = httpx.post(f"{rechat.url}/chat/completions", **asked)
    assert replayed.headers["x-rechat"] == "hit"
    assert replayed.json() == recorded.json()
    assert text in recorded.json()["choices"][0]["message"]["content"]
