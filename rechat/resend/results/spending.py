"""The cost of a run, and its budget."""

from collections.abc import Iterable

from rechat.observe import Prices
from rechat.observe import cost_of
from rechat.resend.results.result import Result
from rechat.values import UsageError


def cost_of_result(result: Result, prices: Prices) -> float | None:
    """The cost of an answer in dollars; None if its model has no price, or it has no token
    counts.
    """
    return _cost(result.model, result.tokens, prices)


def _cost(model: str, tokens: tuple[int, int] | None, prices: Prices) -> float | None:
    price = prices.get(model)
    return cost_of(tokens, price) if price and tokens else None


def cost_of_results(results: Iterable[Result], prices: Prices) -> float | None:
    """The dollars of all answers whose cost is known; None if none is."""
    costs = [cost for one in results if (cost := cost_of_result(one, prices)) is not None]
    return sum(costs) if costs else None


class Budget:
    """The dollars that may be spent on a run, and those that were. Without `most` there is no
    limit. An answer is counted when it is complete, so requests in flight may exceed the limit.
    """

    def __init__(self, most: float | None, prices: Prices) -> None:
        self.most = most
        self.spent = 0.0
        self._prices = prices

    @property
    def is_spent(self) -> bool:
        """Whether no more may be asked."""
        return self.most is not None and self.spent >= self.most

    def add(self, model: str, tokens: tuple[int, int] | None) -> None:
        """Count the cost of a model's answer, by its input and output tokens."""
        self.spent += _cost(model, tokens, self._prices) or 0.0

    def check(self, models: Iterable[str]) -> None:
        """Raises `UsageError` if there is a budget, and a model without a price."""
        unpriced = sorted({*models} - self._prices.keys()) if self.most is not None else []
        if unpriced:
            raise UsageError(
                f"--budget: what does {unpriced[0]} cost? Write its dollars for a million tokens "
                f'in and out into the settings: [tool.rechat.prices] "{unpriced[0]}" = [1.25, 10]'
            )
