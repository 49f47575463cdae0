import json
import random
from dataclasses import dataclass
from dataclasses import replace
from itertools import accumulate
from itertools import pairwise
from statistics import mean
from statistics import quantiles

import pytest
from asking import questions
from asking import result
from asking import said

from rechat.resend.asking.question import Asked
from rechat.resend.client.connection import Exchanged
from rechat.resend.client.connection import Outgoing
from rechat.resend.load.statistics import Spread
from rechat.resend.load.statistics import gaps
from rechat.resend.load.statistics import measure
from rechat.resend.load.statistics import percentile
from rechat.resend.load.statistics import spread
from rechat.resend.load.statistics import tpot
from rechat.resend.load.statistics import wilson
from rechat.resend.results.result import Result
from rechat.resend.sending.keeping import Done
from rechat.resend.sending.keeping import Job
from rechat.values.conversation import ErrorAnswer

QUESTION = questions()[0]


def test_percentiles_lie_between_their_neighbours() -> None:
    values = [1.0, 2.0, 3.0, 4.0]
    assert [percentile(values, at) for at in (0, 50, 90, 100)] == [1, 2.5, pytest.approx(3.7), 4]


def test_a_percentile_of_few_values_is_marked() -> None:
    few, many = spread(range(40)), spread(range(600))
    assert few
    assert many
    assert [few.is_sure(at) for at in (50, 90, 99)] == [True, False, False]
    assert all(many.is_sure(at) for at in (50, 90, 95, 99))
    assert spread([]) is None


def test_the_percentiles_are_those_of_their_names() -> None:
    found = spread(range(1001))
    assert found
    assert found.percentiles == {50: 500, 90: 900, 95: 950, 99: 990}
    assert (found.count, found.mean, found.least, found.most) == (1001, 500, 0, 1000)


@pytest.mark.parametrize(("percent", "enough"), [(50, 6), (90, 50), (95, 100), (99, 500)])
def test_five_values_beyond_make_a_percentile_sure_and_six_in_all_the_median(
    percent: int, enough: int
) -> None:
    few, many = spread(range(enough - 1)), spread(range(enough))
    assert few
    assert many
    assert (few.is_sure(percent), many.is_sure(percent)) == (False, True)


def test_the_share_of_a_few_is_not_sure() -> None:
    low, high = wilson(9, 10)
    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_token_takes_what_is_between_the_first_piece_and_the_last() -> None:
    assert tpot(result(QUESTION, ms=30.0)) == 5.0  # 10 ms for two tokens
    assert gaps(result(QUESTION)) == [2.0, 8.0]
    assert tpot(result(QUESTION, times=(10.0, 16.0))) == 6.0
    assert tpot(result(QUESTION, times=(10.0,))) is None


def test_tokens_are_counted_as_the_api_counts_them() -> None:
    usage = {"usage": {"prompt_tokens": 7, "completion_tokens": 5}}
    counted = replace(said("Paris."), fields=usage)
    found = measure([result(QUESTION, answer=counted), result(QUESTION)])
    assert (found.asked_tokens, found.said_tokens, found.counted) == (7, 5 + 3, 1)
    assert tpot(result(QUESTION, answer=counted)) == 2.5
    assert tpot(result(QUESTION, answer=counted, times=(10.0,))) is None


def test_errors_are_counted_and_not_measured() -> None:
    failed = result(QUESTION, answer=ErrorAnswer(500), ms=9000.0, tries=3)
    found = measure([result(QUESTION), failed])
    assert (found.answered, found.errors, found.retries) == (1, 1, 2)
    assert found.spreads["e2e"].most == 20.0


def test_a_run_lasts_from_what_was_sent_first_to_what_ended_last() -> None:
    found = measure(
        [
            result(QUESTION, sent=5.0, ms=2000.0, tries=2),
            result(QUESTION, sent=4.0, ms=500.0),
            result(QUESTION, sent=6.5, ms=100.0, due=6.0, words=11.0),
        ]
    )
    assert (found.answered, found.errors, found.retries) == (3, 0, 1)
    assert (found.seconds, found.rate) == (3.0, 1.0)
    assert (found.said_tokens, found.asked_tokens, found.counted) == (9, 0, 0)
    assert (found.spreads["lag"].count, found.spreads["lag"].mean) == (1, 500.0)
    assert found.spreads["TTFT words"].most == 11.0
    assert "TTFT words" not in measure([result(QUESTION)]).spreads


def test_where_nothing_was_asked_nothing_is_measured() -> None:
    found = measure([])
    assert (found.spreads, found.seconds, found.rate) == ({}, 0.0, 0.0)


