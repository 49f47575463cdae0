"""Misses in the words of the conversation."""

from rechat.testing.wording import told


def test_a_miss_without_a_nearest_transcript_says_why() -> None:
    miss = {
        "model": "",
        "target": "POST /v1/x",
        "words": "",
        "differences": [],
        "reason": "there is no transcript for this API yet",
    }
    assert told([miss] * 7).splitlines() == [
        *["POST /v1/x  ", "  there is no transcript for this API yet"] * 5,
        "… and 2 more",
    ]
