"""Live updates of an open page."""

from rechat.web.live.arrivals import Arrivals
from rechat.web.live.repository import Followed
from rechat.web.live.state import state_of

__all__ = ["Arrivals", "Followed", "state_of"]
