"""The text of a miss: why no transcript answers a request, in one line."""

from collections.abc import Sequence

from rechat.explain.difference import Difference
from rechat.values import RAW
from rechat.values import Request

NO_TRANSCRIPT = "there is no transcript for this API yet"

# At most this many differences fit into one line.
_MOST_DIFFERENCES = 3


def refusal_of(request: Request, reason: str) -> str:
    """The error message for the client: what it asked for, and the reason."""
    model = f" of {request.model}" if request.model else ""
    settings = request.settings
    asked = f"{settings['method']} {settings['path']}" if request.api == RAW else "this request"
    return f"rechat: no transcript answers {asked}{model}: {reason}"


def nearest_differs(place: str, differences: Sequence[Difference]) -> str:
    """The reason if there is a nearest transcript: its place, and what differs."""
    return f"nearest {place}: {told(differences)}"


def told(differences: Sequence[Difference]) -> str:
    """The first differences, in one line."""
    return "; ".join(difference.reason for difference in differences[:_MOST_DIFFERENCES])


def still_empty(place: str) -> str:
    """The reason if the request is in a transcript, but its answer has not been written yet."""
    return f"the answer in {place} is still empty"
