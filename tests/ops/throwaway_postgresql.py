"""A PostgreSQL of a test's own, with or without TLS, and a way to it on which packets can wait or get lost."""

import contextlib
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from gravity.local.errors import Fault
from gravity.local.ports import LOOPBACK, free_ports
from gravity.local.services import DATABASE, READY_SECONDS, USER, postgres, postgres_answers, unprivileged
from gravity.local.supervisor import Supervisor


@dataclass(frozen=True)
class Throwaway:
    """Where it is, and the certificate that it shows, which nobody but itself has signed."""

    port: int
    certificate: Path | None = None

    def url(self, options: str = "", *, port: int | None = None) -> str:
        """Return its address, or that of a way to it."""
        return f"postgresql://{USER}@{LOOPBACK}:{port or self.port}/{DATABASE}{options and '?' + options}"


@contextlib.contextmanager
def running(*, tls: bool = False) -> Iterator[Throwaway]:
    """Run one; skip where a part is not installed."""
    if tls and not shutil.which("openssl"):
        pytest.skip("openssl was not found")
    with tempfile.TemporaryDirectory(prefix="gravity-postgresql-", ignore_cleanup_errors=True) as name:
        folder, (port,) = Path(name), free_ports(1)
        try:
            part = postgres(folder, port)
        except Fault as absent:
            if "not found" not in str(absent):
                raise
            pytest.skip(str(absent))
        certificate = _shown_certificate(folder / "postgres") if tls else None
        if tls:
            part = replace(part, command=(*part.command, "-c", "ssl=on"))
        with Supervisor(folder / "logs") as supervisor:
            supervisor.start(part)
            supervisor.wait(lambda: postgres_answers(port), READY_SECONDS, "PostgreSQL did not answer")
            yield Throwaway(port, certificate)


def self_signed(folder: Path) -> Path:
    """Make a key and a certificate of this machine, named as PostgreSQL looks for them; return the certificate."""
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=database"]
    command += ["-addext", f"subjectAltName=IP:{LOOPBACK}", "-keyout", "server.key", "-out", "server.crt"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    (folder / "server.key").chmod(0o600)
    return folder / "server.crt"


def _shown_certificate(folder: Path) -> Path:
    """Make what the server shows, as its own user's; return a copy that anybody may read."""
    certificate = self_signed(folder)
    copy = shutil.copy(certificate, folder.parent / "root.crt")
    if user := unprivileged():
        for made in (certificate, certificate.with_suffix(".key")):
            shutil.chown(made, user)
    return Path(copy)


class Way:
    """A way to a server on which everything can wait or get lost: taken, acknowledged, passed on late or never."""

    def __init__(self, port: int) -> None:
        self._to, self._listener = port, socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        self._sockets: list[socket.socket] = [self._listener]
        self._swallowed: set[socket.socket] = set()
        self.swallows_new = False
        self._open = threading.Event()
        self._open.set()
        threading.Thread(target=self._accept, daemon=True).start()

    def lose(self) -> None:
        """Lose what goes over the connections that there are, for ever, and over new ones until `mend`."""
        self._swallowed.update(self._sockets)
        self.swallows_new = True

    def mend(self) -> None:
        """Let new connections through; those that were lost stay lost."""
        self.swallows_new = False

    def stall(self) -> None:
        """Hold everything until `go_on`."""
        self._open.clear()

    def go_on(self) -> None:
        """Pass on what was held, and what comes."""
        self._open.set()

    def close(self) -> None:
        """End all."""
        self._open.set()
        for each in self._sockets:
            each.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    server = socket.create_connection((LOOPBACK, self._to))
                except OSError:  # it is away, as this way's other end then is
                    client.close()
                    continue
                pair = (client, server)
                self._sockets += pair
                if self.swallows_new:
                    self._swallowed.update(pair)
                for source, target in (pair, pair[::-1]):
                    threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                self._open.wait()
                if source not in self._swallowed:
                    target.sendall(data)
        if source not in self._swallowed:
            with contextlib.suppress(OSError):
                target.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def way_to(port: int) -> Iterator[Way]:
    """Open such a way."""
    way = Way(port)
    try:
        yield way
    finally:
        way.close()
