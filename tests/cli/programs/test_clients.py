"""Programs that read no variable, and what is said of those from which nothing came."""

from rechat.cli.programs.clients import told
from rechat.cli.programs.clients import why_nothing_came

URL = "http://localhost:81"


def test_codex_is_told_by_an_option() -> None:
    option = f'openai_base_url="{URL}/v1"'
    assert told(["/usr/bin/codex", "exec", "hi"], URL) == [
        *("/usr/bin/codex", "-c", option, "exec", "hi")
    ]
    assert told(["python", "codex"], URL) == ["python", "codex"]


def test_a_host_that_was_asked_is_named() -> None:
    line = why_nothing_came(["/bin/agent"], ["llm.example", "llm.example"])
    assert "agent" in line
    assert "llm.example, which is not read" in line
    assert "--also" in line


def test_a_program_that_asked_nobody_may_not_read_the_variables() -> None:
    assert "HTTPS_PROXY" in why_nothing_came(["agent"], [])
