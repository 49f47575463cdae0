from rechat.explain.difference import Difference
from rechat.explain.miss_text import nearest_differs
from rechat.explain.miss_text import refusal_of
from rechat.explain.miss_text import still_empty
from rechat.values import RAW
from rechat.values import Request


def test_a_refusal_names_the_model_if_there_is_one() -> None:
    assert (
        refusal_of(Request({"model": "m"}, ()), "why")
        == "rechat: no transcript answers this request of m: why"
    )
    assert refusal_of(Request({}, ()), "why") == "rechat: no transcript answers this request: why"


def test_a_refusal_of_any_other_endpoint_names_method_and_path() -> None:
    request = Request({"method": "GET", "path": "/v1/files"}, (), api=RAW)
    assert refusal_of(request, "why") == "rechat: no transcript answers GET /v1/files: why"


def test_the_nearest_transcript_is_named_with_the_first_three_differences() -> None:
    differences = [Difference(text) for text in ("one", "two", "three", "four")]
    assert nearest_differs("a.md:3", differences) == "nearest a.md:3: one; two; three"


def test_an_answer_that_is_not_written_yet_is_named_by_its_place() -> None:
    assert still_empty("a.md:5") == "the answer in a.md:5 is still empty"
