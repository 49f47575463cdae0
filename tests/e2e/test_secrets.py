"""Secrets of all kinds in all places: none is kept, shown or hashed, and replays hit. What the client
and the upstream say to each other is not touched.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dataclasses import field
from itertools import batched
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.parse import quote_plus

import httpx
import pytest
from model import pretty
from planted import Planted
from planted import planted
from process import Rechat
from upstream import Behaviour
from upstream import Bytes
from upstream import Json
from upstream import Stream
from upstream import Upstream

TOKEN = "the-token-of-the-page"
CHAT = "/v1/chat/completions"
# Seeds of the secrets in the replay.
OTHERS = 100
# So many characters of a secret tell it from nearly all others.
BEGINNING = 8
type Secrets = dict[str, Planted]


@dataclass(frozen=True, slots=True)
class Ask:
    """A request, and what the upstream answers."""

    body: Any = None
    path: str = CHAT
    said: Behaviour | None = None
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None
    query: str = ""


def completion(message: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [
            {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": "stop"}
        ],
    }


FINE = Json(completion({"content": "Fine."}))


def chat(name: str, *messages: dict[str, Any], **settings: Any) -> dict[str, Any]:
    first = {"role": "user", "content": f"About {name}."}
    return {"model": "m", "messages": [first, *messages], **settings}


def chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    data = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return f"data: {json.dumps({**data, 'choices': [choice]})}\n\n".encode()


def stream(*deltas: dict[str, Any]) -> Stream:
    events = [chunk({"role": "assistant"}), *map(chunk, deltas), chunk({}, "stop")]
    return Stream([*events, b"data: [DONE]\n\n"])


def in_pieces(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def lines(secrets: Secrets) -> str:
    """All in one text, well apart."""
    return "\n\n---\n\n".join(f"{kind} is\n{each.text}" for kind, each in secrets.items())


def texts(secrets: Secrets) -> list[str]:
    return [f"See {each.text} there." for each in secrets.values()]


def some(secrets: Secrets) -> Iterator[tuple[int, str]]:
    """Five in each text."""
    for number, each in enumerate(batched(texts(secrets), 5)):
        yield number, "\n".join(each)


def for_a_header(text: str) -> str:
    """In one line and in ASCII, as programs put JSON there."""
    line = text.replace("\n", " ")
    return "".join(letter if letter.isascii() else json.dumps(letter)[1:-1] for letter in line)


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def call(arguments: str, number: int = 0) -> dict[str, Any]:
    function = {"name": "run", "arguments": arguments}
    return {"id": f"call_{number}", "type": "function", "function": function}


def a_user_message(secrets: Secrets) -> Iterator[Ask]:
    yield Ask(chat("users", *map(user, texts(secrets))))


def one_long_text(secrets: Secrets) -> Iterator[Ask]:
    yield Ask(chat("one text", user(lines(secrets))))


def a_system_message(secrets: Secrets) -> Iterator[Ask]:
    system = [{"role": "system", "content": text} for text in texts(secrets)]
    yield Ask(chat("systems", *system))


def an_answer(secrets: Secrets) -> Iterator[Ask]:
    for number, text in some(secrets):
        yield Ask(chat(f"answer {number}"), said=Json(completion({"content": text})))


def a_stream(secrets: Secrets) -> Iterator[Ask]:
    for number, text in some(secrets):
        said = stream(*({"content": piece} for piece in in_pieces(text, 5)))
        yield Ask(chat(f"stream {number}", stream=True), said=said)


def the_arguments_of_a_streamed_call(secrets: Secrets) -> Iterator[Ask]:
    for number, text in some(secrets):
        arguments = json.dumps({"command": text})
        first = {"index": 0, **call("")}
        rest = [
            {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}
            for piece in in_pieces(arguments, 7)
        ]
        said = stream({"tool_calls": [first]}, *rest)
        yield Ask(chat(f"streamed call {number}", stream=True), said=said)


def the_arguments_of_calls(secrets: Secrets) -> Iterator[Ask]:
    calls = [
        call(json.dumps({"command": json.dumps({"text": text})}), number)
        for number, text in enumerate(texts(secrets))
    ]
    results = [{"role": "tool", "tool_call_id": each["id"], "content": "done"} for each in calls]
    asked = {"role": "assistant", "content": None, "tool_calls": calls}
    yield Ask(chat("calls", asked, *results))


def the_results_of_calls(secrets: Secrets) -> Iterator[Ask]:
    outputs = texts(secrets)
    calls = [call("{}", number) for number in range(len(outputs))]
    results = [
        {"role": "tool", "tool_call_id": each["id"], "content": output}
        for each, output in zip(calls, outputs, strict=True)
    ]
    asked = {"role": "assistant", "content": None, "tool_calls": calls}
    yield Ask(chat("results", asked, *results))


def the_description_of_a_tool(secrets: Secrets) -> Iterator[Ask]:
    tools = [
        {"type": "function", "function": {"name": f"t{number}", "description": text}}
        for number, text in enumerate(texts(secrets))
    ]
    yield Ask(chat("tools", tools=tools))


def a_json_key(secrets: Secrets) -> Iterator[Ask]:
    yield Ask({"keys": {each.text: 1 for each in secrets.values()}}, "/v1/keys", Json({"ok": 1}))


def a_json_value(secrets: Secrets) -> Iterator[Ask]:
    values = [each.text for each in secrets.values()]
    yield Ask(chat("fields", metadata={"a": values}, user=values[0], other=values, stop=values))


def the_words_of_other_apis(secrets: Secrets) -> Iterator[Ask]:
    uses: list[dict[str, Any]] = [
        {"type": "tool_use", "id": f"toolu_{number}", "name": "run", "input": {"command": text}}
        for number, text in enumerate(texts(secrets))
    ]
    results = [
        {"type": "tool_result", "tool_use_id": use["id"], "content": use["input"]["command"]}
        for use in uses
    ]
    asked = {
        "model": "m",
        "max_tokens": 9,
        "system": lines(secrets),
        "messages": [
            user("Go on."),
            {"role": "assistant", "content": uses},
            {"role": "user", "content": results},
        ],
    }
    said = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [{"type": "text", "text": text} for text in texts(secrets)],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }
    yield Ask(asked, "/v1/messages", Json(said))
    items = [
        {"role": "user", "content": [{"type": "input_text", "text": t}]} for t in texts(secrets)
    ]
    asked = {"model": "m", "instructions": lines(secrets), "input": items}
    output: list[Any] = [{"type": "output_text", "text": lines(secrets), "annotations": []}]
    message: dict[str, Any] = {
        "type": "message",
        "id": "m",
        "role": "assistant",
        "status": "completed",
        "content": output,
    }
    said = {
        "id": "resp_1",
        "object": "response",
        "status": "completed",
        "model": "m",
        "output": [message],
    }
    yield Ask(asked, "/v1/responses", Json(said))


def a_request_header(secrets: Secrets) -> Iterator[Ask]:
    for number, text in some(secrets):
        word = for_a_header(text)
        names = ("x-any", "authorization", "cookie", "x-api-key", "user-agent", "referer")
        yield Ask(chat(f"header {number}"), headers=dict.fromkeys(names, word))


def an_answers_header(secrets: Secrets) -> Iterator[Ask]:
    for number, text in some(secrets):
        word = for_a_header(text)
        names = ("x-any", "set-cookie", "content-disposition", "location", "retry-after")
        said = Json(FINE.body, headers=[(name, word) for name in names])
        yield Ask(chat(f"answer's header {number}"), said=said)


def a_query(secrets: Secrets) -> Iterator[Ask]:
    for number, each in enumerate(secrets.values()):
        query = f"n={number}&any={quote(each.text, '')}&also={quote_plus('see ' + each.text)}"
        yield Ask(chat("queries"), query=query)


def a_path(secrets: Secrets) -> Iterator[Ask]:
    for number, each in enumerate(secrets.values()):
        yield Ask({"n": number}, f"/v1/things/{quote(each.text, '')}/x", Json({"ok": number}))


def the_name_of_the_file(secrets: Secrets) -> Iterator[Ask]:
    for each in secrets.values():
        yield Ask({"model": "m", "messages": [user(each.text)]})


def a_form(secrets: Secrets) -> Iterator[Ask]:
    yield Ask(
        path="/v1/files",
        said=Json({"id": "file-1"}),
        content=b"".join(
            b'--limit\r\ncontent-disposition: form-data; name="%b"%b\r\n\r\n%b\r\n'
            % (name, name and b'; filename="a.txt"' * (number % 2), each.text.encode())
            for number, each in enumerate(secrets.values())
            for name in (b"field-%d" % number,)
        )
        + b"--limit--\r\n",
        headers={"content-type": "multipart/form-data; boundary=limit"},
    )


def a_link(secrets: Secrets) -> Iterator[Ask]:
    links = [f"[it](https://x.example/?q={quote(each.text, '')})" for each in secrets.values()]
    data = [f"data:text/plain,{quote(each.text, '')}" for each in secrets.values()]
    yield Ask(chat("links", *map(user, [*links, *data])))


def a_code_fence(secrets: Secrets) -> Iterator[Ask]:
    fences = [f"```sh\nexport A='{each.text}'\n```\n" for each in secrets.values()]
    yield Ask(chat("fences", *map(user, fences)), said=Json(completion({"content": fences[0]})))


def an_error(secrets: Secrets) -> Iterator[Ask]:
    for number, text in some(secrets):
        said = Json({"error": {"message": text, "type": "invalid"}}, 400)
        yield Ask(chat(f"error {number}"), said=said)


def a_passing_error(secrets: Secrets) -> Iterator[Ask]:
    said = Json({"error": {"message": lines(secrets)}}, 500)
    yield Ask(chat("passing error", user(lines(secrets))), said=said)


def a_text_of_another_endpoint(secrets: Secrets) -> Iterator[Ask]:
    said = Bytes(lines(secrets).encode())
    yield Ask(path="/v1/texts", content=lines(secrets).encode(), said=said)
    yield Ask(path="/v1/bytes", content=b"x", said=Bytes(lines(secrets).encode(), "x/y"))


def a_comment_in_a_stream(secrets: Secrets) -> Iterator[Ask]:
    for number, text in some(secrets):
        word = text.replace("\n", " ")
        whole = stream({"content": "Fine."})
        said = Stream([f": {word}\n\n".encode(), *whole.events])
        yield Ask(chat(f"comment {number}", stream=True), said=said)


type Place = Callable[[Secrets], Iterator[Ask]]

PLACES: list[Place] = [
    a_user_message,
    one_long_text,
    a_system_message,
    an_answer,
    a_stream,
    the_arguments_of_a_streamed_call,
    the_arguments_of_calls,
    the_results_of_calls,
    the_description_of_a_tool,
    a_json_key,
    a_json_value,
    the_words_of_other_apis,
    a_request_header,
    an_answers_header,
    a_query,
    a_path,
    the_name_of_the_file,
    a_form,
    a_link,
    a_code_fence,
    an_error,
    a_passing_error,
    a_text_of_another_endpoint,
    a_comment_in_a_stream,
]
each_place = pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)


def content_of(ask: Ask) -> bytes:
    return json.dumps(ask.body).encode() if ask.content is None else ask.content


def target_of(ask: Ask) -> str:
    return ask.path + (f"?{ask.query}" if ask.query else "")


def client_of(rechat: Rechat) -> httpx.Client:
    return httpx.Client(base_url=rechat.root, timeout=30)


def send(client: httpx.Client, ask: Ask) -> httpx.Response:
    content = content_of(ask)
    headers = {"content-type": "application/json"} if ask.content is None else {}
    return client.post(target_of(ask), content=content, headers=headers | ask.headers)


def page_of(client: httpx.Client) -> str:
    """All that the page gets to see."""
    headers = {"x-rechat-token": TOKEN}
    rows = client.get("/_rechat/exchanges", headers=headers)
    export = client.get("/_rechat/export", headers=headers)
    assert rows.status_code == export.status_code == 200
    return rows.text + export.text


def all_of(folder: Path) -> str:
    """The names and contents of all files, decoded as far as that goes."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return "\n".join(f"{path}\n{path.read_bytes().decode('utf-8', 'replace')}" for path in paths)


