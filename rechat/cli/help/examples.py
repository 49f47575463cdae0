"""The most common command lines: the examples at the end of the help of each command."""

EXAMPLES: dict[str, tuple[str, ...]] = {
    "record": (
        "rechat record",
        "rechat record https://api.anthropic.com --to transcripts/claude",
        "rechat record https://openrouter.ai/api/v1 http://localhost:11434/v1:llama3",
        "rechat record --on-miss rerecord --takes 3",
    ),
    "replay": (
        "rechat replay",
        "rechat replay transcripts/weather.md --diff",
        "rechat replay transcripts --on-miss hold",
        "rechat replay transcripts --pace 50:0.4",
    ),
    "run": (
        "rechat run -- pytest",
        "rechat run --to tests/transcripts --strict --unused fail -- npm test",
        "rechat run record transcripts -- python my_agent.py",
    ),
    "show": (
        "rechat show transcripts/weather.md",
        "rechat show 'transcripts/weather.md#In Lisbon' --json",
    ),
    "find": (
        "rechat find 'What is the capital of France?'",
        'rechat find \'{"model": "gpt-5", "messages": [{"role": "user", "content": "Hi"}]}\'',
        "rechat find request.json transcripts --explain",
        "pbpaste | rechat find -",
    ),
    "accept": (
        "rechat accept 3",
        "rechat accept request.json --into transcripts/weather.md:12",
    ),
    "diff": (
        "rechat diff old.md new.md",
        "rechat diff 'chat.md#First try' 'chat.md#Second try'",
    ),
    "resend": (
        "rechat resend --to https://api.openai.com/v1:gpt-5-mini",
        "rechat resend transcripts --to http://localhost:8000/v1:qwen3 --at 8 --takes 3",
        "rechat resend transcripts --to http://localhost:8000/v1 --check --fail-on call,error",
        "rechat resend --resume last",
    ),
    "compare": (
        "rechat compare monday last",
        "rechat compare monday last --check --fail-on call,error",
    ),
    "lint": (
        "rechat lint",
        "rechat lint transcripts --strict",
        "rechat lint --format github",
    ),
    "fmt": (
        "rechat fmt",
        "rechat fmt --check",
        "rechat fmt - < draft.md",
    ),
    "import": (
        "rechat import tests/cassettes --to tests/transcripts",
        "rechat import tests --tests",
        "rechat import ~/.claude/projects/my-project",
        "rechat import batch_input.jsonl batch_output.jsonl",
    ),
    "export": (
        "rechat export otel transcripts -o spans.json",
        "rechat export curl 'transcripts/weather.md#In Lisbon'",
        "rechat export batch > batch_input.jsonl",
    ),
    "stats": ("rechat stats", "rechat stats tests/transcripts --json"),
    "lsp": ("rechat lsp",),
    "mcp": ("rechat mcp", "rechat mcp tests/transcripts --port 8911"),
    "prune": ("rechat prune", "rechat prune transcripts --yes"),
    "merge": ("rechat merge base.md ours.md theirs.md",),
    "config": (
        "rechat config",
        "rechat config replay --json",
    ),
    "ca": ("rechat ca",),
    "init": ("rechat init", "rechat init tests/transcripts --github"),
}
"""By the name of a command."""
