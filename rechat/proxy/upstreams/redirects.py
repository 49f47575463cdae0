"""Where a redirect of an upstream leads, seen from a client of the proxy."""

import re
from urllib.parse import urljoin
from urllib.parse import urlsplit

from rechat.proxy.upstreams.upstream import Upstream
from rechat.values import leads_up

# Neither a path from the root nor a URL: it counts from the path that the client asked for.
_NAME = re.compile(r"(?![A-Za-z][A-Za-z0-9+.-]*:)[^/]|\Z")


# So many paths outside of those of the upstreams are remembered.
_MOST = 10_000


class Redirects:
    """Where upstreams send clients on to. A client stays at the proxy on its way to the upstream
    itself; a path there that the upstream would get as another one is remembered, and asked for as
    it is.
    """

    def __init__(self) -> None:
        self._outside: dict[tuple[Upstream, str], None] = {}

    def path_there(self, upstream: Upstream, path: str) -> str:
        """Under which path the upstream gets a request for this one."""
        return path if (upstream, path) in self._outside else upstream.rewrite(path)

    def at_the_proxy(self, location: str, upstream: Upstream, path: str) -> str:
        """The location for a client that asked for what the upstream has under `path`: one at the
        upstream itself is a path. Another scheme or port of its host cannot be said that way.
        """
        is_outside = (upstream, path.partition("?")[0]) in self._outside
        # What leads up would lead a client out of what its own paths begin with.
        is_below = _NAME.match(location) and not leads_up(location)
        if is_below and not is_outside:
            return location
        try:
            target = urlsplit(urljoin(f"{upstream.origin}{path}", location))
            is_there = upstream.is_at(target.scheme, target.hostname or "", target.port)
        except ValueError:  # such as `http://[::1`
            return location
        if not is_there:
            return location
        query = f"?{target.query}" if target.query else ""
        fragment = f"#{target.fragment}" if target.fragment else ""
        here = target.path or "/"
        if here + query == path:
            return target.geturl()
        if self.path_there(upstream, here) != here:
            self._remember(upstream, here)
        return here + query + fragment

    def _remember(self, upstream: Upstream, path: str) -> None:
        if len(self._outside) >= _MOST:
            self._outside.pop(next(iter(self._outside)))
        self._outside[upstream, path] = None