def spellings(secret: str) -> set[str]:
    once = json.dumps(secret)[1:-1]
    return {secret, quote(secret, ""), quote_plus(secret), once, json.dumps(once)[1:-1]}


@dataclass(frozen=True, slots=True)
class Session:
    """What became of the requests of each place, and all that is kept or shown afterwards, with the
    beginnings of secrets that are in it.
    """

    verdicts: dict[str, set[str]]
    told: str
    begun: frozenset[str]

    def leaks(self, secrets: Secrets) -> list[str]:
        """The kinds of which a secret is there."""
        return [
            kind
            for kind, each in secrets.items()
            for spelled in spellings(each.secret)
            if spelled[:BEGINNING] in self.begun and spelled in self.told
        ]


def session(verdicts: dict[str, set[str]], told: str, first: int) -> Session:
    """A session with the secrets of the seeds from the first on. Their beginnings are looked for
    all at once: thousands of searches in some megabytes would take minutes.
    """
    seeds = range(first, first + len(PLACES))
    secrets = [each.secret for seed in seeds for each in planted(seed).values()]
    wanted = {spelled[:BEGINNING] for secret in secrets for spelled in spellings(secret)}
    begun = {
        told[at : at + length]
        for length in {len(beginning) for beginning in wanted}
        for at in range(len(told))
        if told[at : at + length] in wanted
    }
    return Session(verdicts, told, frozenset(begun))


