"""The certificate that intercepted programs have to trust."""

from pathlib import Path

import pytest

from rechat.proxy.interception.authority import certificate
from rechat.values.errors import UsageError


def test_it_is_made_once_and_stays(tmp_path: Path) -> None:
    settings = (f"confdir={tmp_path / 'other'}", f"confdir={tmp_path / 'ca'}")
    file = certificate(settings)
    assert file.parent == tmp_path / "ca"
    text = file.read_text("utf-8")
    assert "BEGIN CERTIFICATE" in text
    assert certificate(settings).read_text("utf-8") == text


def test_where_it_cannot_be_made_the_reason_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="no certificate in"):
        certificate([f"confdir={tmp_path / 'file'}"])
