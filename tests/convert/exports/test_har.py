"""HAR comes back by import."""

import json
from datetime import UTC
from datetime import datetime

from exported import ANSWER
from exported import record

from rechat.convert import HttpExchange
from rechat.convert import Source
from rechat.convert import read
from rechat.convert.exports import har
from rechat.dialects import dialect_of
from rechat.values import ErrorAnswer


def test_an_exchange_comes_back_equal() -> None:
    [found] = read([Source("f", har.write([record(temperature=0.5)]).encode())])
    assert isinstance(found, HttpExchange)
    dialect = dialect_of(found.request.method, found.request.path)
    assert dialect
    assert dialect.read_request(found.request) == record(temperature=0.5).request
    assert dialect.read_answer(found.response).answer == ANSWER


def test_an_error_keeps_its_status() -> None:
    error = ErrorAnswer(404, {"error": {"message": "no"}})
    [entry] = json.loads(har.write([record(answer=error)]))["log"]["entries"]
    assert entry["response"]["status"] == 404


def test_the_time_is_the_one_that_the_api_tells() -> None:
    assert har.created(ANSWER) == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert har.created(ErrorAnswer(404)) == datetime(1970, 1, 1, tzinfo=UTC)
