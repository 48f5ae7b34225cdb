"""The hostile clients, in a process of their own: reads what to do from standard input, writes what was answered."""

import asyncio
import base64
import itertools
import json
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.siege.attacks import DRIP, HALF, Attack

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_SECONDS = 60


@dataclass
class Clients:
    """As many clients as told, until the time is over or `left` requests have been sent."""

    port: int
    requests: list[bytes]
    mode: str
    sources: int
    until: float
    left: float
    seen: Counter[str] = field(default_factory=Counter)

    async def run(self, count: int) -> None:
        """Run them all."""
        await asyncio.gather(*(self._client(n) for n in range(count)))

    async def _client(self, number: int) -> None:
        turn = itertools.cycle(self.requests[number % len(self.requests) :] + self.requests)
        while time.monotonic() < self.until and self.left > 0:
            try:
                await self._connection(turn, f"127.0.{number % self.sources // 250}.{number % self.sources % 250 + 2}")
            except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
                self.seen["broken"] += 1
                await asyncio.sleep(0.05)

    async def _connection(self, turn: "itertools.cycle[bytes]", source: str) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(source, 0), limit=1 << 20)
        try:
            while time.monotonic() < self.until and self.left > 0:
                self.left -= 1
                writer.write(next(turn))
                dripping = asyncio.create_task(_drip(writer)) if self.mode == DRIP else None
                left = self.until - time.monotonic() if self.mode in (DRIP, HALF) else PATIENCE_SECONDS
                try:
                    status, stays = await asyncio.wait_for(_answer(reader), max(left, 0.1))
                except TimeoutError:
                    self.seen["unanswered"] += 1
                    return
                finally:
                    if dripping is not None:
                        dripping.cancel()
                self.seen[status] += 1
                if self.mode in (DRIP, HALF):
                    await asyncio.sleep(0.2)
                    return
                if not stays:
                    return
        finally:
            writer.transport.abort()


async def _drip(writer: asyncio.StreamWriter) -> None:
    while True:
        await asyncio.sleep(1)
        writer.write(b" ")


async def _answer(reader: asyncio.StreamReader) -> tuple[str, bool]:
    """Read one answer; tell its status and whether its connection can be used again."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status = head.split(" ", 2)[1]
    length = head.partition("content-length:")[2].partition("\r\n")[0].strip()
    if not length.isdecimal():
        return status, False
    await reader.readexactly(int(length))
    return status, "connection: close" not in head


class Hostile:
    """The process, seen from outside."""

    def __init__(self, port: int, attack: Attack, clients: int, seconds: float, count: float = 1e18) -> None:
        told = {
            "port": port,
            "requests": [base64.b64encode(one).decode() for one in attack.requests],
            "mode": attack.mode,
            "sources": attack.sources,
            "clients": clients,
            "seconds": seconds,
            "count": count,
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.siege.hostile"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
        )
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(told).encode())
        self._process.stdin.close()

    @property
    def busy(self) -> bool:
        """Return whether it is at it still."""
        return self._process.poll() is None

    def seen(self) -> Counter[str]:
        """Wait for its end and return how many answers of each status it got."""
        assert self._process.stdout is not None
        with self._process.stdout as said:
            found = json.loads(said.read())
        self._process.wait()
        return Counter(found)


def main() -> None:
    """Do what standard input says."""
    told = json.loads(sys.stdin.read())
    requests = [base64.b64decode(one) for one in told["requests"]]
    until = time.monotonic() + told["seconds"]
    clients = Clients(told["port"], requests, told["mode"], told["sources"], until, told["count"])
    asyncio.run(clients.run(told["clients"]))
    print(json.dumps(clients.seen))


if __name__ == "__main__":
    main()
