"""Where a redirect of an upstream leads, seen from a client of the proxy."""

import re
from urllib.parse import urljoin
from urllib.parse import urlsplit

from rechat.proxy.upstreams.upstream import Upstream

# Neither a path from the root nor a URL: it counts from the path that the client asked for.
_NAME = re.compile(r"(?![A-Za-z][A-Za-z0-9+.-]*:)[^/]|\Z")


def at_the_proxy(location: str, upstream: Upstream, path: str) -> str:
    """The location for a client that asked for what the upstream has under `path`: one at the
    upstream itself is a path, with which the client stays at the proxy.

    A path that the upstream would get as another one cannot be said that way, nor can another
    scheme or port of its host, which would lead to the same redirect again.
    """
    if _NAME.match(location):
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
    if upstream.rewrite(here) != here or here + query == path:
        return target.geturl()
    return here + query + fragment