def record(folder: Path, upstream: Upstream) -> Session:
    """Ask everything with some secrets. What is said live is not touched."""
    asks = [
        (place.__name__, ask)
        for number, place in enumerate(PLACES)
        for ask in place(planted(number))
    ]
    answers = {(target_of(ask), content_of(ask)): ask.said or FINE for _, ask in asks}
    # What is sent on is what was asked, or there is no answer to it.
    upstream.reply(lambda received: answers[received.path, received.body])
    options = ("record", upstream.url, "--to", folder, "-v")
    verdicts: dict[str, set[str]] = {}
    with (
        Rechat(*options, folder=folder.parent, RECHAT_TOKEN=TOKEN) as rechat,
        client_of(rechat) as client,
    ):
        for name, ask in asks:
            reply = send(client, ask)
            assert reply.content == said_by(ask.said or FINE)
            verdicts.setdefault(name, set()).add(reply.headers["x-rechat"])
        told = page_of(client)
    return session(verdicts, all_of(folder) + told + rechat.output, 0)


def replay(folder: Path) -> Session:
    """Ask everything again, with other secrets."""
    verdicts: dict[str, set[str]] = {}
    with (
        Rechat("replay", folder, "-v", folder=folder.parent, RECHAT_TOKEN=TOKEN) as rechat,
        client_of(rechat) as client,
    ):
        for number, place in enumerate(PLACES):
            replies = [send(client, ask) for ask in place(planted(OTHERS + number))]
            verdicts[place.__name__] = {reply.headers["x-rechat"] for reply in replies}
        told = page_of(client)
    return session(verdicts, told + rechat.output, OTHERS)


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Session, Session]:
    """All places at once: starting a process takes longer than what it is asked."""
    folder = tmp_path_factory.mktemp("secrets") / "transcripts"
    folder.mkdir()
    with Upstream() as upstream:
        recorded = record(folder, upstream)
    return recorded, replay(folder)


@pytest.mark.timeout(900)
@each_place
def test_no_secret_is_kept_or_shown(place: Place, sessions: tuple[Session, Session]) -> None:
    number = PLACES.index(place)
    recorded, replayed = sessions
    assert recorded.leaks(planted(number)) == []
    assert replayed.leaks(planted(OTHERS + number)) == []


@pytest.mark.timeout(900)
@each_place
def test_a_recording_answers_requests_with_other_secrets(
    place: Place, sessions: tuple[Session, Session]
) -> None:
    recorded, replayed = (session.verdicts[place.__name__] for session in sessions)
    if place is a_passing_error:
        assert replayed == {"miss"}
    else:
        assert replayed == {"hit"}
        assert recorded <= {"recorded", "hit"}  # of two kinds with one placeholder, the second hits


def said_by(said: Behaviour) -> bytes:
    match said:
        case Json(body):
            return pretty(body)
        case Bytes(body):
            return body
        case Stream(events):
            return b"".join(events)
    raise ValueError(f"{said} is not whole")
