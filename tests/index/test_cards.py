"""What a card knows of a file, and that it stays the same when it is kept."""

import json
from array import array

import pytest

from rechat.format import reader
from rechat.index import cards
from rechat.index.cards import Card
from rechat.index.cards import exchanges_in
from rechat.index.cards import followed

TWO = """---
model: gpt-5
rechat: {match: exact}
---

## First

### system

> Be brief.

### user

> Hello
> you

### assistant

> Hi!

### user

> Again

### assistant

## Second

```yaml
model: other
rechat: {match: listed, ignore: [seed], normalise: [dates], api: openai.responses}
```

### user, like

> [..]

### assistant

> Yes.

### assistant, take 2

> No.

```yaml
answer: {id: resp_1}
```
"""


def card(text: str) -> Card:
    sections = reader.parse(text).sections
    return followed(sections, exchanges_in("a.md", sections))[0]


def test_a_card_has_all_that_finds_a_file() -> None:
    found = card(TWO)
    assert [(spot.line, spot.is_pattern, spot.answers) for spot in found.spots] == [
        (17, False, 1),
        (25, False, 0),
        (38, True, 2),
    ]
    assert [len(spot.keys) for spot in found.spots] == [1, 1, 0]
    assert [(section, scheme) for section, scheme, _ in found.ends] == [(0, 0)]
    assert found.names == (("openai.responses", "resp_1", 2),)
    assert found.apis == ("openai.chat", "openai.responses")
    assert found.models == ("gpt-5", "other")
    assert (found.answers, found.has_patterns) == (3, True)
    assert len(found.features) > 8


def test_a_card_that_was_kept_is_the_same() -> None:
    for text in (TWO, "", "### user\n\n> Hi\n\n### assistant\n\n> Ho\n"):
        found = card(text)
        assert cards.read(json.loads(json.dumps(cards.write(found)))) == found


@pytest.mark.parametrize(
    "value", [None, [], {}, ["a"] * 7, [[]] * 7, [[{}], [], [], [], [], [], ""]]
)
def test_what_is_no_card_is_told(value: object) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        cards.read(value)  # type: ignore[arg-type]


def test_features_are_numbers_of_32_bits() -> None:
    assert isinstance(card(TWO).features, array)
    assert card(TWO).features.itemsize == 4
