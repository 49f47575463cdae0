"""Every format writes a record, and nothing for none but its frame."""

import pytest
from exported import record

from rechat.convert import FORMS


@pytest.mark.parametrize("name", FORMS)
def test_every_format_says_the_question_or_its_answer(name: str) -> None:
    text = FORMS[name].write([record()])
    assert "Paris" in text if name == "batch-output" else "capital of France" in text
    assert "Paris" not in FORMS[name].write([])
