"""What goes on while the page is open."""

from rechat.web.live.arrivals import Arrivals
from rechat.web.live.repository import repository_of
from rechat.web.live.state import state_of

__all__ = ["Arrivals", "repository_of", "state_of"]
