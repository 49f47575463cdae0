"""What an open page costs: all that happens is told to it, live."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import urlopen

from benchmarks.load import PINNED
from benchmarks.servers import Running

READ = """
import sys
from urllib.request import Request, urlopen
news = urlopen(Request(sys.argv[1] + "/_rechat/events?brief=1", headers={"x-rechat-token": sys.argv[2]}))
while news.read1(1 << 16):
    pass
"""


@contextmanager
def watched(start: Callable[[], Any]) -> Iterator[Running]:
    """A rechat of which somebody has the page open."""
    with start() as running:
        with urlopen(running.url) as page:
            token = re.search(r'rechat-token" content="([^"]+)"', page.read().decode())
        assert token
        command = [*PINNED, sys.executable, "-c", READ, running.url, token[1]]
        reader = subprocess.Popen(command)
        try:
            yield running
            assert reader.poll() is None, "the page's stream has ended"
        finally:
            reader.kill()
            reader.wait()
