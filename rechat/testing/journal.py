"""The journal of a running rechat, read over its API."""

import json
import re
from http.client import HTTPException
from typing import Any, Self
from urllib.error import HTTPError
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import HTTPDefaultErrorHandler
from urllib.request import HTTPErrorProcessor
from urllib.request import HTTPHandler
from urllib.request import OpenerDirector
from urllib.request import Request

# At most this many misses are described in full.
SHOWN = 5
# A folder of 10,000 transcripts takes some seconds to load.
_PATIENCE = 60
_TOKEN = re.compile(r'name="rechat-token" content="([^"]*)"')
_LET_THROUGH = (
    "Let tests reach this machine, where rechat answers them: "
    "--allow-hosts=127.0.0.1,::1,localhost for pytest-socket, "
    "--allowed-hosts=127.0.0.1,::1,localhost for pytest-recording"
)


class Journal:
    """The journal of a running rechat (`docs/page.md`)."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._token = token
        # The server is on this machine: so there is no proxy, and no TLS, whose certificates take
        # long to load.
        self._opener = OpenerDirector()
        for handler in (HTTPHandler(), HTTPDefaultErrorHandler(), HTTPErrorProcessor()):
            self._opener.add_handler(handler)

    @classmethod
    def at(cls, url: str, token: str = "") -> Self:
        """The journal of a server that somebody else has started. Its page gives the token to
        programs on this machine.
        """
        journal = cls(url, token)
        if not token:
            journal._token = journal._handed_out()  # a server started by this process
        return journal

    def _handed_out(self) -> str:
        try:
            found = _TOKEN.search(self._read("/", None).decode("utf-8", "replace"))
        except HTTPError as error:
            error.close()
            return ""
        except (OSError, HTTPException):
            return ""
        return found[1] if found else ""

    def get(self, path: str) -> Any:
        """The server's reply for a path under `/_rechat/`. Raises `URLError`."""
        return self._ask(path, None)

    def post(self, path: str, body: object) -> Any:
        """The server's reply to a change. Raises `URLError`, or `ValueError` with its reason if it
        refuses.
        """
        try:
            return self._ask(path, json.dumps(body).encode())
        except HTTPError as error:
            with error:
                raise ValueError(json.load(error)["error"]) from None

    def _ask(self, path: str, body: bytes | None) -> Any:
        return json.loads(self._read(f"/_rechat/{path}", body))

    def _read(self, path: str, body: bytes | None) -> bytes:
        headers = {"x-rechat-token": self._token}
        request = Request(f"{self._url}{path}", body, headers)  # noqa: S310
        try:
            response = self._opener.open(request, timeout=_PATIENCE)
            assert response  # there is a handler for http
            with response:
                content: bytes = response.read()
                return content
        except RuntimeError as error:  # a plugin that blocks the network
            raise URLError(f"{str(error).rstrip('.')}. {_LET_THROUGH}") from None

    def is_there(self) -> bool:
        """Whether there is a server that answers."""
        if not self._url.startswith("http://") or not self._token:
            return False
        try:
            return "latest" in self.get("state")
        except HTTPError as error:
            error.close()
            return False
        except (OSError, HTTPException, ValueError):  # nothing, or another kind of server
            return False

    def exchanges(self, query: str, after: int = 0) -> list[Any]:
        """The requests after a number that match a search, a row for each."""
        found: list[Any] = self.get(f"exchanges?q={quote(query)}&after={after}")["exchanges"]
        return found

    def in_full(self, rows: list[Any]) -> list[Any]:
        """The first rows with all their details, then the others as they are."""
        return [self.get(f"exchanges/{row['number']}") for row in rows[:SHOWN]] + rows[SHOWN:]
