"""The certificates that count."""

import os
import ssl
import sys
from pathlib import Path

import certifi
import pytest

from rechat.proxy.upstreams.trust import bundle
from rechat.proxy.upstreams.trust import certificates
from rechat.values.errors import UsageError


def test_the_added_ones_count_beside_the_public_ones(tmp_path: Path) -> None:
    public = Path(certifi.where())
    first = public.read_text().split("-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----\n"
    mine = tmp_path / "mine.pem"
    mine.write_text(first)
    with bundle(certificates({"--ca": mine})) as path:
        assert Path(path).read_text() == f"{public.read_text()}\n{first}"
        ssl.create_default_context(cafile=path)
    assert not Path(path).exists()
    with bundle(certificates({})) as path:
        assert path == ""


@pytest.mark.parametrize("content", [None, "", "no certificate", "-----BEGIN CERTIFICATE-----\nx"])
def test_a_file_without_any_is_a_usage_error(tmp_path: Path, content: str | None) -> None:
    mine = tmp_path / "mine.pem"
    if content is not None:
        mine.write_text(content)
    with pytest.raises(UsageError, match=r"^--ca .*mine\.pem: "):
        certificates({"--ca": mine})


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes in folders")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "mine.pem")
    with pytest.raises(UsageError, match="it is a pipe or a device"):
        certificates({"--ca": tmp_path / "mine.pem"})
