"""What `local` needs is checked before it is said to be up."""

from pathlib import Path

import pytest

from rechat.proxy.interception.local_mode import Machine
from rechat.proxy.interception.local_mode import is_local
from rechat.proxy.interception.local_mode import widened


def machine(root: Path, *, sudo: bool = True, release: str = "6.8.0-31-generic") -> Machine:
    return Machine(root, lambda _: "/usr/bin/sudo" if sudo else None, release)


@pytest.fixture
def fitting(tmp_path: Path) -> Path:
    """A root on which `local` would work."""
    (tmp_path / "sys/fs/cgroup").mkdir(parents=True)
    (tmp_path / "sys/fs/cgroup/cgroup.controllers").touch()
    (tmp_path / "dev/net").mkdir(parents=True)
    (tmp_path / "dev/net/tun").touch()
    return tmp_path


def test_a_machine_that_has_all_lacks_nothing(fitting: Path) -> None:
    assert machine(fitting).missing("linux") == ""
    assert machine(fitting, release="7.0.1").missing("linux") == ""


def test_an_old_kernel_is_told(fitting: Path) -> None:
    assert "6.5.0-1 is too old" in machine(fitting, release="6.5.0-1").missing("linux")


def test_hybrid_control_groups_are_told_from_old_ones(fitting: Path) -> None:
    (fitting / "sys/fs/cgroup/cgroup.controllers").unlink()
    assert "not cgroup v2" in machine(fitting).missing("linux")
    unified = fitting / "sys/fs/cgroup/unified"
    unified.mkdir()
    (unified / "cgroup.controllers").touch()
    missing = machine(fitting).missing("linux")
    assert "hybrid" in missing
    assert "systemd.unified_cgroup_hierarchy=1" in missing


def test_a_missing_device_is_told(fitting: Path) -> None:
    (fitting / "dev/net/tun").unlink()
    assert "/dev/net/tun" in machine(fitting).missing("linux")


def test_missing_sudo_is_told(fitting: Path) -> None:
    assert "sudo is missing" in machine(fitting, sudo=False).missing("linux")


def test_other_systems_are_not_looked_at(tmp_path: Path) -> None:
    assert machine(tmp_path, sudo=False).missing("darwin") == ""


def test_python_has_many_names_on_linux() -> None:
    names = widened("local:python,curl", "linux").removeprefix("local:").split(",")
    assert {"python", "python3", "python3.12", "python3.13", "curl"} <= set(names)
    assert widened("local:!python3", "linux") == "local:!python3"
    assert widened("local:python", "darwin") == "local:python"
    assert widened("local", "linux") == "local"


@pytest.mark.parametrize(
    ("spec", "is_one"), [("local", True), ("local:a", True), ("locale", False)]
)
def test_local_is_told_by_its_name(*, spec: str, is_one: bool) -> None:
    assert is_local(spec) is is_one
