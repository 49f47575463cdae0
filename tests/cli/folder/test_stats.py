"""What a folder holds, in figures."""

import json
from pathlib import Path

from process import run

MORE = """\
---
model: gpt-5
---

### user

> Hi

### assistant

> Ho

<details>

```yaml
usage: {prompt_tokens: 3, completion_tokens: 2}
created: 1700000000
id: a
```

</details>

### assistant, take 2

### user

> And?

### error 404

> no
"""


def test_answers_tokens_models_and_dates_are_counted(mine: Path) -> None:
    (mine.parent / "more.md").write_text(MORE)
    (mine.parent / "odd.md").write_text("### usr\n")
    told = json.loads(run("stats", "--json", folder=mine.parent.parent).stdout)
    assert (told["files"], told["unreadable"], told["sections"]) == (3, 1, 2)
    assert (told["questions"], told["answers"], told["empty"], told["errors"]) == (3, 3, 1, 1)
    assert (told["input_tokens"], told["output_tokens"]) == (3, 2)
    assert told["models"] == {"gpt-5": 3}
    assert told["newest"] == "2023-11-14"


def test_people_get_a_line_for_each_figure(mine: Path) -> None:
    lines = run("stats", folder=mine.parent.parent).stdout.splitlines()
    assert lines[0].startswith("files         1 (")
    assert lines[-1] == "APIs          openai.chat 1"
