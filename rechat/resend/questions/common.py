"""The settings of a request in the terms of Chat Completions, whatever its API."""

from rechat.resend.questions.question import BY_NAME
from rechat.resend.target import Target
from rechat.values import CHAT
from rechat.values import HttpRequest
from rechat.values import JsonObject
from rechat.values import Request


def common_settings(request: Request) -> JsonObject:
    """The settings of a request in the terms of Chat Completions."""
    if request.api == CHAT:
        return request.settings
    dialect = BY_NAME[request.api]
    path = Target("http", "", 80).path_for(request.api, request.model or "model")[0]
    body = dialect.write_request(request)
    return dialect.read_request(HttpRequest("POST", path, body=body)).common or {}


def wanted_schema(request: Request) -> JsonObject | None:
    """The schema of the JSON that a request asks for, empty if any JSON will do; None if it asks
    for text.
    """
    match common_settings(request).get("response_format"):
        case {"type": "json_schema", "json_schema": {"schema": dict(schema)}}:
            return schema
        case {"type": "json_schema" | "json_object"}:
            return {}
    return None
