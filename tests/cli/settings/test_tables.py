"""The settings that are tables."""

from pathlib import Path

import pytest

from rechat.cli.settings import redact_own
from rechat.values import redact_also
from rechat.values import redact_text
from rechat.values.errors import UsageError


def test_own_patterns_are_redacted(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.rechat.redact]\nticket = 'ACME-\\d+'\n")
    (tmp_path / "rechat.toml").write_text("[redact]\nperson = 'P\\d{6}'\n")
    try:
        redact_own(tmp_path)
        assert redact_text("ACME-12 of P123456, please") == (
            "[redacted ticket] of [redacted person], please"
        )
    finally:
        redact_also({})


@pytest.mark.parametrize(
    "text", ["redact = 'a'", "[redact]\na = 1", "[redact]\na = '('", "[redact]\na = 'x*'"]
)
def test_what_is_no_pattern_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "rechat.toml").write_text(text)
    try:
        with pytest.raises(UsageError, match="redact"):
            redact_own(tmp_path)
    finally:
        redact_also({})
