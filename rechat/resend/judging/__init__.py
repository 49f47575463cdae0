"""How an answer is judged: against the recorded one, and against what a person expects."""
