"""Network drives, as Linux lists them."""

from pathlib import Path

import pytest

from rechat.store.watching import mounts

LINES = """\
22 27 0:21 / / rw,relatime - ext4 /dev/sda1 rw
30 22 0:40 / {folder}/far rw,relatime shared:1 - nfs4 server:/export rw
31 22 0:41 / {folder}/with\\040space rw - fuse.sshfs me@there: rw
32 30 0:42 / {folder}/far/near rw - tmpfs tmpfs rw
"""


@pytest.fixture(autouse=True)
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = tmp_path / "mountinfo"
    found.write_text(LINES.format(folder=tmp_path))
    monkeypatch.setattr(mounts, "_MOUNTS", found)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("here", None),
        ("far", "nfs4"),
        ("far/deep/er", "nfs4"),
        ("with space/a.md", "fuse.sshfs"),
        ("far/near/deep", None),
    ],
)
def test_a_folder_on_a_network_drive(tmp_path: Path, name: str, kind: str | None) -> None:
    path = tmp_path / name
    assert mounts.remote([tmp_path, path]) == ((path, kind) if kind else None)


def test_a_link_to_a_network_drive(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "link").symlink_to("far")
    assert mounts.remote([tmp_path / "link"]) == (tmp_path / "link", "nfs4")


def test_where_mounts_are_not_listed_none_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mounts, "_MOUNTS", tmp_path / "nowhere")
    assert mounts.remote([tmp_path / "far"]) is None
