"""Errors of our own are in the words of each API, and say whether to ask again."""

import json

import pytest

from rechat.answering.errors import bad_request_response
from rechat.answering.errors import failure_response
from rechat.answering.errors import refusal_response
from rechat.answering.errors import upstream_failure_response
from rechat.values import HttpResponse
from rechat.values import header


def test_a_refusal_is_the_status_at_which_clients_give_up() -> None:
    response = refusal_response("rechat: no")
    assert (response.status, dict(response.headers)["x-should-retry"]) == (400, "false")
    assert json.loads(response.body) == {
        "type": "error",
        "error": {
            "type": "rechat_no_match",
            "code": "rechat_no_match",
            "param": None,
            "message": "rechat: no",
        },
    }
    google = json.loads(refusal_response("rechat: no", "google.gemini").body)["error"]
    assert (google["code"], google["status"]) == (400, "FAILED_PRECONDITION")
    assert json.loads(refusal_response("rechat: no", "ollama.chat").body) == {"error": "rechat: no"}


@pytest.mark.parametrize(
    ("response", "status", "may_help"),
    [
        (failure_response("rechat: no"), 500, False),
        (bad_request_response("rechat: no", 413), 413, False),
        (upstream_failure_response("rechat: no"), 502, True),
        (upstream_failure_response("rechat: no", is_lasting=True), 502, False),
    ],
    ids=["ours", "theirs", "the upstream's", "a lasting one"],
)
def test_only_after_a_failure_of_the_upstream_asking_again_may_help(
    *, response: HttpResponse, status: int, may_help: bool
) -> None:
    assert response.status == status
    assert header(response.headers, "x-rechat") == "failed"
    assert header(response.headers, "x-should-retry") == ("" if may_help else "false")
    assert json.loads(response.body)["error"]["message"] == "rechat: no"
