"""The program's own settings, on throwaway data and broker ports that are decided before they are read."""

import os
import socket
import tempfile
from pathlib import Path

EMBEDDED = "EMBEDDED_SERVERS_FOR_TESTS"


def for_worker(url: str, worker: str) -> str:
    """Return a given Redis' address with a database number for one of pytest-xdist's processes; 0 is nobody's."""
    return f"{url.rpartition('/')[0]}/{int(worker.removeprefix('gw')) + 1}"


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


# A run on given services names them, and each of its processes has a database of its own in them; else every test
# process has Valkey servers of its own.
if "BROKER_URL" not in os.environ or EMBEDDED in os.environ:
    os.environ[EMBEDDED] = "1"
    os.environ["BROKER_URL"] = f"redis://127.0.0.1:{_free_port()}/0"
    os.environ["CACHE_URL"] = f"redis://127.0.0.1:{_free_port()}/0"
elif "PYTEST_XDIST_WORKER" in os.environ:
    for name in ("BROKER_URL", "CACHE_URL"):
        os.environ[name] = for_worker(os.environ[name], os.environ["PYTEST_XDIST_WORKER"])

# Gone when the process ends.
_folder = tempfile.TemporaryDirectory(prefix="gravity-tests-", ignore_cleanup_errors=True)
os.environ["DATA_DIR"] = _folder.name
(Path(os.environ["DATA_DIR"]) / "static").mkdir()  # WhiteNoise warns of a missing one
os.environ["HEARTBEAT_DIR"] = str(Path(os.environ["DATA_DIR"]) / "heartbeats")
os.environ.setdefault("LOG_LEVEL", "WARNING")
# A transaction of a test may wait for a loaded machine; what tests these limits sets its own.
os.environ.setdefault("DATABASE_STATEMENT_SECONDS", "60")
os.environ["API_KEY_CACHE_SECONDS"] = "0"  # a test sees what it has just changed
os.environ["ADMISSION_SECONDS"] = "0"
os.environ["LOGIN_FAILURES"] = "0"  # tests come from one address, and many of them with wrong credentials

from gravity.settings import *  # noqa: E402, F403
from gravity.settings import DATA_DIR, DATABASES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Threads and processes of a test share the database, so it is a file.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
