from rechat.observe.prices import cost_of


def test_a_cost_is_that_of_both_kinds_of_tokens() -> None:
    assert cost_of((1_000_000, 0), (2.5, 10.0)) == 2.5
    assert cost_of((0, 500_000), (2.5, 10.0)) == 5.0
    assert cost_of((0, 0), (2.5, 10.0)) == 0.0
