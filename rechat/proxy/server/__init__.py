"""The server: mitmproxy with our addons, started, watched and stopped."""

from rechat.proxy.server.listen import Listen
from rechat.proxy.server.serve import Pages
from rechat.proxy.server.serve import Reports
from rechat.proxy.server.serve import serve

__all__ = ["Listen", "Pages", "Reports", "serve"]
