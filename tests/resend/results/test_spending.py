from dataclasses import replace

import pytest
from asking import questions
from asking import result
from asking import said

from rechat.resend.results.result import Result
from rechat.resend.results.spending import Budget
from rechat.resend.results.spending import cost_of_result
from rechat.resend.results.spending import cost_of_results
from rechat.values.errors import UsageError

FIRST, _ = questions()
PRICES = {"small": (2.0, 10.0)}


def costly(model: str = "small") -> Result:
    """An answer of half a million input and a hundred thousand output tokens."""
    usage = {"prompt_tokens": 500_000, "completion_tokens": 100_000}
    answer = replace(said("Paris."), fields={"usage": usage})
    return result(FIRST, answer=answer, model=model)


def test_an_answer_costs_what_its_tokens_do() -> None:
    assert cost_of_result(costly(), PRICES) == 2.0
    assert cost_of_result(costly("large"), PRICES) is None
    assert cost_of_result(result(FIRST, model="small"), PRICES) is None


def test_costs_that_are_known_are_added_up() -> None:
    assert cost_of_results([costly(), costly(), costly("large")], PRICES) == 4.0
    assert cost_of_results([costly("large")], PRICES) is None


def test_a_budget_ends_when_it_is_spent() -> None:
    budget = Budget(3.0, PRICES)
    budget.add("small", (500_000, 100_000))
    assert not budget.is_spent
    budget.add("small", (500_000, 100_000))
    budget.add("small", None)
    assert (budget.is_spent, budget.spent) == (True, 4.0)
    endless = Budget(None, PRICES)
    endless.add("small", (500_000, 100_000))
    assert not endless.is_spent


def test_a_budget_needs_the_price_of_each_model() -> None:
    with pytest.raises(UsageError, match=r'--budget: .*\[tool.rechat.prices\] "large" = '):
        Budget(3.0, PRICES).check(["small", "large"])
    Budget(3.0, PRICES).check(["small"])
    Budget(None, {}).check(["large"])
