"""Estimates the tokens of a question before it is asked."""

from rechat.resend.asking.question import Asked
from rechat.resend.questions.question import BY_NAME
from rechat.values import Answer

# A token of English text or JSON has about this many bytes.
_BYTES = 4


def estimated_tokens(asked: Asked) -> tuple[int, int]:
    """Input and output tokens: the recorded counts, or else an estimate by length."""
    for answer in asked.question.recorded:
        if isinstance(answer, Answer) and answer.tokens:
            return answer.tokens
    said = [one for one in asked.question.recorded if isinstance(one, Answer)]
    words = [choice.message.whole_text for one in said[:1] for choice in one.choices]
    body = BY_NAME[asked.request.api].write_request(asked.request)
    return len(body) // _BYTES, len("".join(words).encode("utf-8", "replace")) // _BYTES