def test_an_answer_without_pieces_has_no_first_one() -> None:
    found = measure([result(QUESTION, times=(), words=None)])
    assert {*found.spreads} == {"e2e"}
    assert found.said_tokens == 0


def test_a_late_start_counts_from_when_it_was_due() -> None:
    found = measure([result(QUESTION, due=1.0, sent=1.25)])
    assert found.spreads["e2e due"].mean == 270.0


@dataclass(frozen=True)
class Raw:
    """A stream as it came: when each event did, in seconds after the request, and what it was."""

    events: tuple[tuple[float, object], ...]
    ended: float
    tokens: int


def raw(seed: int) -> Raw:
    """A stream of Chat Completions as servers send it: the role with the first token, then a token
    an event, the end with the last one, and the usage and `[DONE]` a little later.
    """
    source = random.Random(seed)
    tokens = source.randrange(20, 90)
    first = source.uniform(0.1, 0.5)
    times = [*accumulate((source.uniform(0.005, 0.05) for _ in range(tokens - 1)), initial=first)]

    def event(delta: object, finish: str | None = None) -> object:
        return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}

    usage = {"prompt_tokens": 7, "completion_tokens": tokens, "total_tokens": 7 + tokens}
    events = [
        *(
            (at, event({"content": "so "} | ({"role": "assistant"} if at == first else {})))
            for at in times
        ),
        (times[-1], event({}, "stop")),
        (times[-1] + 0.002, {"choices": [], "usage": usage}),
    ]
    return Raw(tuple(events), times[-1] + 0.003, tokens)


def ours(stream: Raw) -> Result:
    """What we make of it."""
    pieces = [(at * 1000, f"data: {json.dumps(event)}\n\n".encode()) for at, event in stream.events]
    pieces.append((stream.ended * 1000, b"data: [DONE]\n\n"))
    headers = (("content-type", "text/event-stream"),)
    found = Exchanged(5.0, 5.0 + stream.ended, 200, headers, tuple(pieces))
    job = Job(Asked(QUESTION, QUESTION.request), 1, Outgoing("http", "a", 80, b""))
    return Done(job, found, 0.0, None, 1, 0.0).raw.read()


def vllm(streams: list[Raw]) -> dict[str, list[float]]:
    """TTFT, ITL, TPOT and E2EL in ms as `vllm bench serve` has them: `ttft`, `itl` and `latency` in
    `async_request_openai_chat_completions` (vllm/benchmarks/lib/endpoint_request_func.py, 2026-11),
    TPOT in `calculate_metrics` (vllm/benchmarks/serve.py). All events with choices count.
    """
    found: dict[str, list[float]] = {"TTFT": [], "gap": [], "TPOT": [], "e2e": []}
    for stream in streams:
        times = [at for at, event in stream.events if event["choices"]]  # type: ignore[index]
        latency = times[-1]
        found["TTFT"].append(times[0] * 1000)
        found["gap"] += [(after - before) * 1000 for before, after in pairwise(times)]
        found["TPOT"].append((latency - times[0]) / (stream.tokens - 1) * 1000)
        found["e2e"].append(latency * 1000)
    return found


def guidellm(streams: list[Raw]) -> dict[str, list[float]]:
    """The same as guidellm has them: `time_to_first_token_ms`, `inter_token_latency_ms` (it is our
    TPOT; its own `time_per_output_token_ms` has the first token in it) and `request_latency`
    (src/guidellm/schemas/base/request_stats.py, 2026-11). Events with a token count.
    """
    found: dict[str, list[float]] = {"TTFT": [], "TPOT": [], "e2e": []}
    for stream in streams:
        times = [at for at, event in stream.events if "content" in json.dumps(event)]
        found["TTFT"].append(times[0] * 1000)
        found["TPOT"].append((times[-1] - times[0]) / (stream.tokens - 1) * 1000)
        found["e2e"].append(stream.ended * 1000)
    return found


@pytest.mark.parametrize("theirs", [vllm, guidellm])
def test_the_measures_are_those_of_other_tools(theirs: object) -> None:
    streams = [raw(seed) for seed in range(200)]
    spreads = measure([ours(stream) for stream in streams]).spreads
    assert callable(theirs)
    for name, values in theirs(streams).items():
        found: Spread = spreads[name]
        cuts = quantiles(values, n=100, method="inclusive")
        assert found.mean == pytest.approx(mean(values), rel=0.05), name
        for percent, value in found.percentiles.items():
            assert value == pytest.approx(cuts[percent - 1], rel=0.05), (name, percent)
