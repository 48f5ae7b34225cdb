"""What each process is told: an environment made of a data folder, ports and what the person has set."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from environs import Env

from gravity.local.errors import FULL_DISK, Fault
from gravity.local.ports import LOOPBACK, free_ports
from gravity.local.supervisor import ROOT

FLOWER_USER = "admin"
DATABASE_FILE = "gravity.sqlite3"
# A person may put these services elsewhere (PostgreSQL, Redis); then no embedded one is started.
REPLACEABLE = ("DATABASE_URL", "BROKER_URL", "CACHE_URL")
# What the shell may hold for another system and must not reach a throwaway one.
OWN = (*REPLACEABLE, "DATA_DIR", "PRODUCTION", "DEBUG", "ALLOWED_HOSTS", "STATIC_ROOT", "HEARTBEAT_DIR")


@dataclass(frozen=True)
class Ports:
    """The ports of one local system; the stores and the metrics take any that are free."""

    api: int
    flower: int
    broker: int
    cache: int
    worker_metrics: int

    @classmethod
    def free(cls, api: int | None = None, flower: int | None = None) -> "Ports":
        """Return free ports, two of which may be given."""
        some = free_ports(5)
        return cls(api or some[0], flower or some[1], *some[2:])


@dataclass(frozen=True)
class LocalSystem:
    """Where one local system lives."""

    data: Path
    ports: Ports
    chosen: Mapping[str, str]  # the person's own DATABASE_URL, BROKER_URL, CACHE_URL

    @property
    def api(self) -> str:
        """Return the address of the API."""
        return f"http://{LOOPBACK}:{self.ports.api}"

    @property
    def flower(self) -> str:
        """Return the address of Flower."""
        return f"http://{LOOPBACK}:{self.ports.flower}/flower/"

    @property
    def password_file(self) -> Path:
        """Return the file that keeps the password with which the administrator was made."""
        return self.data / "admin_password"

    @property
    def flower_account(self) -> str:
        """Return Flower's user and password, as user:password; the password is kept in a file of its own."""
        return f"{FLOWER_USER}:{secret(self.data / 'flower_password')}"

    @property
    def key_file(self) -> Path:
        """Return the file that keeps the API key of the demo client."""
        return self.data / "api_key"


def chosen_by_person() -> dict[str, str]:
    """Return the services a person has put elsewhere, in the environment or in .env."""
    env = Env()
    env.read_env(str(ROOT / ".env"), recurse=False)
    return {name: value for name in REPLACEABLE if (value := env.str(name, ""))}


def prepare_folders(system: LocalSystem) -> None:
    """Create the data folder, for this user alone: it holds keys."""
    try:
        system.data.mkdir(parents=True, exist_ok=True)
        system.data.chmod(0o700)
    except OSError as error:
        if error.errno in FULL_DISK:
            raise
        why = error.strerror or error
        raise Fault(f"{system.data} cannot be made: {why}; choose another folder with DATA_DIR=…") from None
    for name in ("logs", "broker", "cache", "heartbeats", "static"):
        (system.data / name).mkdir(exist_ok=True)


def environment(system: LocalSystem) -> dict[str, str]:
    """Return the environment that all processes of the system share."""
    inherited = {name: value for name, value in os.environ.items() if name not in OWN}
    return {
        **inherited,
        "DJANGO_SETTINGS_MODULE": "gravity.settings",
        "PYTHONUNBUFFERED": "1",
        "PRODUCTION": "false",
        "DATA_DIR": str(system.data),
        "HEARTBEAT_DIR": str(system.data / "heartbeats"),
        "STATIC_ROOT": str(system.data / "static"),
        "SECRET_KEY": secret(system.data / "secret_key"),
        "JWT_SECRET": secret(system.data / "jwt_secret"),
        "FLOWER_URL": system.flower,
        "DATABASE_URL": f"sqlite:///{quote(str(system.data / DATABASE_FILE))}",
        "BROKER_URL": f"redis://{LOOPBACK}:{system.ports.broker}/0",
        "CACHE_URL": f"redis://{LOOPBACK}:{system.ports.cache}/0",
        **system.chosen,
    }


def secret(path: Path) -> str:
    """Return the secret kept in a file, made at the first call and readable by its owner alone."""
    if not path.exists():
        keep_secret(path, secrets.token_urlsafe(48))
    return path.read_text().strip()


def keep_secret(path: Path, text: str) -> None:
    """Write a file that only its owner may read, never readable by others in between."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text + "\n")
