"""The page at the proxy's own address, and the API behind it, which tests and scripts use too."""

from rechat.web.api import Api
from rechat.web.api import Live
from rechat.web.api import health
from rechat.web.export import page_of
from rechat.web.guard import TOKEN_HEADER
from rechat.web.guard import Guard
from rechat.web.rows import row

__all__ = ["TOKEN_HEADER", "Api", "Guard", "Live", "health", "page_of", "row"]
