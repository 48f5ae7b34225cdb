"""Run a command on real services: a throwaway PostgreSQL and two Redis servers, stopped when it ends.

    python -m gravity.local.services -- pytest

The command finds them in DATABASE_URL, BROKER_URL and CACHE_URL; its exit code is passed on.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import psycopg
import redis

from gravity.local.errors import Fault, Stopped
from gravity.local.ports import LOOPBACK, free_ports
from gravity.local.process_spec import ProcessSpec
from gravity.local.supervisor import Supervisor

USER = DATABASE = "gravity"
# The data lives for one run; waiting for the disk would only make the tests slower.
THROWAWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
READY_SECONDS = 30


def postgres_binary(name: str) -> str:
    """Return a PostgreSQL program, the newest where Debian installs several versions."""
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    newest_first = sorted(folders, key=lambda path: float(path.parent.name), reverse=True)
    found = next((str(path / name) for path in newest_first if (path / name).exists()), None) or shutil.which(name)
    if not found:
        raise Fault(f"{name} was not found: apt install postgresql")
    return found


def redis_binary() -> str:
    """Return the Redis server's program."""
    found = shutil.which("redis-server")
    if not found:
        raise Fault("redis-server was not found: apt install redis-server")
    return found


def unprivileged() -> str | None:
    """Return the user that PostgreSQL runs as: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def postgres(folder: Path, port: int) -> ProcessSpec:
    """Make a new database cluster in a folder and return the server for it."""
    user, data = unprivileged(), folder / "postgres"
    server = postgres_binary("postgres")
    data.mkdir()
    if user:
        folder.chmod(0o711)  # so that the other user reaches its own folder below
        shutil.chown(data, user)
    cluster = ("-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    command = (postgres_binary("initdb"), *cluster)
    made = subprocess.run(command, user=user, cwd=data, capture_output=True, text=True, check=False)
    if made.returncode:
        raise Fault(f"initdb failed: {made.stderr.strip()}")
    options = [word for setting in THROWAWAY for word in ("-c", setting)]
    place = ("-D", str(data), "-h", LOOPBACK, "-p", str(port), "-k", str(data))
    return ProcessSpec("postgres", (server, *place, *options), store=True, user=user)


def redis_server(name: str, folder: Path, port: int, policy: str) -> ProcessSpec:
    """Return a Redis server with a policy, without anything on disk."""
    place = ("--bind", LOOPBACK, "--port", str(port), "--dir", str(folder), "--save", "", "--appendonly", "no")
    return ProcessSpec(name, (redis_binary(), *place, "--maxmemory-policy", policy), store=True)


def postgres_answers(port: int) -> bool:
    """Create the database as soon as the server answers."""
    try:
        with psycopg.connect(f"postgresql://{USER}@{LOOPBACK}:{port}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")
    except psycopg.OperationalError:
        return False
    return True


def redis_answers(url: str) -> bool:
    """Tell whether a Redis server answers."""
    try:
        with redis.Redis.from_url(url) as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False


def run(command: Sequence[str]) -> int:
    """Start the services, run the command on them and return its exit code."""
    with tempfile.TemporaryDirectory(prefix="gravity-services-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        database, broker, cache = free_ports(3)
        urls = {
            "DATABASE_URL": f"postgresql://{USER}@{LOOPBACK}:{database}/{DATABASE}",
            "BROKER_URL": f"redis://{LOOPBACK}:{broker}/0",
            "CACHE_URL": f"redis://{LOOPBACK}:{cache}/0",
        }
        parts = [
            redis_server("broker", folder, broker, "noeviction"),
            redis_server("cache", folder, cache, "allkeys-lru"),
            postgres(folder, database),
        ]
        with Supervisor(folder / "logs") as supervisor:
            for part in parts:
                supervisor.start(part)
            supervisor.wait(lambda: postgres_answers(database), READY_SECONDS, "PostgreSQL did not answer")
            stores = (urls["BROKER_URL"], urls["CACHE_URL"])
            supervisor.wait(lambda: all(map(redis_answers, stores)), READY_SECONDS, "Redis did not answer")
            return _follow(supervisor, command, urls)


def _follow(supervisor: Supervisor, command: Sequence[str], urls: Mapping[str, str]) -> int:
    # On the terminal and in its own group, so that Ctrl-C reaches it as it would without the services.
    with subprocess.Popen(command, env={**os.environ, **urls}) as process:
        try:
            while process.poll() is None:
                supervisor.pause()
            return process.returncode
        except (Fault, Stopped):
            process.terminate()
            raise


def main() -> int:
    """Run what stands behind the two dashes."""
    command = sys.argv[2:] if sys.argv[1:2] == ["--"] else sys.argv[1:]
    if not command:
        print("usage: python -m gravity.local.services -- command …", file=sys.stderr)
        return 2
    try:
        return run(command)
    except Fault as fault:
        print(f"services: {fault}", file=sys.stderr)
        return 1
    except (Stopped, KeyboardInterrupt):
        return 130


if __name__ == "__main__":
    sys.exit(main())
