"""What a test reads of its exchanges."""

from rechat.testing.recorded import Exchange


def test_an_exchange_has_the_text_of_its_answer() -> None:
    blocks = [{"kind": "reasoning", "text": "Hm"}, {"kind": "text", "text": "Hi", "html": "Hi"}]
    details = {
        "verdict": "hit",
        "api": "openai.chat",
        "model": "m",
        "words": "Hello",
        "answer": [{"role": "assistant", "blocks": blocks}],
        "settings": {"model": "m"},
    }
    found = Exchange.of(details | {"place": "a.md:7"})
    assert (found.question, found.answer, found.place, found.reason) == (
        "Hello",
        "Hi",
        "a.md:7",
        "",
    )
