"""The checks of this project, each in an environment of its own.

- `nox`: all that `.ci/run` checks
- `nox -s lint types`: some of it
- `nox -s tests -- -k miss`: some of the tests
- `nox -l`: what there is
"""

from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["tests-3.13", "lint", "types", "docs", "oldest", "package"]

# What a change of a dependency can break: the rooms that use one, and whole runs. All tests would
# take long and find no more.
DEPENDENCIES_TESTED = [
    *("tests/format/test_reader.py", "tests/format/test_writer.py", "tests/format/test_yaml.py"),
    *("tests/store/watching", "tests/store/test_folder.py", "tests/store/test_atomic.py"),
    *("tests/observe/terminal", "tests/proxy/layers"),
    *("tests/e2e/test_replay.py", "tests/e2e/test_commands.py", "tests/e2e/test_server.py"),
    *("tests/e2e/test_hit_layer.py", "tests/e2e/test_hold.py", "tests/e2e/test_terminal.py"),
]
# Tests in tests/e2e and tests/docs run rechat in child processes, which are not measured.
IN_PROCESS = ["--ignore=tests/e2e", "--ignore=tests/docs"]
FROM_THE_WHEEL = """
import rechat
from importlib.resources import files
assert (files(rechat) / "py.typed").is_file()
with rechat.Replay("transcripts") as server: print(server.url)
"""


@nox.session(python=["3.12", "3.13"])
def tests(session: nox.Session) -> None:
    """Run the tests; what follows `--` goes to pytest."""
    session.install("-e", ".[test]")
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and format."""
    session.install("ruff>=0.11")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types of the code and the tests."""
    session.install("-e", ".[test,lint]")
    session.run("mypy")


@nox.session
def docs(session: nox.Session) -> None:
    """Check the transcripts, and run the examples of the documentation."""
    session.install("-e", ".[test]")
    session.run("rechat", "lint", "transcripts", "docs/sample.md")
    session.run("python", "-m", "pytest", "-q", "tests/docs")


@nox.session
def coverage(session: nox.Session) -> None:
    """Measure which lines of rechat the tests reach within their own process."""
    session.install("-e", ".[test,coverage]")
    session.run("python", "-m", "pytest", "-q", "--cov", *IN_PROCESS, *session.posargs)


@nox.session(venv_backend="uv")
def oldest(session: nox.Session) -> None:
    """Test with the oldest dependencies that pyproject.toml allows."""
    session.install("--resolution", "lowest-direct", "-e", ".[test]")
    session.run("python", "-m", "pytest", "-q", *DEPENDENCIES_TESTED)


@nox.session(venv_backend="uv", reuse_venv=False)
def package(session: nox.Session) -> None:
    """Build the wheel, and use it where nothing else is installed."""
    built = session.create_tmp()
    session.run("uv", "build", "--quiet", "--wheel", "--out-dir", built, external=True)
    session.install(*(str(wheel) for wheel in Path(built).glob("*.whl")))
    session.run("rechat", "--help", silent=True)
    transcripts = str(Path(built) / "transcripts")
    session.run("rechat", "init", transcripts, silent=True)
    session.run("rechat", "find", "Hello!", transcripts)
    with session.chdir(built):
        session.run("python", "-c", FROM_THE_WHEEL)
