"""The environment variables that tell the clients of the APIs which server to use."""

from collections.abc import Mapping

# The address with /v1 and without, as each client expects it (docs of the clients, November 2026).
WITH_VERSION = ("OPENAI_BASE_URL", "OPENAI_API_BASE")
WITHOUT_VERSION = ("ANTHROPIC_BASE_URL", "GOOGLE_GEMINI_BASE_URL", "OLLAMA_HOST")
KEYS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY")
DUMMY_KEY = "rechat-replay-needs-no-key"
# Turn off telemetry, which would bypass the proxy or fail offline.
QUIETER = {
    "OPENAI_AGENTS_DISABLE_TRACING": "1",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
}


def client_environment(
    url: str, token: str, present: Mapping[str, str], *, needs_key: bool
) -> dict[str, str]:
    """The variables to set, in addition to those present, so that a program's clients use the
    server at `url`. Dummy keys are set only if the program has none and needs none.
    """
    defaults = dict(QUIETER) if needs_key else QUIETER | dict.fromkeys(KEYS, DUMMY_KEY)
    return {
        **dict.fromkeys(WITH_VERSION, f"{url}/v1"),
        **dict.fromkeys(WITHOUT_VERSION, url),
        "RECHAT_URL": url,
        "RECHAT_TOKEN": token,
        **{name: value for name, value in defaults.items() if name not in present},
    }
