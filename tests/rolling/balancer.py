"""What stands between clients and pods in a cluster: a Service, which knows which pods are ready and copies bytes.

A new connection goes to one of the endpoints of that moment, in turn; one that is open stays where it is, whatever
becomes of the endpoint, as kube-proxy has it.
"""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator

PIECE = 1 << 16
LOOPBACK = "127.0.0.1"


class Balancer:
    """A port of its own in front of the ports of the endpoints, served by a thread of its own."""

    def __init__(self) -> None:
        self._endpoints: tuple[int, ...] = ()
        self._turn = 0
        self._listening = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._copies: set[asyncio.Task[None]] = set()
        self.port = 0
        # Connections that no endpoint took: a client would have been refused.
        self.refused = 0

    @contextlib.contextmanager
    def serving(self) -> Iterator["Balancer"]:
        """Listen in the block."""
        thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),), name="balancer")
        thread.start()
        self._listening.wait()
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(self._over.set)
            thread.join()
            self._loop.close()

    @property
    def address(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def add(self, port: int) -> None:
        """Send new connections to this port, too."""
        self._endpoints = (*self._endpoints, port)

    def remove(self, port: int) -> None:
        """Send no new connections to this port."""
        self._endpoints = tuple(one for one in self._endpoints if one != port)

    async def _serve(self) -> None:
        self._over = asyncio.Event()
        server = await asyncio.start_server(self._accept, LOOPBACK, 0, backlog=1024)
        self.port = server.sockets[0].getsockname()[1]
        self._listening.set()
        await self._over.wait()
        server.close()
        open_still = list(self._copies)
        for task in open_still:
            task.cancel()
        await asyncio.gather(*open_still, return_exceptions=True)
        await asyncio.sleep(0)  # transports close in the loop's next round

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._copies.add(task)
        self._turn += 1
        ends = [writer.transport]
        try:
            port = self._endpoints[self._turn % len(self._endpoints)]
            onward, back = await asyncio.open_connection(LOOPBACK, port)
            ends.append(back.transport)
            await asyncio.gather(_copy(reader, back), _copy(onward, writer))
        except (ZeroDivisionError, ConnectionRefusedError):
            self.refused += 1
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._copies.discard(task)
            for end in ends:
                end.abort()


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Pass on what comes, and then its end; a reset is the caller's to pass on."""
    target.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while piece := await source.read(PIECE):
        target.write(piece)
        await target.drain()
    target.write_eof()
    await target.drain()
