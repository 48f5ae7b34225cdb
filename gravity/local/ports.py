"""Ports on the loopback address: free ones, and who holds a busy one."""

import errno
import os
import secrets
import socket
from contextlib import ExitStack
from pathlib import Path

from gravity.local.errors import Fault

LOOPBACK = "127.0.0.1"
LISTENING = "0A"
FIRST_PORT = 15_000


def free_ports(count: int) -> list[int]:
    """Return `count` different ports that nobody listens on.

    They are below those that the kernel gives to connections: one of these could take a port between its choice and its
    use, as happens where several systems start beside each other.
    """
    below = _first_of_connections()
    with ExitStack() as open_sockets:
        # All are held open together, so that none is chosen twice.
        ports: list[int] = []
        while len(ports) < count:
            each = open_sockets.enter_context(socket.socket())
            wanted = FIRST_PORT + secrets.randbelow(below - FIRST_PORT) if below > FIRST_PORT + 1_000 else 0
            try:
                each.bind((LOOPBACK, wanted))
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
                continue
            ports.append(each.getsockname()[1])
        return ports


def _first_of_connections() -> int:
    try:
        return int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    except (OSError, ValueError):
        return 0


def require_free(port: int, purpose: str, variable: str) -> None:
    """Refuse a port that somebody listens on, naming the port and, where it can be seen, the process."""
    with socket.socket() as probe:
        # A finished server's connections in TIME_WAIT are no reason to refuse.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except PermissionError:
            raise Fault(f"Port {port} ({purpose}) needs root; choose one above 1023 with {variable}=…") from None
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            pid = holder(port)
            by = f" by process {pid} ({program(pid)})" if pid else ""
            raise Fault(
                f"Port {port} ({purpose}) is in use{by}; stop it or choose another port with {variable}=…"
            ) from None


def holder(port: int) -> int | None:
    """Return the process that listens on a port, as far as /proc shows it to this user."""
    inodes = {f"socket:[{inode}]" for table in ("tcp", "tcp6") for inode in _listening_inodes(table, port)}
    if not inodes:
        return None
    for folder in Path("/proc").glob("[0-9]*/fd"):
        try:
            with os.scandir(folder) as entries:
                if any(os.readlink(entry.path) in inodes for entry in entries):
                    return int(folder.parent.name)
        except OSError:
            continue  # it ended meanwhile, or belongs to somebody else
    return None


def program(pid: int) -> str:
    """Return the short name of a process."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return "unknown"


def _listening_inodes(table: str, port: int) -> list[str]:
    try:
        rows = Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    except OSError:
        return []
    fields = [row.split() for row in rows]
    return [row[9] for row in fields if row[3] == LISTENING and int(row[1].rpartition(":")[2], 16) == port]
