"""Conversations as people write them by hand, all of them right: many kinds, each with its number."""

import random

CITIES = ("Lisbon", "Porto", "Rome", "Oslo", "Lima", "Quito", "Accra", "Hanoi", "Malmö", "Łódź")
QUESTIONS = (
    "The capital of {city}?",
    "Translate 'good morning, {city}' to German.",
    "Summarise:\n\n- {city} is large\n- it rains",
    "Fix this:\n\n```python\ndef f(x):\n    return x  # {city}\n```",
    "Is `a < b && c > {number}` valid in C?",
    "Why does {city} have *so many* bridges — and “canals”?",
    "User: please explain `git rebase --onto {city}`...",
)
ANSWERS = (
    "{city} it is.",
    "1. One\n2. Two about {city}",
    '```json\n{{"city": "{city}", "n": {number}}}\n```',
    "Here you go:\n\n| a | b |\n|---|---|\n| {city} | {number} |",
    "**Yes**, because:\n\n---\n\n{city}",
    "# {city}\n\nA heading.",
    "...and then {city}.",
    "He said:\n\n> quoted {city}\n\nand left.",
    "TODO list for {city}:\n\n- [ ] pack",
)
SETTINGS = (
    "model: gpt-4o-mini",
    "model: gpt-5\ntemperature: 0.2",
    "model: claude-sonnet-4-5\nmax_tokens: 1024\nthinking: {type: enabled, budget_tokens: 1024}",
    "temperature: 1\ntop_p: 0.9\nseed: 7",
    "model: gemini-2.5-flash\nrechat: {takes: cycle}",
    "rechat:\n  delay: 0.5\n  pace: 50:0.4",
    "model: gpt-4o\nstop: [END, '###']\nresponse_format: {type: text}",
    "model: llama3.2\noptions: {num_ctx: 4096, temperature: 0}",
    "model: m\nlogprobs: true\ntop_logprobs: 2\nuser: tester\nstream: true",
    "model: o3\nreasoning: {effort: high}\nrechat: {match: listed, ignore: [seed]}",
    "tools:\n- type: function\n  function:\n    name: get_weather\n    parameters: {type: object}\n"
    "tool_choice: auto",
)
ABOVE = (
    "",
    "# Of {city}\n\nWritten for the tests.\n\n- a list\n- of words\n\n",
    "<!-- Keep in step with the fixtures. -->\n\n",
)
BELOW = (
    "",
    "\n#### reasoning\n\n> Thinking about it.\n",
    "\n<details><summary>more</summary>\n\n```yaml\nfinish_reason: stop\n"
    "usage: {{prompt_tokens: 9, completion_tokens: 3, total_tokens: 12}}\n```\n\n</details>\n",
    "\n```yaml\nfinish_reason: length\n```\n",
    "\n<!-- Not what the model says today. -->\n",
    "\n### assistant, take 2\n\n> Another one.\n",
    "\n### user\n\n> And later?\n\n### assistant\n\n> The same.\n",
    "\nexpect: contains a\n",
)
SHAPES = (
    *("{user}{answer}",) * 4,
    "### system\n\n> You are terse.\n\n{user}{answer}",
    "### developer, any\n\n{user}{answer}",
    "{user}#### image, detail low\n\n![a dot](https://example.org/{number}.png)\n\n{answer}",
    "{user}### assistant\n\n#### call get_weather, call_{number}\n\n```json\n"
    '{{"city": "{city}"}}\n```\n\n### tool, call_{number}\n\n> {number} degrees\n\n{answer}',
    "{user}### assistant, given\n\n> 4\n\n### user\n\n> And {number}?\n\n{answer}",
    "{user}### error 429\n\n```yaml\nheaders: {{retry-after: 1}}\n```\n\n> Slow down.\n\n{answer}",
    "{user}### error timeout\n\n### assistant, take 2\n\n> Better late.\n",
    "{user}### assistant, choice 1\n\n> One.\n\n### assistant, choice 2\n\n> Two.\n",
    "### user, like\n\n> Where is {{{{name}}}} in [..] ({number})?\n> ...\n\n"
    "### assistant\n\n> {{{{name}}}} is here.\n",
    "### input\n\n> {city} {number}\n\n### embedding\n\n```json\n[0.1, -0.25, {number}]\n```\n",
)


def written(number: int) -> str:
    """The file of this number: always the same one."""
    chosen = random.Random(number)
    words = {"city": chosen.choice(CITIES), "number": number}
    question = f"{chosen.choice(QUESTIONS)} ({number})".format(**words)
    answer = chosen.choice(ANSWERS).format(**words)
    told = {
        "user": f"### user\n\n{_body(question, chosen)}\n",
        "answer": f"### assistant\n\n{_body(answer, chosen)}{chosen.choice(BELOW).format()}",
    }
    front = f"---\n{chosen.choice(SETTINGS)}\n---\n\n" if number % 3 else ""
    text = front + chosen.choice(ABOVE).format(**words)
    text += SHAPES[number % len(SHAPES)].format(**words, **told)
    return text.replace("\n", "\r\n") if number % 23 == 22 else text


def _body(text: str, chosen: random.Random) -> str:
    if chosen.random() < 0.4 and "```" not in text and not text.startswith("#"):
        return f"<blockquote>\n\n{text}\n\n</blockquote>\n"
    return "".join(f"> {line}\n" if line else ">\n" for line in text.split("\n"))
