"""An upstream that speaks HTTP/2 over TLS: a front that asks an `Upstream` for each of its streams.

with Upstream() as upstream, Http2Front(upstream, authority.certify("localhost")) as front:
    ...  # talk to front.url, which does as the upstream is told
"""

import asyncio
import ssl
import threading
from concurrent.futures import Future
from contextlib import aclosing
from contextlib import suppress
from pathlib import Path
from typing import Self

import h2.config
import h2.connection
import h2.events
import httpx
from h2.errors import ErrorCodes
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes
from h2.settings import Settings
from upstream import Upstream

# Fields that HTTP/1.1 and HTTP/2 do not have in common.
_NOT_ALIKE = (":scheme", ":authority", "connection", "transfer-encoding", "host")


class Http2Front:
    """Speaks HTTP/2 for an upstream. What the upstream breaks off is a stream that is reset, and
    what it does not answer is not answered. It takes so many streams of a connection at once; a
    client that opens more loses the connection.
    """

    def __init__(self, upstream: Upstream, tls: tuple[Path, Path], streams: int = 100) -> None:
        self._streams = streams
        self._to = upstream.url.removesuffix("/v1")
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(*tls)
        self._tls.set_alpn_protocols(["h2"])
        self._started: Future[tuple[asyncio.AbstractEventLoop, int]] = Future()
        self._stopping = asyncio.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        port = self._started.result(10)[1]
        self.url = f"https://localhost:{port}/v1"
        return self

    def __exit__(self, *_: object) -> None:
        loop = self._started.result()[0]
        loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(10)

    async def _main(self) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        port = server.sockets[0].getsockname()[1]
        self._started.set_result((asyncio.get_running_loop(), port))
        await self._stopping.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, ProtocolError, asyncio.CancelledError):
            async with httpx.AsyncClient(base_url=self._to, timeout=None) as client:
                await _Streams(client, writer, self._streams).serve(reader)
        writer.transport.abort()


class _Streams:
    """The requests of one connection."""

    def __init__(
        self, client: httpx.AsyncClient, writer: asyncio.StreamWriter, streams: int
    ) -> None:
        self._client = client
        self._writer = writer
        self._bodies: dict[int, bytes] = {}
        self._heads: dict[int, list[tuple[bytes, bytes]]] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        config = h2.config.H2Configuration(client_side=False, header_encoding=None)
        self._http = h2.connection.H2Connection(config)
        told = {SettingCodes.MAX_CONCURRENT_STREAMS: streams}
        self._http.local_settings = Settings(client=False, initial_values=told)

    async def serve(self, reader: asyncio.StreamReader) -> None:
        """Answer until the client leaves."""
        self._http.initiate_connection()
        self._flush()
        try:
            while data := await reader.read(65535):
                for event in self._http.receive_data(data):
                    self._receive(event)
                self._flush()
        finally:
            for task in self._tasks.values():
                task.cancel()

    def _receive(self, event: h2.events.Event) -> None:
        match event:
            case h2.events.RequestReceived(stream_id=number, headers=headers):
                self._heads[number], self._bodies[number] = list(headers), b""
            case h2.events.DataReceived(stream_id=number, data=data):
                self._bodies[number] += data
                self._http.acknowledge_received_data(event.flow_controlled_length, number)
            case h2.events.StreamEnded(stream_id=number):
                self._tasks[number] = asyncio.ensure_future(self._answer(number))
            case h2.events.StreamReset(stream_id=number) if number in self._tasks:
                self._tasks.pop(number).cancel()

    async def _answer(self, number: int) -> None:
        """Hand on what the upstream says, as it comes."""
        named = {name.decode(): value.decode() for name, value in self._heads[number]}
        request = self._client.build_request(
            *(named.pop(":method"), named.pop(":path")),
            headers=[each for each in named.items() if each[0] not in _NOT_ALIKE],
            content=self._bodies[number],
        )
        try:
            told = await self._client.send(request, stream=True)
            async with aclosing(told):
                fields = [each for each in told.headers.multi_items() if each[0] not in _NOT_ALIKE]
                self._http.send_headers(number, [(":status", str(told.status_code)), *fields])
                self._flush()
                async for piece in told.aiter_raw():
                    self._http.send_data(number, piece)
                    self._flush()
            self._http.end_stream(number)
        except httpx.HTTPError:
            self._http.reset_stream(number, ErrorCodes.INTERNAL_ERROR)
        self._tasks.pop(number, None)
        self._flush()

    def _flush(self) -> None:
        self._writer.write(self._http.data_to_send())
