"""What the fake provider answers to every endpoint but the conversations, in the shapes of OpenAI's."""

import base64
import json
import re
import struct
from typing import Any

from upstream import Bytes
from upstream import Json
from upstream import Received

PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"
    b"\x90wS\xde\x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef"
    b"\x00\x00\x00\x00IEND\xaeB`\x82" + b"\x00" * 400
)
SPEECH = b"ID3\x04\x00\x00\x00\x00\x00\x00\xff\xfb\x90\xc4" + bytes(range(256))
TRANSCRIPT_EVENTS = (
    b'data: {"type":"transcript.text.delta","delta":"One, two"}\n\n'
    b'data: {"type":"transcript.text.done","text":"One, two"}\n\n'
)

_FILE = {
    "id": "file-1",
    "object": "file",
    "bytes": 4,
    "created_at": 1,
    "filename": "a.jsonl",
    "purpose": "batch",
    "status": "processed",
}
_BATCH = {
    "id": "batch_1",
    "object": "batch",
    "endpoint": "/v1/embeddings",
    "completion_window": "24h",
    "created_at": 1,
    "input_file_id": "file-1",
}
_MODEL = {"id": "gpt-5", "object": "model", "created": 1, "owned_by": "openai"}
_MODERATION = {
    "id": "modr-1",
    "model": "omni-moderation-latest",
    "results": [{"flagged": False, "categories": {}, "category_scores": {"hate": 1.5e-7}}],
}


class Provider:
    """The endpoints of one provider; a batch is in progress when it is first looked at."""

    def __init__(self) -> None:
        self._batches = iter(["in_progress", "in_progress"])

    def __call__(self, received: Received) -> Json | Bytes:
        """The answer to a request."""
        endpoint = f"{received.method} {received.path.partition('?')[0].removeprefix('/v1')}"
        match endpoint:
            case "POST /embeddings":
                return Json(_embeddings(received.json))
            case "POST /moderations":
                return Json(_MODERATION)
            case "POST /images/generations" | "POST /images/edits" | "POST /images/variations":
                return Json({"created": 1, "data": [{"b64_json": _base64(PICTURE)}]})
            case "POST /audio/speech":
                return Bytes(SPEECH, "audio/mpeg")
            case "POST /audio/transcriptions" if b'name="stream"' in received.body:
                return Bytes(TRANSCRIPT_EVENTS, "text/event-stream")
            case "POST /audio/transcriptions" if b"vtt" in received.body:
                return Bytes(b"WEBVTT\n\n00:00.000 --> 00:01.000\nOne, two\n", "text/vtt")
            case "POST /audio/transcriptions" | "POST /audio/translations":
                return Json({"text": "One, two"})
            case "POST /files" | "GET /files/file-1":
                return Json(_FILE)
            case "GET /files":
                return Json({"object": "list", "data": [_FILE], "has_more": False})
            case "GET /files/file-1/content":
                return Bytes(b'{"a":1}\n{"a":2}\n', "application/octet-stream")
            case "DELETE /files/file-1":
                return Json({"id": "file-1", "object": "file", "deleted": True})
            case "POST /batches":
                return Json(_BATCH | {"status": "validating"})
            case "POST /batches/batch_1/cancel":
                return Json(_BATCH | {"status": "cancelling"})
            case "GET /batches/batch_1":
                return Json(_BATCH | {"status": next(self._batches, "completed")})
            case "GET /models":
                return Json({"object": "list", "data": [_MODEL]})
            case "GET /models/gpt-5":
                return Json(_MODEL)
        if re.fullmatch(r"GET /vector_stores(/\w+)?", endpoint):
            return Json({"object": "list", "data": [], "has_more": False})
        return Json({"error": {"message": f"no {endpoint}", "type": "invalid_request_error"}}, 404)


def _embeddings(asked: Any) -> object:
    inputs = asked["input"] if isinstance(asked["input"], list) else [asked["input"]]
    vectors = [[0.25 * (number + 1), -0.5] for number in range(len(inputs))]
    is_base64 = asked.get("encoding_format") == "base64"
    packed = [_base64(struct.pack("<2f", *vector)) for vector in vectors]
    return {
        "object": "list",
        "data": [
            {"object": "embedding", "index": index, "embedding": vector}
            for index, vector in enumerate(packed if is_base64 else vectors)
        ],
        "model": asked["model"],
        "usage": {"prompt_tokens": 2, "total_tokens": 2},
    }


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def dumped(value: Any) -> object:
    """What an SDK gave, as something to compare."""
    match value:
        case bytes() | str() | list():
            return value
    return json.loads(value.model_dump_json())
