"""What serving shows and takes as settings."""

from pathlib import Path

from process import Rechat
from process import run
from upstream import Upstream


def test_a_port_in_use_is_one_line_and_exit_code_2(upstream: Upstream, folder: Path) -> None:
    port = upstream.url.removesuffix("/v1").rpartition(":")[2]
    result = run("replay", folder, "--port", port, folder=folder.parent)
    assert result.returncode == 2
    assert result.stderr.splitlines() == [
        f"rechat: port {port} is in use: stop what listens there, "
        "or take another with --port (0 for any)"
    ]


def test_recording_makes_no_folder_while_its_port_is_in_use(
    upstream: Upstream, tmp_path: Path
) -> None:
    port = upstream.url.removesuffix("/v1").rpartition(":")[2]
    result = run("record", upstream.url, "--to", "new", "--port", port, folder=tmp_path)
    assert result.stderr.startswith(f"rechat: port {port} is in use: ")
    assert not [*tmp_path.iterdir()]


def test_settings_come_from_pyproject(mine: Path) -> None:
    (mine.parent.parent / "pyproject.toml").write_text("[tool.rechat]\nquiet = true\n")
    with Rechat("replay", mine, folder=mine.parent.parent) as rechat:
        rechat.client().chat.completions.create(
            model="gpt-5", messages=[{"role": "user", "content": "Hello"}]
        )
        assert len(rechat.lines) == 1


def test_quiet_prints_the_address_and_nothing_else(mine: Path) -> None:
    with Rechat("replay", mine, "-q", folder=mine.parent) as rechat:
        rechat.client().chat.completions.create(
            model="gpt-5", messages=[{"role": "user", "content": "Hello"}]
        )
    assert len(rechat.lines) == 1
    assert rechat.lines[0].startswith("http://localhost:")


def test_the_console_shows_a_line_and_the_conversation_of_each_request(mine: Path) -> None:
    with Rechat("replay", mine, "-v", folder=mine.parent, NO_COLOR="1") as rechat:
        rechat.client().chat.completions.create(
            model="gpt-5", messages=[{"role": "user", "content": "Hello"}]
        )
    [line] = [line for line in rechat.lines if line.startswith("✓ hit")]
    assert "gpt-5  Hello" in line
    assert "mine.md:7 (listed)" in line
    assert "Hi!" in rechat.output
